"""Exceptions (异常核实): taps that are not verified, what is known of one, and what people say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from backend.domain.access.rules import Action, Resource, may
from backend.domain.accounts.queries import names_of
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.exceptions import (
    ExceptionState,
    count_open_exceptions,
    list_exceptions,
    may_confirm,
    may_judge,
    taps_of_duty,
)
from backend.domain.attendance.queries.taps import get_check_in
from backend.domain.attendance.rules.evidence import (
    CONFIRMATION_LABELS,
    JUDGEMENT_LABELS,
    OUTCOME_LABELS,
    Confirmation,
    Judgement,
    Outcome,
)
from backend.domain.attendance.service.reviews import confirm_presence, judge_tap, question_tap
from backend.domain.dispatch.queries import visible_organisations
from backend.domain.organisations.queries import list_organisations, parties_to_pair
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock

bp = Blueprint("exceptions", __name__, url_prefix="/exceptions")
PAGE_SIZE = 50
KEPT = ("state", "outcome", "recipient", "text")
Page = str | tuple[str, int] | Response
_OUTCOMES = {Outcome.VERIFIED: "good", Outcome.UNCERTAIN: "warn", Outcome.SUSPECT: "bad"}


class FiltersForm(PageForm):
    """What the list is narrowed to."""

    state = fields.Enum(ExceptionState, by_value=True)
    outcome = fields.Enum(Outcome, by_value=True)
    recipient = fields.UUID()
    text = fields.String(validate=validate.Length(max=40))


class ConfirmForm(FormSchema):
    """What the recipient saw."""

    version = fields.Integer(required=True)
    confirmation = fields.Enum(Confirmation, by_value=True, required=True)


class JudgeForm(FormSchema):
    """What the supporting hospital decides, and why."""

    version = fields.Integer(required=True)
    judgement = fields.Enum(Judgement, by_value=True, required=True)
    reason = fields.String(required=True, validate=validate.Length(max=200, error="请控制在200字以内。"))


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "outcome_state": outcome_state,
        "outcome_label": OUTCOME_LABELS.__getitem__,
        "said_state": said_state,
    }


def outcome_state(value: Outcome) -> Markup:
    """Return what the evidence of a tap comes to."""
    return state(OUTCOME_LABELS[value], _OUTCOMES[value])


def said_state(check_in: CheckIn) -> Markup:
    """Return the last word that counts of a tap, or that it waits for one."""
    review = check_in.review
    if review is not None and review.judgement is not None:
        return state(JUDGEMENT_LABELS[review.judgement], "good" if review.judgement is Judgement.ACCEPTED else "bad")
    if review is not None and review.confirmation is not None:
        here = review.confirmation is Confirmation.PRESENT
        return state(CONFIRMATION_LABELS[review.confirmation], "good" if here else "bad")
    return state("待核实", "warn")


@bp.get("")
def show_list() -> Page:
    """Show the exceptions that the actor may read: those that wait for a word unless told otherwise."""
    actor, filters = current_actor(), Form.asked(FiltersForm())
    asked = filters.data
    visible = list_organisations(visible_organisations(actor, clock.today()))
    return render_template(
        "exceptions/list.html",
        page=list_exceptions(
            actor,
            state=asked.get("state", ExceptionState.OPEN),
            outcome=asked.get("outcome"),
            recipient_id=asked.get("recipient"),
            text=asked.get("text", ""),
            page=asked["page"],
            page_size=PAGE_SIZE,
        ),
        waiting=count_open_exceptions(actor),
        filters=filters,
        outcomes=[outcome for outcome in Outcome if outcome is not Outcome.VERIFIED],
        recipients=[organisation for organisation in visible if may_receive(organisation.kind)],
        kept={name: filters.value(name) for name in KEPT if filters.value(name)},
    )


@bp.get("/<uuid:check_in_id>")
def show(check_in_id: UUID) -> Page:
    """Show one tap: what the phone said, what the server made of it, and what people said."""
    return _page(check_in_id)


@bp.post("/<uuid:check_in_id>/confirm")
def confirm(check_in_id: UUID) -> Page:
    """Say for the recipient whether the person was there."""
    form = Form.submitted(ConfirmForm())
    return _do(
        check_in_id,
        "现场确认已保存。",
        form,
        lambda: confirm_presence(current_actor(), check_in_id, form.data["version"], form.data["confirmation"]),
        confirm_form=form,
    )


@bp.post("/<uuid:check_in_id>/judge")
def judge(check_in_id: UUID) -> Page:
    """Decide for the supporting hospital whether the tap counts."""
    form = Form.submitted(JudgeForm())
    return _do(
        check_in_id,
        "判定已保存，本人会收到通知。",
        form,
        lambda: judge_tap(
            current_actor(),
            check_in_id,
            form.data["version"],
            form.data["judgement"],
            reason=form.data["reason"],
        ),
        judge_form=form,
    )


@bp.post("/<uuid:check_in_id>/question")
def question(check_in_id: UUID) -> Page:
    """Ask the one concerned to explain."""
    form = Form(FormSchema())
    done = "已请本人说明，说明会显示在这里。"
    return _do(check_in_id, done, form, lambda: question_tap(current_actor(), check_in_id), question_form=form)


def _do(check_in_id: UUID, done: str, form: Form, act: Callable[[], object], **forms: Form) -> Page:
    if form.is_valid:
        form.attempt(act)
    if form.is_valid:
        flash(done, "done")
        return redirect(url_for("console.exceptions.show", check_in_id=check_in_id))
    return _page(check_in_id, **forms)


def _page(check_in_id: UUID, **submitted: Form) -> Page:
    actor = current_actor()
    check_in = get_check_in(actor, check_in_id)
    review = check_in.review
    forms = {
        "confirm_form": Form(ConfirmForm()),
        "judge_form": Form(JudgeForm()),
        "question_form": Form(FormSchema()),
        **submitted,
    }
    page = render_template(
        "exceptions/one.html",
        check_in=check_in,
        review=review,
        # Of what is shown now: who was too late reads it before trying again.
        version=review.version if review else 0,
        others=taps_of_duty(check_in),
        names=names_of(_who(check_in)),
        confirms=may_confirm(actor, check_in),
        judges=may_judge(actor, check_in),
        asks=may_judge(actor, check_in) and (review is None or review.judgement is None),
        locates=check_in.location is not None and check_in.outcome is not Outcome.VERIFIED and _may_locate(check_in),
        sees_dispatch=may_as_office(actor, Action.READ, Resource.DISPATCH),
        confirmations=[(value, CONFIRMATION_LABELS[value]) for value in Confirmation],
        judgements=[(value, JUDGEMENT_LABELS[value]) for value in Judgement],
        **forms,
    )
    return page, max([form.status for form in submitted.values()], default=200)


def _may_locate(check_in: CheckIn) -> bool:
    actor, dispatch = current_actor(), check_in.dispatch
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    return may(actor.role, Action.READ, Resource.COORDINATES, parties)


def _who(check_in: CheckIn) -> Iterable[UUID]:
    review = check_in.review
    said = (review.confirmed_by_person_id, review.judged_by_person_id) if review else ()
    return [person_id for person_id in said if person_id is not None]
