"""Changing a countersigned month: asking for an amendment, countersigning or rejecting it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.timesheets.blueprint import bp
from backend.console.timesheets.forms import AmendForm, DecideAmendmentForm
from backend.console.timesheets.viewing import address_of, sheet_of, sheet_page
from backend.domain.access.rules import Action
from backend.domain.attendance.service.amendments import Change, decide_amendment, request_amendment

Page = str | tuple[str, int] | Response


@bp.post("/<uuid:timesheet_id>/amendments")
def amend(timesheet_id: UUID) -> Page:
    """Ask for one line of a countersigned month to say something else."""
    actor, form = current_actor(), Form.submitted(AmendForm())
    if form.is_valid:
        (duty_on, shift), (after, leave_kind) = form.data["line"], form.data["after"]
        change = Change(duty_on=duty_on, shift=shift, after=after, leave_kind=leave_kind, reason=form.data["reason"])
        if form.attempt(lambda: request_amendment(actor, timesheet_id, change)):
            flash("更正已提出，已通知受援单位会签。会签之前，考勤表保持原样。", "done")
            return redirect(_address(timesheet_id))
    return sheet_page(sheet_of(timesheet_id), amend_form=form), form.status


@bp.post("/<uuid:timesheet_id>/amendments/<uuid:amendment_id>")
def decide(timesheet_id: UUID, amendment_id: UUID) -> Page:
    """Countersign an amendment, or reject it with a reason."""
    actor, form = current_actor(), Form.submitted(DecideAmendmentForm())
    if form.is_valid:
        accept, reason = form.data["decision"] == "accept", form.data["decision_reason"]
        if form.attempt(lambda: decide_amendment(actor, timesheet_id, amendment_id, accept=accept, reason=reason)):
            flash("更正已会签，考勤表按更正后计算。" if accept else "更正已退回，考勤表保持原样。", "done")
            return redirect(_address(timesheet_id))
    return sheet_page(sheet_of(timesheet_id, Action.DECIDE), decide_form=form), form.status


def _address(timesheet_id: UUID) -> str:
    sheet = sheet_of(timesheet_id)
    return address_of(sheet.dispatch.id, sheet.month)
