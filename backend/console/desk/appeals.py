"""Appeals against no-shows: decided by somebody else than who marked them, with a reason that the patient sees."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.desk.blueprint import bp, clerk
from backend.console.desk.forms import AppealForm, AppealsForm
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action
from backend.domain.accounts.queries import names_of
from backend.domain.clinics.queries.desk import get_desk_booking, list_appeals
from backend.domain.clinics.rules.bookings import APPEAL_LABELS
from backend.domain.clinics.service.no_shows import decide_appeal, may_decide_appeal

Page = tuple[str, int] | Response
PAGE_SIZE = 20


@bp.get("/appeals")
def show_appeals() -> Page:
    """Show the appeals that wait, the oldest first."""
    return _page(Form(AppealForm()))


@bp.post("/appeals/<uuid:booking_id>")
def decide(booking_id: UUID) -> Page:
    """Decide an appeal."""
    actor, form = current_actor(), Form.submitted(AppealForm())
    get_desk_booking(actor, booking_id, Action.DECIDE)
    if form.is_valid:
        given = {"decision": form.data["decision"], "reason": form.data["reason"]}
        if form.attempt(lambda: decide_appeal(actor, booking_id, form.data["version"], **given)) is not None:
            flash("申诉已处理，已通知患者。", "done")
            return redirect(url_for("console.desk.show_appeals"), 303)
    return _page(form, booking_id)


def _page(form: Form, refused: UUID | None = None) -> Page:
    actor, asked = clerk(), Form.asked(AppealsForm())
    page = list_appeals(actor, page=asked.data["page"], page_size=PAGE_SIZE)
    rendered = render_template(
        "desk/appeals.html",
        page=page,
        names=names_of(one.marked_by_person_id for one in page.items if one.marked_by_person_id),
        may_decide={one.id: may_decide_appeal(actor, one) for one in page.items},
        decisions=[(value.value, label) for value, label in APPEAL_LABELS.items()],
        form=form,
        refused=refused,
    )
    return rendered, form.status
