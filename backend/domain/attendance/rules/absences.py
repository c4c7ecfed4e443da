"""Spans of half days on which somebody is not due: leave that was accepted, and suspensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.dispatch.rules import SHIFTS, Shift


@dataclass(frozen=True)
class Absence:
    """From a shift of a day to a shift of a day, both included; `kind` is None for a suspension."""

    starts_on: date
    starts_with: Shift
    ends_on: date
    ends_with: Shift
    kind: LeaveKind | None = None

    def covers(self, day: date, shift: Shift) -> bool:
        """Tell whether a shift lies within."""
        first = (self.starts_on, SHIFTS.index(self.starts_with))
        last = (self.ends_on, SHIFTS.index(self.ends_with))
        return first <= (day, SHIFTS.index(shift)) <= last
