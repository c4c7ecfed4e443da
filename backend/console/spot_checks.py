"""Spot checks (查岗): what was asked and answered, ordering one, recording a call, reviewing, and how each answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.words import state
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import (
    SpotCheckFilters,
    get_dispatch_to_check,
    get_spot_check,
    list_spot_checks,
    may_decide,
    may_review,
    spot_check_figures,
    waits_for_review,
)
from backend.domain.attendance.rules.spot_checks import (
    ANSWER_LABELS,
    REVIEW_LABELS,
    SPOT_CHECK_KIND_LABELS,
    SPOT_CHECK_STATUS_LABELS,
    TRANSITIONS,
    SpotCheckAction,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.service.spot_check_reviews import record_call, review_spot_check
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock

bp = Blueprint("spot_checks", __name__, url_prefix="/spot-checks")
PAGE_SIZE = 50
KEPT = ("status", "recipient", "text", "first", "last", "waiting")
Page = str | tuple[str, int] | Response
_REMEMBERED = timedelta(weeks=8)
_LOOKS = {
    SpotCheckStatus.PLANNED: "calm",
    SpotCheckStatus.SENT: "on",
    SpotCheckStatus.DELIVERED: "on",
    SpotCheckStatus.ANSWERED: "good",
    SpotCheckStatus.MISSED: "missing",
    SpotCheckStatus.EXEMPT: "away",
    SpotCheckStatus.UNDELIVERED: "calm",
}
_SHORT = validate.Length(max=200, error="请控制在200字以内。")


class FiltersForm(PageForm):
    """What the list is narrowed to."""

    status = fields.Enum(SpotCheckStatus, by_value=True)
    recipient = fields.UUID()
    text = fields.String(validate=validate.Length(max=40))
    first = fields.Date()
    last = fields.Date()
    waiting = fields.Boolean()


class OrderForm(FormSchema):
    """Who is asked now, and what."""

    kind = fields.Enum(SpotCheckKind, by_value=True, required=True)
    note = fields.String(load_default="", validate=_SHORT)


class CallForm(FormSchema):
    """What the office heard on the recipient's telephone."""

    version = fields.Integer(required=True)
    present = fields.String(required=True, validate=validate.OneOf(["yes", "no"], error="请选择本人是否在岗。"))
    note = fields.String(load_default="", validate=_SHORT)


class ReviewForm(FormSchema):
    """What was decided about it."""

    version = fields.Integer(required=True)
    review = fields.Enum(SpotCheckReview, by_value=True, required=True)
    reason = fields.String(load_default="", validate=_SHORT)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "spot_check_state": spot_check_state,
        "spot_check_status_label": SPOT_CHECK_STATUS_LABELS.__getitem__,
        "spot_check_kind_label": SPOT_CHECK_KIND_LABELS.__getitem__,
        "answer_label": ANSWER_LABELS.__getitem__,
        "review_state": review_state,
    }


def spot_check_state(value: SpotCheckStatus) -> Markup:
    """Return where a spot check stands."""
    return state(SPOT_CHECK_STATUS_LABELS[value], _LOOKS[value])


def review_state(spot_check: SpotCheck) -> Markup:
    """Return what was decided about a spot check, or that it waits for that."""
    if spot_check.review is None:
        return state("待核实", "warn") if waits_for_review(spot_check) else Markup("")
    return state(REVIEW_LABELS[spot_check.review], "good" if spot_check.review is SpotCheckReview.EXCUSED else "bad")


@bp.get("")
def show_list() -> Page:
    """Show the spot checks that the actor may read."""
    actor, form = current_actor(), Form.asked(FiltersForm())
    visible = list_organisations(visible_organisations(actor, clock.today()))
    return render_template(
        "spot_checks/list.html",
        page=list_spot_checks(actor, _filters(form), page=form.data["page"], page_size=PAGE_SIZE),
        waiting=list_spot_checks(actor, SpotCheckFilters(waiting=True), page_size=1).total,
        filters=form,
        statuses=[status for status in SpotCheckStatus if status is not SpotCheckStatus.PLANNED],
        recipients=[organisation for organisation in visible if may_receive(organisation.kind)],
        may_order=may_as_office(actor, Action.WRITE, Resource.SPOT_CHECK),
        ordered=SpotCheckOrigin.ORDERED,
        kept={name: form.value(name) for name in KEPT if form.value(name)},
    )


