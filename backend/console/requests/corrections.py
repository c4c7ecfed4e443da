"""Corrections (补签): the list, one beside what was tapped that day, and accepting or rejecting it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.requests.blueprint import PAGE_SIZE, bp
from backend.console.requests.forms import GrantForm, ListForm, RejectForm, kept, status_asked
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.queries.requests import (
    corrections_used,
    get_correction,
    list_corrections,
    may_decide_correction,
)
from backend.domain.attendance.queries.taps import taps_of_day
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.service.corrections import decide_correction, label_of
from backend.domain.audit.queries import events_about

Page = tuple[str, int] | Response


@bp.get("/corrections")
def show_corrections() -> str:
    """Show corrections: what waits for a decision, unless told otherwise."""
    filters = Form.asked(ListForm())
    page = list_corrections(
        current_actor(),
        status=status_asked(filters),
        text=filters.data["text"],
        page=filters.data["page"],
        page_size=PAGE_SIZE,
    )
    return render_template(
        "requests/corrections.html",
        page=page,
        label_of=label_of,
        filters=filters,
        statuses=list(RequestStatus),
        kept=kept(filters, "status", "text"),
    )


@bp.get("/corrections/<uuid:request_id>")
def show_correction(request_id: UUID) -> Page:
    """Show a correction beside what was tapped that day."""
    return _page(get_correction(current_actor(), request_id))


@bp.post("/corrections/<uuid:request_id>/accept")
def accept_correction(request_id: UUID) -> Page:
    """Accept it: it counts at once."""
    actor, form = current_actor(), Form.submitted(GrantForm())
    return _decide(
        request_id, form, "grant_form", lambda: decide_correction(actor, request_id, form.data["version"], accept=True)
    )


@bp.post("/corrections/<uuid:request_id>/reject")
def refuse_correction(request_id: UUID) -> Page:
    """Reject it with a reason."""
    actor, form = current_actor(), Form.submitted(RejectForm())
    return _decide(
        request_id, form, "reject_form", lambda: decide_correction(actor, request_id, **form.data, accept=False)
    )


def _decide(request_id: UUID, form: Form, name: str, act: Callable[[], CorrectionRequest]) -> Page:
    decided = form.attempt(act) if form.is_valid else None
    if decided is None:
        return _page(get_correction(current_actor(), request_id), **{name: form})
    done = "已同意" if decided.status is RequestStatus.ACCEPTED else "已退回"
    flash(f"{done}{decided.person.name}的补签（{label_of(decided)}），已通知本人。", "done")
    return redirect(url_for("console.requests.show_corrections"))


def _page(correction: CorrectionRequest, **forms: Form) -> Page:
    events = events_about("correction_request", correction.id)
    refused = next(iter(forms.values()), None)
    used, limit = corrections_used(correction.dispatch, correction.duty_on)
    page = render_template(
        "requests/correction.html",
        correction=correction,
        label=label_of(correction),
        taps=taps_of_day(correction.person_id, correction.duty_on),
        used=used,
        limit=limit,
        may_decide=may_decide_correction(current_actor(), correction),
        events=events,
        names=names_of(event.person_id for event in events if event.person_id),
        grant_form=forms.get("grant_form") or Form(GrantForm()),
        reject_form=forms.get("reject_form") or Form(RejectForm()),
    )
    return page, refused.status if refused else 200
