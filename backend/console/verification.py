"""核验: from the code on a printed paper to its record; anybody with the paper may ask, log-in or not."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.domain.attendance.queries.timesheets import get_sheet
from backend.domain.attendance.service.verification import Verified
from backend.domain.careers.errors.verification import VerificationCodeUnknown
from backend.domain.careers.queries.evaluations import get_evaluation
from backend.domain.careers.service.evaluation_verification import VerifiedEvaluation
from backend.domain.careers.service.verification import Paper, VerifiedCertificate, verify_paper
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, NotFound

bp = Blueprint("verification", __name__, url_prefix="/verify")
Page = str | tuple[str, int] | Response


class CodeForm(FormSchema):
    """The code, as it was typed or as the QR code has it."""

    code = fields.String()


@bp.get("")
def show() -> Page:
    """Ask for the code; with one, lead those within scope to the sheet, and tell others what it stands for."""
    form = Form.asked(CodeForm())
    if not form.data.get("code"):
        return render_template("verification/ask.html", form=form)
    try:
        paper = form.attempt(lambda: verify_paper(form.data["code"], request.remote_addr or ""))
    except VerificationCodeUnknown as error:
        form.refuse(error.text)
        form.status = error.status
        paper = None
    if paper is None:
        return render_template("verification/ask.html", form=form), form.status
    return _led_to(paper)


def _led_to(paper: Paper) -> Page:
    if isinstance(paper, VerifiedCertificate):
        return render_template("verification/certificate.html", verified=paper)
    if isinstance(paper, VerifiedEvaluation):
        return _led_to_evaluation(paper)
    if _may_read(paper):
        flash("核验通过：这个核验码对应下面这份考勤表，与纸质表一致即为有效。", "done")
        month = f"{paper.month:%Y-%m}"
        return redirect(url_for("console.timesheets.show", dispatch_id=paper.dispatch_id, month=month))
    return render_template("verification/found.html", verified=paper)


def _led_to_evaluation(paper: VerifiedEvaluation) -> Page:
    actor: Actor | None = g.get("actor")
    try:
        if actor is not None and get_evaluation(actor, paper.evaluation_id):
            flash("核验通过：这个核验码对应下面这份鉴定表，与纸质表一致即为有效。", "done")
            return redirect(url_for("console.evaluations.show", evaluation_id=paper.evaluation_id))
    except (NotFound, Forbidden):
        pass
    return render_template("verification/evaluation.html", verified=paper)


def _may_read(verified: Verified) -> bool:
    actor: Actor | None = g.get("actor")
    if actor is None:
        return False
    try:
        get_sheet(actor, verified.dispatch_id, verified.month)
    except (NotFound, Forbidden):
        return False
    return True