@bp.get("/people")
def show_people() -> Page:
    """Show how each person answered, in the last eight weeks unless told otherwise."""
    actor, form = current_actor(), Form.asked(FiltersForm())
    today = clock.today()
    first, last = form.data.get("first", today - _REMEMBERED), form.data.get("last", today)
    rows = spot_check_figures(actor, SpotCheckFilters(first=first, last=last, text=form.data.get("text", "")))
    return render_template("spot_checks/people.html", rows=rows, first=first, last=last, filters=form)


@bp.get("/new/<uuid:dispatch_id>")
def show_new(dispatch_id: UUID) -> Page:
    """Ask what somebody is to be asked."""
    return _order_page(dispatch_id, Form(OrderForm(), kind=SpotCheckKind.PRESENCE.value))


@bp.post("/new/<uuid:dispatch_id>")
def order(dispatch_id: UUID) -> Page:
    """Ask somebody where they are, now."""
    form = Form.submitted(OrderForm())
    if form.is_valid:
        ordered = form.attempt(lambda: order_spot_check(current_actor(), dispatch_id, **form.data))
        if ordered is not None:
            flash("查岗已发出。对方打开小程序即为送达，送达后15分钟内应答。", "done")
            return redirect(url_for("console.spot_checks.show", spot_check_id=ordered.id))
    return _order_page(dispatch_id, form)


def _order_page(dispatch_id: UUID, form: Form) -> Page:
    dispatch = get_dispatch_to_check(current_actor(), dispatch_id)
    kinds = [(kind.value, label) for kind, label in SPOT_CHECK_KIND_LABELS.items()]
    return render_template("spot_checks/new.html", form=form, dispatch=dispatch, kinds=kinds), form.status


@bp.get("/<uuid:spot_check_id>")
def show(spot_check_id: UUID) -> Page:
    """Show a spot check."""
    return _page(get_spot_check(current_actor(), spot_check_id))


@bp.post("/<uuid:spot_check_id>/call")
def record(spot_check_id: UUID) -> Page:
    """Record a call to the recipient's telephone."""
    actor, form = current_actor(), Form.submitted(CallForm())
    if form.is_valid:
        given = {"present": form.data["present"] == "yes", "note": form.data["note"]}
        if form.attempt(lambda: record_call(actor, spot_check_id, form.data["version"], **given)):
            flash("座机核实已登记。", "done")
            return redirect(url_for("console.spot_checks.show", spot_check_id=spot_check_id))
    return _page(get_spot_check(actor, spot_check_id, Action.DECIDE), call_form=form)


@bp.post("/<uuid:spot_check_id>/review")
def review(spot_check_id: UUID) -> Page:
    """Decide what is to be thought of a spot check."""
    actor, form = current_actor(), Form.submitted(ReviewForm())
    if form.is_valid:
        given = {"review": form.data["review"], "reason": form.data["reason"]}
        if form.attempt(lambda: review_spot_check(actor, spot_check_id, form.data["version"], **given)):
            flash("核实结果已保存，已通知本人。", "done")
            return redirect(url_for("console.spot_checks.show", spot_check_id=spot_check_id))
    return _page(get_spot_check(actor, spot_check_id, Action.DECIDE), review_form=form)


def _page(spot_check: SpotCheck, **forms: Form) -> Page:
    actor = current_actor()
    can_call = (spot_check.status, SpotCheckAction.RECORD_CALL) in TRANSITIONS and may_decide(actor, spot_check)
    people = (spot_check.ordered_by_person_id, spot_check.recorded_by_person_id, spot_check.reviewed_by_person_id)
    page = render_template(
        "spot_checks/one.html",
        spot_check=spot_check,
        names=names_of(person_id for person_id in people if person_id),
        may_call=can_call,
        may_review=may_review(actor, spot_check),
        call_form=forms.get("call_form") or Form(CallForm(), version=spot_check.version),
        review_form=forms.get("review_form") or Form(ReviewForm(), version=spot_check.version),
        reviews=[(value.value, label) for value, label in REVIEW_LABELS.items()],
    )
    return page, max((form.status for form in forms.values()), default=200)


def _filters(form: Form) -> SpotCheckFilters:
    asked = form.data
    return SpotCheckFilters(
        status=asked.get("status"),
        recipient_id=asked.get("recipient"),
        text=asked.get("text", ""),
        waiting=asked.get("waiting", False),
        first=asked.get("first"),
        last=asked.get("last"),
    )
