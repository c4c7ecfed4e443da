"""A month's timesheets, those who wait too long for a signature, and the step back and forth between months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template

from backend.console.forms import Form, PageForm
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.timesheets.blueprint import bp, month_in_path
from backend.console.timesheets.forms import ListForm
from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.queries.signing import list_unsigned
from backend.domain.attendance.queries.timesheets import Sheet, list_timesheets, recipients_in_month
from backend.domain.attendance.rules.timesheets import TimesheetStatus, last_of_month, month_of_day
from backend.foundation import clock
from backend.foundation.actor import Actor

PAGE_SIZE = 50
KEPT = ("month", "status", "recipient", "text")


@dataclass(frozen=True)
class Row:
    """A sheet of the list; `signing` says what the one who looks can do about it."""

    sheet: Sheet
    signing: str = ""  # "clean" | "exceptions" | "own", or empty where it does not wait for them


@bp.get("")
def show_list() -> str:
    """Show the sheets of a month, of the last one that is over unless told otherwise."""
    actor, filters = current_actor(), Form.asked(ListForm())
    month = filters.data.get("month") or _last_month()
    page = list_timesheets(
        actor,
        month,
        status=filters.data.get("status"),
        text=filters.data.get("text", ""),
        recipient_id=filters.data.get("recipient"),
        page=filters.data["page"],
        page_size=PAGE_SIZE,
    )
    signs = may_as_office(actor, Action.DECIDE, Resource.TIMESHEET)
    rows = [Row(sheet, signing_of(actor, sheet) if signs else "") for sheet in page.items]
    return render_template(
        "timesheets/list.html",
        page=page,
        rows=rows,
        clean=[row for row in rows if row.signing == "clean"],
        to_open=[row for row in rows if row.signing == "exceptions"],
        signs=signs,
        filters=filters,
        month=month,
        statuses=list(TimesheetStatus),
        recipients=recipients_in_month(actor, month) if _has_several_recipients(actor) else [],
        waited_days=waited_days,
        calendar_missing=any(line.working is None for sheet in page.items for line in sheet.lines),
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
        **neighbours(month),
    )


@bp.get("/unsigned")
def show_unsigned() -> str:
    """Show what waited so long for a countersignature that the bureau is to know."""
    filters = Form.asked(PageForm())
    page = list_unsigned(current_actor(), page=filters.data["page"], page_size=PAGE_SIZE)
    return render_template("timesheets/unsigned.html", page=page, waited_days=waited_days)


def signing_of(actor: Actor, sheet: Sheet) -> str:
    """Return what somebody who may sign at a recipient can do about a sheet; see Row."""
    dispatch = sheet.dispatch
    if sheet.status is not TimesheetStatus.SUBMITTED or dispatch.recipient_id != actor.organisation_id:
        return ""
    if dispatch.person_id == actor.person_id:
        return "own"
    return "clean" if sheet.is_clean else "exceptions"


def neighbours(month: date) -> dict[str, Any]:
    """Return the months before and after, as addresses have them."""
    return {
        "month_value": month_in_path(month),
        "month_before": month_in_path(month_of_day(month - timedelta(days=1))),
        "month_after": month_in_path(last_of_month(month) + timedelta(days=1)),
    }


def waited_days(since: datetime) -> int:
    """Return for how many whole days something has waited."""
    return (clock.now() - since).days


def _last_month() -> date:
    return month_of_day(month_of_day(clock.today()) - timedelta(days=1))


def _has_several_recipients(actor: Actor) -> bool:
    return not may_as_office(actor, Action.DECIDE, Resource.TIMESHEET)
