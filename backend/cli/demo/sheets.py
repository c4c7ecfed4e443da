"""Timesheets of the demo's last month: countersigned, waiting, given back, and one that waits far too long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from backend.cli.demo.cast import instant
from backend.cli.demo.county import RELIEVED_LATE
from backend.cli.demo.days import Whim
from backend.cli.demo.plot import Plot
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.attendance.service.amendments import Change, request_amendment
from backend.domain.attendance.service.timesheets import (
    countersign_timesheet,
    return_timesheet,
    submit_timesheet,
)
from backend.domain.dispatch.rules import Shift
from backend.foundation.actor import Actor

_A_DAY = timedelta(days=1)
_SIGNED = (7, 13, 14, 20, 9, 15, 16, 22, 17, 23, 18)
_AMENDED = 7
_BY_THE_DELEGATE = 19
_WAITING = (41, 42, 43, 44, 45, 46, 47, 48, 51, 49, 12, 21, 11, 24)
_REMINDED_OF = 8
_GIVEN_BACK = {
    2: "{month}月{day}日下午没有签到记录，请补签或说明后再提交。",
    50: "{month}月{day}日上午没有签到记录，与科室排班不一致，请核对后重新提交。",
}
_MISSED = {2: Shift.AFTERNOON, 50: Shift.MORNING}


def plot_sheets(plot: Plot) -> None:
    """Let last month be handed in by most, early or lately, and what becomes of it then.

    Nobody can in a year whose calendar is not loaded, and for the demo it is not guessed either.
    """
    if not plot.cast.calendar_is_loaded:
        return
    first, today = plot.cast.this_month, plot.cast.today
    for place, number in enumerate(_SIGNED):
        sheet = _Sheet(plot, number, instant(first, 8, 20 + place))
        sheet.countersign(plot.cast.director_of(number), instant(first + _A_DAY, 16, 30 + place))
        if number == _AMENDED:
            sheet.amend(max(instant(first + _A_DAY, 18), instant(today - _A_DAY, 18)), _change_of(plot))
    _Sheet(plot, _BY_THE_DELEGATE, max(instant(first, 9), instant(today - 3 * _A_DAY, 9))).countersign(
        plot.cast.delegate, max(instant(first, 20), instant(today - _A_DAY, 16))
    )
    for place, number in enumerate(_WAITING):
        _Sheet(plot, number, max(instant(first, 18, place), instant(today - (1 + place % 3) * _A_DAY, 17, 10 + place)))
    _Sheet(plot, _REMINDED_OF, max(instant(first, 18, 40), instant(today - 6 * _A_DAY, 17, 50)))
    _Sheet(plot, RELIEVED_LATE, instant(plot.cast.last_month + 15 * _A_DAY, 10))
    for number, reason in _GIVEN_BACK.items():
        day = plot.cast.due_last_month(number, -6)  # late enough to be corrected, early enough to be closed
        plot.tap(number, day, _MISSED[number], Whim.MISSING)
        given_back = _Sheet(plot, number, instant(first, 10, number))
        when = max(instant(first + _A_DAY, 17, number), instant(today - _A_DAY, 10, number))
        given_back.give_back(plot.cast.director_of(number), when, reason.format(month=day.month, day=day.day))


def _change_of(plot: Plot) -> Change:
    return Change(
        duty_on=plot.cast.due_last_month(_AMENDED, 7),
        shift=Shift.AFTERNOON,
        after=Standing.LEAVE,
        leave_kind=LeaveKind.OFFICIAL,
        reason="当天下午到县医院送检标本并参加质控会，应记公出。",
    )


class _Sheet:
    """The last month of a doctor, handed in at an instant."""

    def __init__(self, plot: Plot, number: int, handed_in_at: datetime) -> None:
        self._plot, self._who = plot, plot.cast.doctor(number)
        self._dispatch_id = plot.cast.dispatch(number).id
        plot.at(handed_in_at, self._submit)

    def countersign(self, who: Actor, when: datetime) -> None:
        """Let somebody sign it."""
        self._then(when, lambda sheet: countersign_timesheet(who, sheet.id, sheet.version))

    def give_back(self, who: Actor, when: datetime, reason: str) -> None:
        """Let somebody give it back."""
        self._then(when, lambda sheet: return_timesheet(who, sheet.id, sheet.version, reason=reason))

    def amend(self, when: datetime, change: Change) -> None:
        """Let the one concerned ask for a line to be changed once it is signed."""
        self._then(when, lambda sheet: request_amendment(self._who, sheet.id, change))

    def _submit(self) -> None:
        sheet = submit_timesheet(self._who, self._dispatch_id, self._plot.cast.last_month, 0)
        self._timesheet = cast("Timesheet", sheet.timesheet)

    def _then(self, when: datetime, event: Callable[[Timesheet], object]) -> None:
        self._plot.at(when, lambda: event(self._timesheet))
