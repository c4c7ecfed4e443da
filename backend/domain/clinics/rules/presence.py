"""Whether an expert can be there: clinics stand on the days on which dispatches claim their halves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from backend.domain.attendance.rules.absences import Absence
from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, Shift

_NOON = time(12, 30)  # from when a period belongs to the afternoon


class ConflictReason(StrEnum):
    """Why an expert cannot be there."""

    LEAVE = "leave"
    SUSPENDED = "suspended"
    ELSEWHERE = "elsewhere"
    NOT_SENT = "not_sent"  # ended, cancelled, or never claimed


@dataclass(frozen=True)
class Conflict:
    """That an expert cannot be at a clinic, and why."""

    reason: ConflictReason
    text: str


@dataclass(frozen=True)
class Claim:
    """What a dispatch claims of one day, and when its person is away nevertheless."""

    recipient_id: UUID
    recipient_name: str
    supporting_id: UUID
    shifts: tuple[Shift, ...]
    absences: Sequence[Absence] = ()


def shifts_needed(starts: Iterable[time]) -> tuple[Shift, ...]:
    """Return the halves of a day that periods starting at these hours need, in their order."""
    needed = {Shift.MORNING if start < _NOON else Shift.AFTERNOON for start in starts}
    return tuple(shift for shift in SHIFTS if shift in needed)


def find_conflict(recipient_id: UUID, day: date, needed: Sequence[Shift], claims: Iterable[Claim]) -> Conflict | None:
    """Return what keeps an expert from a recipient in one of these halves, None when nothing does."""
    of_day = list(claims)
    for shift in needed:
        claim = next((one for one in of_day if shift in one.shifts), None)
        if claim is None:
            return Conflict(ConflictReason.NOT_SENT, f"当天{SHIFT_LABELS[shift]}没有到该单位的派驻安排")
        if claim.recipient_id != recipient_id:
            return Conflict(ConflictReason.ELSEWHERE, f"当天{SHIFT_LABELS[shift]}派驻在{claim.recipient_name}")
        away = next((one for one in claim.absences if one.covers(day, shift)), None)
        if away is not None:
            return _absent(away, shift)
    return None


def _absent(absence: Absence, shift: Shift) -> Conflict:
    if absence.kind is None:
        return Conflict(ConflictReason.SUSPENDED, "派驻在此期间暂停")
    return Conflict(ConflictReason.LEAVE, f"当天{SHIFT_LABELS[shift]}已请假")
