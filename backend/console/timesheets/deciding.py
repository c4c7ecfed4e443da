"""Handing a month in, saying who was there, countersigning it, giving it back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.timesheets.blueprint import bp, month_of_path
from backend.console.timesheets.forms import ConfirmForm, CountersignForm, ReturnForm, SubmitForm
from backend.console.timesheets.viewing import address_of, sheet_of, sheet_page
from backend.domain.access.rules import Action
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.taps import get_check_in
from backend.domain.attendance.queries.timesheets import get_sheet
from backend.domain.attendance.rules.evidence import CONFIRMATION_LABELS
from backend.domain.attendance.rules.timesheets import month_of_day
from backend.domain.attendance.service.reviews import confirm_presence, label_of
from backend.domain.attendance.service.timesheets import countersign_timesheet, return_timesheet, submit_timesheet

Page = str | tuple[str, int] | Response


@bp.post("/<uuid:dispatch_id>/<month>/submit")
def submit(dispatch_id: UUID, month: str) -> Page:
    """Hand one's own month in."""
    actor, form, first = current_actor(), Form.submitted(SubmitForm()), month_of_path(month)
    if form.is_valid:
        given = form.data
        submitted = form.attempt(
            lambda: submit_timesheet(actor, dispatch_id, first, given["version"], remark=given["remark"])
        )
        if submitted is not None:
            flash("考勤表已提交，已通知受援单位会签。", "done")
            return redirect(address_of(dispatch_id, first))
    return sheet_page(get_sheet(actor, dispatch_id, first, Action.WRITE), submit_form=form), form.status


@bp.post("/<uuid:timesheet_id>/countersign")
def countersign(timesheet_id: UUID) -> Page:
    """Countersign a month; it is locked from then on."""
    actor, form = current_actor(), Form.submitted(CountersignForm())
    if form.is_valid:
        signed = form.attempt(lambda: countersign_timesheet(actor, timesheet_id, form.data["version"]))
        if signed is not None:
            flash("考勤表已会签并锁定，已通知派驻人员。", "done")
            return redirect(_address(signed))
    return sheet_page(sheet_of(timesheet_id, Action.DECIDE), countersign_form=form), form.status


@bp.post("/<uuid:timesheet_id>/return")
def give_back(timesheet_id: UUID) -> Page:
    """Give a month back with a reason."""
    actor, form = current_actor(), Form.submitted(ReturnForm())
    if form.is_valid:
        given = form.data
        returned = form.attempt(lambda: return_timesheet(actor, timesheet_id, given["version"], reason=given["reason"]))
        if returned is not None:
            flash("考勤表已退回，已通知派驻人员。", "done")
            return redirect(_address(returned))
    return sheet_page(sheet_of(timesheet_id, Action.DECIDE), return_form=form), form.status


@bp.post("/taps/<uuid:check_in_id>")
def confirm(check_in_id: UUID) -> Page:
    """Say whether somebody was there at a tap that is in doubt."""
    actor, form = current_actor(), Form.submitted(ConfirmForm())
    tap = get_check_in(actor, check_in_id, Action.CONFIRM)
    month = month_of_day(tap.duty_on)
    if form.is_valid:
        version, confirmation = form.data["version"], form.data["confirmation"]
        if form.attempt(lambda: confirm_presence(actor, check_in_id, version, confirmation)):
            flash(f"已记录：{label_of(tap)}，{CONFIRMATION_LABELS[confirmation]}。", "done")
            return redirect(address_of(tap.dispatch_id, month))
    return sheet_page(get_sheet(actor, tap.dispatch_id, month), confirm_form=form), form.status


def _address(timesheet: Timesheet) -> str:
    return address_of(timesheet.dispatch_id, timesheet.month)
