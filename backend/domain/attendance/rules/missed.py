"""Shifts that nobody was seen at: a machine says 未签到, and only a person may say 旷工."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from backend.domain.attendance.rules.timesheets import Standing

MISSED = frozenset({Standing.NOT_CHECKED_IN, Standing.NOT_COUNTED})
"""How a shift must be concluded before somebody may say that it was absence without leave."""


class MissedState(StrEnum):
    """Whether somebody has said so."""

    OPEN = "open"
    ABSENT = "absent"


MISSED_STATE_LABELS = {MissedState.OPEN: "未签到", MissedState.ABSENT: "已认定旷工"}
STANDINGS: Mapping[MissedState, frozenset[Standing]] = {
    MissedState.OPEN: MISSED,
    MissedState.ABSENT: frozenset({Standing.ABSENT}),
}
