"""One sheet: its grid, figures, what is in doubt and who said what about it, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, url_for

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.timesheets.blueprint import bp, month_in_path, month_of_path
from backend.console.timesheets.forms import (
    BECOMES,
    AmendForm,
    ConfirmForm,
    CountersignForm,
    DecideAmendmentForm,
    ReturnForm,
    ScanForm,
    SubmitForm,
)
from backend.console.timesheets.grid import grid_of
from backend.console.timesheets.listing import neighbours, waited_days
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.concluding import Concluded
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.exceptions import may_confirm
from backend.domain.attendance.queries.grounds import grounds_of
from backend.domain.attendance.queries.leave import decisions_on, span_of_leave
from backend.domain.attendance.queries.signing import may_ask_for_changes, may_sign
from backend.domain.attendance.queries.taps import taps_by_id
from backend.domain.attendance.queries.timesheets import Sheet, get_sheet, get_timesheet
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.timesheets import (
    EXCEPTIONS,
    LEGEND,
    Standing,
    TimesheetStatus,
    last_of_month,
)
from backend.domain.attendance.service.timesheets import why_not_submit
from backend.domain.audit.models import AuditEvent
from backend.domain.audit.queries import events_about
from backend.domain.dispatch.rules import SHIFT_LABELS


@dataclass(frozen=True)
class Questioned:
    """A line that needs a person's eye, or was a tap that did not speak for itself, with that tap."""

    line: Concluded
    tap: CheckIn | None
    to_confirm: bool = False  # by the one who looks


@dataclass(frozen=True)
class Rights:
    """What the one who looks may do with a sheet, as it stands."""

    submit: bool = False
    sign: bool = False  # countersign or return it, or an amendment of it
    own: bool = False  # could sign, were it not about themselves
    amend: bool = False
    file_scan: bool = False


@bp.get("/<uuid:dispatch_id>/<month>")
def show(dispatch_id: UUID, month: str) -> str:
    """Show a sheet, handed in or not."""
    return sheet_page(get_sheet(current_actor(), dispatch_id, month_of_path(month)))


def sheet_page(sheet: Sheet, **forms: Form) -> str:
    """Return the page of a sheet; `forms` are those that were submitted from it and refused."""
    timesheet = sheet.timesheet
    taps = taps_by_id(line.check_in_id for line in sheet.lines if line.check_in_id)
    questioned = [one for line in sheet.lines if (one := _questioned(line, taps))]
    questioned.sort(key=lambda one: one.line.standing is not Standing.IN_DOUBT)  # first what must be answered
    events = events_about("timesheet", timesheet.id) if timesheet else []
    return render_template(
        "timesheets/one.html",
        sheet=sheet,
        timesheet=timesheet,
        weeks=grid_of(sheet),
        grounds=grounds_of(sheet),
        span_of_leave=span_of_leave,
        decisions_on=decisions_on,
        legend=LEGEND,
        questioned=questioned,
        confirms=sheet.status is not TimesheetStatus.COUNTERSIGNED and any(one.to_confirm for one in questioned),
        doubts=sum(line.standing is Standing.IN_DOUBT for line in sheet.lines),
        exceptions=_counted(sheet),
        needs_scan=sheet.needs_scan and sheet.status is TimesheetStatus.COUNTERSIGNED,
        calendar_missing=any(line.working is None for line in sheet.lines),
        rights=_rights(sheet),
        why_not_submit=why_not_submit(sheet),
        waited_days=waited_days,
        events=events,
        names=_names(sheet, questioned, events),
        becomes=BECOMES,
        sees_dispatch=may_as_office(current_actor(), Action.READ, Resource.DISPATCH),
        line_options=[_line_option(line) for line in sheet.lines],
        last_day=last_of_month(sheet.month),
        **neighbours(sheet.month),
        **_forms(forms),
    )


def _questioned(line: Concluded, taps: dict[UUID, CheckIn]) -> Questioned | None:
    tap = taps.get(line.check_in_id) if line.check_in_id else None
    is_plain = tap is None or tap.outcome is Outcome.VERIFIED
    if line.standing not in EXCEPTIONS and is_plain:
        return None
    return Questioned(line, tap, to_confirm=tap is not None and may_confirm(current_actor(), tap))


def _line_option(line: Concluded) -> tuple[str, str]:
    day = f"{line.duty_on.month}月{line.duty_on.day}日{SHIFT_LABELS[line.shift]}"
    return f"{line.duty_on}:{line.shift}", f"{day}（现为{line.label}）"


def _counted(sheet: Sheet) -> list[tuple[str, int]]:
    """Return how many shifts stand in each way that is an exception, by its label."""
    counts = {line.label: 0 for line in sheet.lines if line.standing in EXCEPTIONS}
    for line in sheet.lines:
        if line.standing in EXCEPTIONS:
            counts[line.label] += 1
    return list(counts.items())


def _rights(sheet: Sheet) -> Rights:
    actor, dispatch = current_actor(), sheet.dispatch
    own = actor.person_id == dispatch.person_id
    signed = sheet.status is TimesheetStatus.COUNTERSIGNED
    signs, asks = may_sign(actor, dispatch), may_ask_for_changes(actor, dispatch)
    return Rights(
        submit=own and sheet.status in (TimesheetStatus.DRAFT, TimesheetStatus.RETURNED),
        sign=signs,
        own=own and may_as_office(actor, Action.DECIDE, Resource.TIMESHEET),
        amend=signed and asks,
        file_scan=signed and (signs or asks),
    )


def _names(sheet: Sheet, questioned: list[Questioned], events: list[AuditEvent]) -> dict[UUID, str]:
    """Return the names of all who said or did something about it."""
    reviews = [one.tap.review for one in questioned if one.tap and one.tap.review]
    people = {event.person_id for event in events}
    people |= {by for review in reviews for by in (review.confirmed_by_person_id, review.judged_by_person_id)}
    if sheet.timesheet:
        people.add(sheet.timesheet.returned_by_person_id)
    return names_of(person_id for person_id in people if person_id)


def _forms(submitted: dict[str, Form]) -> dict[str, Any]:
    """Return each form of the page: as it was refused, else fresh."""
    fresh = {
        "submit_form": Form(SubmitForm()),
        "countersign_form": Form(CountersignForm()),
        "return_form": Form(ReturnForm()),
        "amend_form": Form(AmendForm()),
        "confirm_form": Form(ConfirmForm()),
        "decide_form": Form(DecideAmendmentForm()),
        "scan_form": Form(ScanForm()),
    }
    return fresh | submitted


def sheet_of(timesheet_id: UUID, action: Action = Action.READ) -> Sheet:
    """Return the sheet of a timesheet that was handed in, on which the one who asks may act so."""
    timesheet = get_timesheet(current_actor(), timesheet_id)
    return get_sheet(current_actor(), timesheet.dispatch_id, timesheet.month, action)


def address_of(dispatch_id: UUID, month: date) -> str:
    """Return the address of a sheet."""
    return url_for("console.timesheets.show", dispatch_id=dispatch_id, month=month_in_path(month))
