"""Issuing nonces for online taps, and proving them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from backend.domain.attendance.rules.nonces import NONCE_LIFE, Prove, compose_nonce
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import keyed_hash


@dataclass(frozen=True)
class Nonce:
    """What a phone asks for before it looks where it is, to send beside the tap of this key."""

    nonce: str
    expires_at: datetime


def issue_nonce(actor: Actor, key: str) -> Nonce:
    """Return a nonce for the tap that the actor will send with this idempotency key; nothing is kept."""
    now = clock.now()
    return Nonce(compose_nonce(now, prover(actor.person_id, key)), now + NONCE_LIFE)


def prover(person_id: UUID | None, key: str) -> Prove:
    """Return what binds a person and a key to an instant."""
    return partial(_proof, person_id, key)


def _proof(person_id: UUID | None, key: str, issued_ms: int) -> bytes:
    return keyed_hash("nonce", f"{person_id}:{key}:{issued_ms}")
