"""Nonces: how the server knows that the fix of an online tap is of now, and of this very tap."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from backend.domain.attendance.rules.taps import Reason

NONCE_LIFE = timedelta(seconds=60)
"""How long a phone has to find its place and to send it: a good fix takes up to half of it."""
_CLOCKS_APART = timedelta(seconds=5)  # of two web servers
_PROOF_BYTES = 16

Prove = Callable[[int], bytes]  # the instant of issue in milliseconds → a keyed hash that binds person and key to it


def compose_nonce(issued_at: datetime, prove: Prove) -> str:
    """Return the nonce of an instant: it, and the proof that the server told it to this person for this key."""
    issued_ms = round(issued_at.timestamp() * 1000)
    return f"{issued_ms}.{_proof(issued_ms, prove)}"


def why_stale(nonce: str | None, now: datetime, prove: Prove) -> Reason | None:
    """Return why the fix beside this nonce cannot be known to be of now; None when it can.

    A key makes one row, and the nonce proves nothing for another key: so it serves once without being kept anywhere.
    """
    if nonce is None:
        return Reason.NONCE_MISSING
    issued, _, proof = nonce.partition(".")
    if not issued.isascii() or not issued.isdigit() or len(issued) > 15:
        return Reason.NONCE_WRONG
    if not compare_digest(proof.encode(), _proof(int(issued), prove).encode()):
        return Reason.NONCE_WRONG
    age = now - datetime.fromtimestamp(int(issued) / 1000, UTC)
    return None if -_CLOCKS_APART <= age <= NONCE_LIFE else Reason.NONCE_EXPIRED


def _proof(issued_ms: int, prove: Prove) -> str:
    return urlsafe_b64encode(prove(issued_ms)[:_PROOF_BYTES]).rstrip(b"=").decode()
