"""The rotating code (动态码) that a site's tablet shows: eight digits, others every half minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

STEP_SECONDS = 30
DIGITS = 8

Digest = Callable[[UUID, int], bytes]  # a tablet and a step → a keyed hash


def step_at(at: datetime) -> int:
    """Return the number of the half minute in which an instant lies."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(tablet_id: UUID, step: int, digest: Digest) -> str:
    """Return the code that a tablet shows in a step."""
    number = int.from_bytes(digest(tablet_id, step)[:8]) % 10**DIGITS
    return f"{number:0{DIGITS}}"


def tablet_of(code: str, at: datetime, tablets: Iterable[UUID], digest: Digest) -> UUID | None:
    """Return which of these tablets showed a code at an instant, or half a minute before or after; None if none did.

    One step back is for whoever types slowly, one ahead for a tablet whose page came just before the turn.
    """
    now = step_at(at)
    candidates = ((tablet, step) for tablet in tablets for step in (now, now - 1, now + 1))
    return next((tablet for tablet, step in candidates if compare_digest(code_of(tablet, step, digest), code)), None)
