"""How a recipient is covered on a day: in advance by who is due, afterwards by what was concluded."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from backend.domain.attendance.rules.timesheets import SERVED, Standing


class CoverState(StrEnum):
    """How a day stands."""

    DUE = "due"  # somebody is to be there
    SERVED = "served"
    DOUBTFUL = "doubtful"  # nobody was surely there
    PENDING = "pending"  # it has passed, and is not concluded yet
    UNPLANNED = "unplanned"  # nobody is sent on this day
    ALL_AWAY = "all_away"  # all who are sent are on leave, or their dispatch is suspended
    NOBODY_CAME = "nobody_came"
    FREE = "free"
    NOT_LOADED = "not_loaded"  # the calendar of that year


UNCOVERED = frozenset({CoverState.UNPLANNED, CoverState.ALL_AWAY, CoverState.NOBODY_CAME})
COVER_LABELS = {
    CoverState.DUE: "有人在岗",
    CoverState.SERVED: "已在岗",
    CoverState.DOUBTFUL: "存疑",
    CoverState.PENDING: "未结算",
    CoverState.UNPLANNED: "未安排",
    CoverState.ALL_AWAY: "均请假",
    CoverState.NOBODY_CAME: "无人到岗",
    CoverState.FREE: "休息",
    CoverState.NOT_LOADED: "日历未载入",
}


def judge_cover(
    working: bool | None, *, due: bool, available: bool, passed: bool, standings: Collection[Standing]
) -> CoverState:
    """Tell how a day is covered.

    `due`: somebody claims a shift of it; `available`: one of them is not away; `standings`: what was concluded of
    their shifts, of a day that has passed.
    """
    if not working:
        return CoverState.NOT_LOADED if working is None else CoverState.FREE
    if passed and (seen := _as_concluded(standings)) is not None:
        return seen
    if not (due and available):
        return CoverState.ALL_AWAY if due else CoverState.UNPLANNED
    if not passed:
        return CoverState.DUE
    return CoverState.NOBODY_CAME if standings and Standing.OPEN not in standings else CoverState.PENDING


def _as_concluded(standings: Collection[Standing]) -> CoverState | None:
    """Return what a day comes to on which somebody was seen, None where nobody was."""
    if any(standing in SERVED for standing in standings):
        return CoverState.SERVED
    return CoverState.DOUBTFUL if Standing.IN_DOUBT in standings else None
