"""Countersigning the clean sheets of a month together: naming them, signing them, telling who was left and why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.timesheets.blueprint import bp, month_in_path
from backend.console.timesheets.forms import ChoiceForm, SignTogetherForm
from backend.console.timesheets.listing import signing_of
from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.queries.timesheets import Sheet, find_sheets
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.attendance.service.timesheets import countersign_clean
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, Invalid

Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class LeftOut:
    """A sheet that was not signed, and why."""

    sheet: Sheet
    text: str


@bp.get("/sign")
def ask_together() -> Page:
    """Name those that are about to be signed, with their figures; nothing is signed yet."""
    actor, form = _signer(), Form.asked(ChoiceForm())
    month = form.data.get("month")
    if month is None:
        return redirect(url_for("console.timesheets.show_list"))
    sheets = find_sheets(actor, month, form.data.get("chosen", []))
    return render_template(
        "timesheets/sign.html",
        month=month,
        month_value=month_in_path(month),
        sheets=[sheet for sheet in sheets if signing_of(actor, sheet) == "clean"],
        others=[sheet for sheet in sheets if signing_of(actor, sheet) != "clean"],
    )


@bp.post("/sign")
def sign_together() -> Page:
    """Sign them, each by itself: what changed since it was shown, or is not clean, is left and said so."""
    actor, form = _signer(), Form.submitted(SignTogetherForm())
    if not form.is_valid:
        raise Invalid("提交的内容与页面不符，请返回考勤表重新选择。")
    month, chosen = form.data["month"], dict(form.data["chosen"])
    if not chosen:
        flash("没有选择考勤表，一份也没有会签。", "caution")
        return redirect(url_for("console.timesheets.show_list", month=month_in_path(month)))
    signed, left = countersign_clean(actor, chosen.items())
    sheets = {sheet.timesheet.id: sheet for sheet in find_sheets(actor, month, chosen) if sheet.timesheet}
    refused = [LeftOut(sheets[one.timesheet_id], one.error.text) for one in left if one.timesheet_id in sheets]
    return render_template(
        "timesheets/signed.html",
        month=month,
        month_value=month_in_path(month),
        signed=[sheets[one] for one in signed if one in sheets],
        # A form that was sent twice comes here: what it asked for is there.
        before=[one.sheet for one in refused if one.sheet.status is TimesheetStatus.COUNTERSIGNED],
        left=[one for one in refused if one.sheet.status is not TimesheetStatus.COUNTERSIGNED],
        unknown=len(left) - len(refused),
    )


def _signer() -> Actor:
    actor = current_actor()
    if not may_as_office(actor, Action.DECIDE, Resource.TIMESHEET):
        raise Forbidden
    return actor
