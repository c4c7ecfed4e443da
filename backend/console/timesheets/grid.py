"""A month as weeks of days × shifts, as the page of a sheet shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.attendance.concluding import Concluded
from backend.domain.attendance.queries.timesheets import Sheet
from backend.domain.attendance.queries.weeks import weeks_of_sheet
from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.attendance.rules.weeks import Week, first_of_weeks
from backend.domain.dispatch.rules import SHIFTS, Shift, days_between
from backend.domain.organisations.queries import calendar_of
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.foundation import clock


@dataclass(frozen=True)
class Day:
    """The head of a column. `working` is None where that year's calendar is not loaded."""

    day: date
    working: bool | None
    holiday: str | None
    in_dispatch: bool


@dataclass(frozen=True)
class Cell:
    """One shift of a day; `line` is None where nothing is claimed or the day is free."""

    day: Day | None  # None where the week reaches into another month
    line: Concluded | None
    amended: bool


@dataclass(frozen=True)
class GridWeek:
    """Monday to Sunday, as far as they lie in the month; `asked` is None where nothing is, or nothing can be told."""

    days: tuple[Day | None, ...]
    rows: tuple[tuple[Shift, tuple[Cell, ...]], ...]
    asked: Week | None
    is_over: bool


def grid_of(sheet: Sheet) -> list[GridWeek]:
    """Return the weeks of a sheet, with a row for each shift that occurs in the month, and what each week asks."""
    last = last_of_month(sheet.month)
    calendar = calendar_of(sheet.dispatch.supporting_id, sheet.month, last)
    lines = {(line.duty_on, line.shift): line for line in sheet.lines}
    shifts = [shift for shift in SHIFTS if any(line.shift is shift for line in sheet.lines)]
    days: list[Day | None] = [None] * sheet.month.weekday()
    days += [_day(sheet, calendar, day) for day in days_between(sheet.month, last)]
    days += [None] * (-len(days) % 7)

    def cell(day: Day | None, shift: Shift) -> Cell:
        key = (day.day, shift) if day else None
        return Cell(day, lines.get(key) if key else None, key in sheet.amended)

    asked = {week.starts_on: week for week in weeks_of_sheet(sheet)}
    monday, weeks = first_of_weeks(sheet.month), []
    for start in range(0, len(days), 7):
        week, after = days[start : start + 7], monday + timedelta(days=7)
        rows = tuple((shift, tuple(cell(day, shift) for day in week)) for shift in shifts)
        weeks.append(GridWeek(tuple(week), rows, asked.get(monday), is_over=after <= clock.today()))
        monday = after
    return weeks


def _day(sheet: Sheet, calendar: WorkingCalendar, day: date) -> Day:
    dispatch = sheet.dispatch
    return Day(
        day, calendar.is_working_day(day), calendar.holiday_name(day), dispatch.starts_on <= day <= dispatch.ends_on
    )
