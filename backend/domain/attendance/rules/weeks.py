"""The weeks of a dispatch: how many days one must be there, and how many one was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.attendance.rules.timesheets import SERVED, Line, Standing, last_of_month, required_days
from backend.domain.dispatch.rules import Shift, days_between
from backend.domain.organisations.rules.working_days import WorkingCalendar

_DAYS = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, as far as it lies in the dispatch; halves are half days."""

    starts_on: date
    working_days: int
    leave_halves: int
    rest_halves: int  # after nights that were worked
    served_halves: int  # duty on a holiday too
    required_days: int

    @property
    def is_met(self) -> bool:
        """Whether one was there as many days as one must."""
        return self.served_halves >= 2 * self.required_days


def first_of_weeks(month: date) -> date:
    """Return the Monday on which the weeks of a month begin: a week belongs to the month in which it ends."""
    return month - month.weekday() * _DAYS


def weeks_of(
    lines: Iterable[Line], calendar: WorkingCalendar, month: date, starts_on: date, ends_on: date
) -> list[Week]:
    """Count the weeks that end within a month, of a dispatch from a day to a day; `lines` begin with the first week.

    Required are three fifths of the working days less leave, rounded up; the rest after a night takes away as much
    as leave does. Nothing is said of a week with a day of a calendar that is not loaded.
    """
    lines = list(lines)
    weeks = []
    for sunday in days_between(month, last_of_month(month)):
        if sunday.isoweekday() != 7:
            continue
        monday = sunday - 6 * _DAYS
        days = [day for day in days_between(monday, sunday) if starts_on <= day <= ends_on]
        working = {day: calendar.is_working_day(day) for day in days}
        if days and None not in working.values():
            weeks.append(_week(monday, lines, working))
    return weeks


def _week(monday: date, lines: list[Line], working: dict[date, bool | None]) -> Week:
    halves = [line for line in lines if line.duty_on in working and line.shift is not Shift.NIGHT]
    due = [line for line in halves if working[line.duty_on]]
    leave = sum(line.standing is Standing.LEAVE for line in due)
    rest = sum(line.standing is Standing.NIGHT_REST for line in due)
    working_days = sum(map(bool, working.values()))
    return Week(
        starts_on=monday,
        working_days=working_days,
        leave_halves=leave,
        rest_halves=rest,
        served_halves=sum(line.standing in SERVED for line in halves),
        required_days=required_days(working_days, (leave + rest) / 2),
    )
