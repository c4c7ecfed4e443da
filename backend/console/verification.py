"""核验: from the code on a printed 考勤表 to its record; anybody with the paper may ask, log-in or not."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.domain.attendance.errors.timesheets import VerificationCodeUnknown
from backend.domain.attendance.queries.timesheets import get_sheet
from backend.domain.attendance.service.verification import Verified, verify_code
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, NotFound

bp = Blueprint("verification", __name__, url_prefix="/verify")
Page = str | tuple[str, int] | Response


class CodeForm(FormSchema):
    """The code, as it was typed or as the QR code has it."""

    code = fields.String()


@bp.get("")
def show() -> Page:
    """Ask for the code; with one, lead those within scope to the sheet, and tell others that it is valid."""
    form = Form.asked(CodeForm())
    if not form.data.get("code"):
        return render_template("verification/ask.html", form=form)
    try:
        verified = form.attempt(lambda: verify_code(form.data["code"], request.remote_addr or ""))
    except VerificationCodeUnknown as error:
        form.refuse(error.text)
        form.status = error.status
        verified = None
    if verified is None:
        return render_template("verification/ask.html", form=form), form.status
    if _may_read(verified):
        flash("核验通过：这个核验码对应下面这份考勤表，与纸质表一致即为有效。", "done")
        month = f"{verified.month:%Y-%m}"
        return redirect(url_for("console.timesheets.show", dispatch_id=verified.dispatch_id, month=month))
    return render_template("verification/found.html", verified=verified)


def _may_read(verified: Verified) -> bool:
    actor: Actor | None = g.get("actor")
    if actor is None:
        return False
    try:
        get_sheet(actor, verified.dispatch_id, verified.month)
    except (NotFound, Forbidden):
        return False
    return True
