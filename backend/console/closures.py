"""Closing a clinic (停诊) at the office: who is affected first, then what became of it, and whom to call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.console.words import state
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.affected import ClosurePreview, preview_closure
from backend.domain.clinics.queries.closures import (
    ClosureFilter,
    get_closure,
    list_closures,
    may_call,
    may_review,
    possible_callers,
)
from backend.domain.clinics.queries.fallen import tallies_of
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import (
    CALL_LABELS,
    ON_THE_SPOT,
    REASON_LABELS,
    REMEDY_LABELS,
    REVIEW_LABELS,
    CallOutcome,
    ClosureReason,
    ClosureReview,
    Remedy,
    Standing,
    answered_label,
    remedy_label,
    told_label,
)
from backend.domain.clinics.rules.waitlist import OFFER_LABELS
from backend.domain.clinics.rules.wording import window_label
from backend.domain.clinics.service.calls import read_calls, record_call
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.replacing import list_substitutes, replace_expert
from backend.domain.clinics.service.reviews import review_closure
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.errors import Forbidden

bp = Blueprint("closures", __name__, url_prefix="/closures")
PAGE_SIZE = 30
NO_PLACE = "none"
Page = str | tuple[str, int] | Response
_STANDINGS = {
    Standing.UNREACHED: ("未通知到", "bad"),
    Standing.UNANSWERED: ("未答复", "warn"),
    Standing.SENDING: ("发送中", "on"),
    Standing.DONE: ("已办结", "good"),
}
_FILTERS = {ClosureFilter.ALL: "全部", ClosureFilter.OPEN: "未办结", ClosureFilter.REVIEW: "待审核"}
_SHORT = validate.Length(max=100, error="请控制在100字以内。")


class FiltersForm(PageForm):
    """Which closures."""

    state = fields.Enum(ClosureFilter, by_value=True, load_default=ClosureFilter.ALL)


class CloseForm(FormSchema):
    """Why a clinic is closed; `choice`: for whom it is not as proposed, as booking:clinic or booking:none."""

    version = fields.Integer(required=True)
    reason = fields.Enum(ClosureReason, by_value=True, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=60, error="请控制在60字以内。"))
    caller = fields.UUID(load_default=None)
    arrived_remedy = fields.Enum(Remedy, by_value=True, load_default=None)
    choice = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9a-f-]{36}:([0-9a-f-]{36}|none)$", error="请从列表中选择。")),
        load_default=list,
    )


class ReplaceForm(FormSchema):
    """Who holds the clinic instead."""

    version = fields.Integer(required=True)
    person = fields.UUID(required=True)


class CallForm(FormSchema):
    """What came of a call."""

    version = fields.Integer(required=True)
    outcome = fields.Enum(CallOutcome, by_value=True, required=True)
    note = fields.String(load_default="", validate=_SHORT)


class ReviewForm(FormSchema):
    """What medical affairs makes of a closure by the duty officer."""

    review = fields.Enum(ClosureReview, by_value=True, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "closure_reason": REASON_LABELS.__getitem__,
        "closure_review": REVIEW_LABELS.__getitem__,
        "window_label": window_label,
        "masked_name": masked_name,
        "standing_state": standing_state,
        "told_label": told_label,
        "answered_label": answered_label,
        "remedy_label": remedy_label,
        "offer_label": OFFER_LABELS.__getitem__,
        "call_label": CALL_LABELS.__getitem__,
    }


def standing_state(value: Standing) -> Markup:
    """Return where somebody stands whose booking fell."""
    return state(*_STANDINGS[value])


@bp.get("")
def show_list() -> Page:
    """Show the closures that the actor may read."""
    actor, form = current_actor(), Form.asked(FiltersForm())
    chosen = form.data["state"]
    page = list_closures(actor, chosen, page=form.data["page"], page_size=PAGE_SIZE)
    counts = {one: list_closures(actor, one, page_size=1).total for one in (ClosureFilter.OPEN, ClosureFilter.REVIEW)}
    return render_template(
        "closures/list.html",
        page=page,
        chosen=chosen,
        tabs=[(ClosureFilter.ALL, "全部", None)]
        + [
            (one, text, counts[one]) for one, text in ((ClosureFilter.OPEN, "未办结"), (ClosureFilter.REVIEW, "待审核"))
        ],
        tallies=tallies_of([closure.id for closure in page.items]),
        kept={"state": chosen.value},
    )


@bp.get("/new/<uuid:clinic_id>")
def show_new(clinic_id: UUID) -> Page:
    """Show whom the closure of a clinic would affect, and ask why."""
    shown = _preview(clinic_id)
    return _new_page(shown, Form(CloseForm()))


@bp.post("/new/<uuid:clinic_id>")
def close(clinic_id: UUID) -> Page:
    """Close a clinic."""
    form = Form.submitted(CloseForm())
    if form.is_valid:
        given = form.data
        draft = ClosureDraft(
            given["reason"], given["note"], given["caller"], _choices(given["choice"]), given["arrived_remedy"]
        )
        closure = form.attempt(lambda: close_clinic(current_actor(), clinic_id, given["version"], draft))
        if closure is not None:
            flash("已停诊，通知正在发出。", "done")
            return redirect(url_for("console.closures.show", closure_id=closure.id))
    return _new_page(_preview(clinic_id), form)


@bp.post("/new/<uuid:clinic_id>/substitute")
def substitute(clinic_id: UUID) -> Page:
    """Let another expert hold the clinic; nobody loses a place."""
    actor, form = current_actor(), Form.submitted(ReplaceForm())
    if form.is_valid:
        given = form.data
        done = form.attempt(lambda: replace_expert(actor, clinic_id, given["person"], given["version"]))
        if done is not None:
            flash("已改由另一位专家坐诊，预约全部保留，已通知患者。", "done")
            return redirect(url_for("console.clinics.show", clinic_id=clinic_id))
    shown = _preview(clinic_id)
    return _new_page(shown, Form(CloseForm()), form)


@bp.get("/<uuid:closure_id>")
def show(closure_id: UUID) -> Page:
    """Show a closure: who was told, who answered, who is to be called."""
    return _one_page(get_closure(current_actor(), closure_id), Form(ReviewForm()))


@bp.post("/<uuid:closure_id>/review")
def review(closure_id: UUID) -> Page:
    """Review a closure by the duty officer."""
    actor, form = current_actor(), Form.submitted(ReviewForm())
    if form.is_valid:
        done = form.attempt(lambda: review_closure(actor, closure_id, **form.data))
        if done is not None:
            flash("审核结果已保存，已通知办理人。", "done")
            return redirect(url_for("console.closures.show", closure_id=closure_id))
    return _one_page(get_closure(actor, closure_id), form)


@bp.get("/<uuid:closure_id>/calls")
def show_calls(closure_id: UUID) -> Page:
    """Show whom to call, with telephone numbers; every look is audited."""
    return _calls_page(closure_id)


@bp.post("/<uuid:closure_id>/calls/<uuid:booking_id>")
def tick_off(closure_id: UUID, booking_id: UUID) -> Page:
    """Write down what came of a call."""
    form = Form.submitted(CallForm())
    if form.is_valid:
        given = form.data
        done = form.attempt(
            lambda: record_call(
                current_actor(), closure_id, booking_id, given["version"], given["outcome"], given["note"]
            )
        )
        if done is not None:
            flash(f"{done.fallen.number}号：{CALL_LABELS[given['outcome']]}，已登记。", "done")
            return redirect(url_for("console.closures.show_calls", closure_id=closure_id))
    return _calls_page(closure_id, form)


def _preview(clinic_id: UUID) -> ClosurePreview:
    shown = preview_closure(current_actor(), clinic_id)
    if not shown.may:
        raise Forbidden
    return shown


def _choices(given: list[str]) -> dict[UUID, UUID | None]:
    pairs = (one.split(":") for one in given)
    return {UUID(booking): None if clinic == NO_PLACE else UUID(clinic) for booking, clinic in pairs}


def _new_page(shown: ClosurePreview, form: Form, replace_form: Form | None = None) -> Page:
    clinic, actor = shown.clinic, current_actor()
    substitutes = [] if actor.person_id == clinic.person_id else list_substitutes(actor, clinic.id)
    page = render_template(
        "closures/new.html",
        shown=shown,
        clinic=clinic,
        form=form,
        replace_form=replace_form or Form(ReplaceForm()),
        has_begun=clinic.starts_at <= clock.now(),
        is_over=clinic.ends_at <= clock.now(),
        arrived=BookingStatus.ARRIVED,
        reasons=[(value.value, label) for value, label in REASON_LABELS.items()],
        callers=list(possible_callers(clinic).items()),
        remedies=[(value.value, REMEDY_LABELS[value]) for value in sorted(ON_THE_SPOT)],
        substitutes=[(one.id, f"{one.name} {one.title}") for one in substitutes],
        no_place=NO_PLACE,
    )
    return page, max(form.status, replace_form.status if replace_form else 200)


def _one_page(closure: ClinicClosure, form: Form) -> Page:
    actor = current_actor()
    page = render_template(
        "closures/one.html",
        closure=closure,
        clinic=closure.clinic,
        tally=tallies_of([closure.id])[closure.id],
        standings=Standing,
        may_call=may_call(actor, closure),
        may_review=may_review(actor, closure),
        reviews=[(value.value, label) for value, label in REVIEW_LABELS.items()],
        form=form,
    )
    return page, form.status


def _calls_page(closure_id: UUID, form: Form | None = None) -> Page:
    listed = read_calls(current_actor(), closure_id)
    page = render_template(
        "closures/calls.html",
        closure=listed.closure,
        clinic=listed.closure.clinic,
        calls=listed.calls,
        done=Standing.DONE,
        outcomes=[(value.value, label) for value, label in CALL_LABELS.items()],
        form=form,
        now=clock.now(),
    )
    return page, form.status if form else 200
