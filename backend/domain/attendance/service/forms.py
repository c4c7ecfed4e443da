"""The printed forms of a month: what is on the paper is what the record says."""

from __future__ import annotations

from collections import defaultdict

from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.attendance.concluding import Concluded
from backend.domain.attendance.models.timesheets import TimesheetAmendment
from backend.domain.attendance.printing.sheet import MonthRow, PrintedTimesheet
from backend.domain.attendance.queries.timesheets import Sheet
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import (
    LEGEND,
    TIMESHEET_STATUS_LABELS,
    Standing,
    last_of_month,
    named_figures,
    standing_label,
)
from backend.domain.dispatch.rules import SHIFT_LABELS, days_between
from backend.domain.organisations.queries import calendar_of
from backend.foundation import clock
from backend.foundation.actor import Role


def printed_form(sheet: Sheet, *, verify_at: str) -> PrintedTimesheet:
    """Return the 考勤表 of a month as it is printed; `verify_at` is the address to which the code is added."""
    timesheet, dispatch = sheet.timesheet, sheet.dispatch
    signed_by = timesheet.countersigned_by if timesheet else None
    code = timesheet.verification_code if timesheet else None
    days = list(days_between(sheet.month, last_of_month(sheet.month)))
    calendar = calendar_of(dispatch.supporting_id, days[0], days[-1])
    return PrintedTimesheet(
        recipient_name=dispatch.recipient.name,
        supporting_name=dispatch.supporting.name,
        department=dispatch.department.name if dispatch.department else "",
        year=sheet.month.year,
        month=sheet.month.month,
        person_name=dispatch.person.name,
        staff_number=dispatch.person.staff_number,
        title=dispatch.person.title,
        cells={(line.duty_on.day, line.shift): line.symbol for line in sheet.lines if line.symbol},
        legend=LEGEND,
        figures=named_figures(sheet.figures),
        remarks=[timesheet.remark] if timesheet and timesheet.remark else [],
        amendments=[
            _amendment(row)
            for row in (timesheet.amendments if timesheet else ())
            if row.status is RequestStatus.ACCEPTED
        ],
        director_name=signed_by.name if signed_by else "",
        delegate_note=_delegate_note(sheet),
        countersigned_on=clock.local(timesheet.countersigned_at).date()
        if timesheet and timesheet.countersigned_at
        else None,
        verification_code=code,
        verification_url=f"{verify_at}{code}" if code else None,
        status_label=TIMESHEET_STATUS_LABELS[sheet.status],
        free_days=frozenset(day.day for day in days if calendar.is_working_day(day) is False),
        outside_days=frozenset(day.day for day in days if not dispatch.starts_on <= day <= dispatch.ends_on),
    )


def month_row(sheet: Sheet) -> MonthRow:
    """Return a month as one row of the export."""
    dispatch = sheet.dispatch
    cells: dict[int, str] = defaultdict(str)
    for line in sheet.lines:
        cells[line.duty_on.day] += _cell(line)
    return MonthRow(
        organisation=dispatch.recipient.name,
        department=dispatch.department.name if dispatch.department else "",
        person_name=dispatch.person.name,
        staff_number=dispatch.person.staff_number,
        title=dispatch.person.title,
        status_label=TIMESHEET_STATUS_LABELS[sheet.status],
        days=cells,
        figures=named_figures(sheet.figures),
    )


def _cell(line: Concluded) -> str:
    return "－" if line.standing is Standing.OPEN else line.symbol


def _delegate_note(sheet: Sheet) -> str:
    is_delegate = sheet.timesheet is not None and sheet.timesheet.countersigned_as is Role.DELEGATE
    return ROLE_LABELS[Role.DELEGATE].removesuffix("人") if is_delegate else ""


def _amendment(row: TimesheetAmendment) -> str:
    day = f"{row.duty_on.month}月{row.duty_on.day}日{SHIFT_LABELS[row.shift]}"
    signed_on = clock.local(row.decided_at).date() if row.decided_at else None
    signed = f"{row.decided_by.name} {signed_on}" if row.decided_by else ""
    becomes = standing_label(row.after, row.leave_kind)
    return f"{day}由“{standing_label(row.before, None)}”更正为“{becomes}”，原因：{row.reason}（会签：{signed}）"
