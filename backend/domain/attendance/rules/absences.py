"""Spans of half days on which somebody is not due: leave that was accepted, and suspensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.dispatch.rules import Shift


@dataclass(frozen=True)
class Absence:
    """A span in which somebody is not due; `kind` is None for a suspension."""

    span: LeaveSpan
    kind: LeaveKind | None = None

    def covers(self, day: date, shift: Shift) -> bool:
        """Tell whether a shift lies within."""
        return self.span.covers(day, shift)
