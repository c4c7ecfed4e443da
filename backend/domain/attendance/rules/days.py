"""How a day and a shift stand: in somebody's month, and on the board."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum

from backend.domain.attendance.rules.taps import (
    Verdict,
)
from backend.domain.dispatch.rules import Shift


class DayState(StrEnum):
    """How a duty day stands in somebody's month."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    MISSING = "missing"
    OFF = "off"
    FUTURE = "future"


def day_state(day: date, today: date, *, due: tuple[Shift, ...], arrived: frozenset[Shift]) -> DayState:
    """Return how a day stands: `due` are the shifts on which one is expected, `arrived` those with a check-in."""
    if not due:
        return DayState.OFF
    if arrived.issuperset(due):
        return DayState.COMPLETE
    if day > today or (day == today and not arrived):
        return DayState.FUTURE
    return DayState.PARTIAL if arrived else DayState.MISSING


class Presence(StrEnum):
    """How a shift stands on the board of a day; only a person may say absent."""

    INSIDE = "inside"
    UNCERTAIN = "uncertain"
    OUTSIDE = "outside"
    NOT_CHECKED_IN = "not_checked_in"
    ON_LEAVE = "on_leave"
    NIGHT_REST = "night_rest"  # the morning and the afternoon after a night that was worked
    NOT_DUE = "not_due"  # the shift has not begun, or the day is free


PRESENCE_LABELS = {
    Presence.INSIDE: "在点内",
    Presence.UNCERTAIN: "位置不确定",
    Presence.OUTSIDE: "不在点内",
    Presence.NOT_CHECKED_IN: "未签到",
    Presence.ON_LEAVE: "请假",
    Presence.NIGHT_REST: "下夜班",
    Presence.NOT_DUE: "未到时间",
}
SHIFT_STARTS = {Shift.MORNING: time(8, 0), Shift.AFTERNOON: time(14, 0), Shift.NIGHT: time(18, 0)}


def presence(
    verdict: Verdict | None, *, begun: bool, due: bool = True, on_leave: bool = False, rests: bool = False
) -> Presence:
    """Return how a claimed shift stands: by its effective tap, else by what excuses it, else by whether it has begun.

    `due` says that the day is not free: on a free day nothing needs an excuse.
    """
    if verdict is not None:
        return Presence(verdict.value)
    if not due:
        return Presence.NOT_DUE
    if on_leave:
        return Presence.ON_LEAVE
    if rests:
        return Presence.NIGHT_REST
    return Presence.NOT_CHECKED_IN if begun else Presence.NOT_DUE


def last_day_touched(duty_on: date, shift: Shift) -> date:
    """Return the last day whose lines rest on a shift: after a night that was worked one rests (下夜班)."""
    return duty_on + timedelta(days=1 if shift is Shift.NIGHT else 0)
