"""Reading the weeks of a sheet: those that end within its month, with the days before it that belong to them."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.attendance.queries.timesheets import Sheet, sheets_of
from backend.domain.attendance.rules.timesheets import last_of_month, month_of_day
from backend.domain.attendance.rules.weeks import Week, first_of_weeks, weeks_of
from backend.domain.dispatch.rules import DispatchKind
from backend.domain.organisations.queries import calendar_of


def weeks_of_sheet(sheet: Sheet) -> list[Week]:
    """Return the weeks of a posting's month; none of somebody who visits on single days, of whom no days are asked."""
    dispatch, first = sheet.dispatch, first_of_weeks(sheet.month)
    if dispatch.kind is not DispatchKind.POSTED:
        return []
    lines = list(sheet.lines)
    if first < sheet.month and dispatch.starts_on < sheet.month:
        for before in sheets_of([dispatch.id], month_of_day(sheet.month - timedelta(days=1))):
            lines += (line for line in before.lines if line.duty_on >= first)
    calendar = calendar_of(dispatch.supporting_id, first, last_of_month(sheet.month))
    return weeks_of(lines, calendar, sheet.month, dispatch.starts_on, dispatch.ends_on)
