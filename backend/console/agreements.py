"""Agreements (支援协议): who supports whom, in which period."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema, PageForm
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource, may
from backend.domain.organisations.models import Agreement
from backend.domain.organisations.queries import (
    get_agreement,
    list_agreements,
    list_hospitals_nearby,
    parties_to_pair,
    require_list_right,
)
from backend.domain.organisations.rules.kinds import may_receive, may_support
from backend.domain.organisations.service import change_agreement, create_agreement
from backend.foundation import clock

bp = Blueprint("agreements", __name__, url_prefix="/agreements")
PAGE_SIZE = 50
Page = str | tuple[str, int] | Response


class PeriodForm(FormSchema):
    """The period of an agreement."""

    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class NewForm(PeriodForm):
    """An agreement of a pair."""

    supporting_id = fields.UUID(required=True)
    recipient_id = fields.UUID(required=True)


@bp.get("")
def show_list() -> Page:
    """Show the agreements that the actor may read."""
    actor = current_actor()
    return render_template(
        "agreements/list.html",
        page=list_agreements(actor, page=Form.asked(PageForm()).data["page"], page_size=PAGE_SIZE),
        today=clock.today(),
        may_create=may_as_office(actor, Action.WRITE, Resource.AGREEMENT),
    )


@bp.get("/new")
def show_new() -> Page:
    """Ask who supports whom."""
    actor = current_actor()
    require_list_right(actor, Action.WRITE, Resource.AGREEMENT)
    return _new_page(Form(NewForm(), supporting_id=actor.organisation_id, starts_on=clock.today()))


@bp.post("/new")
def create() -> Page:
    """Record an agreement."""
    form = Form.submitted(NewForm())
    if form.is_valid and form.attempt(lambda: create_agreement(current_actor(), **form.data)) is not None:
        flash("协议已登记。", "done")
        return redirect(url_for("console.agreements.show_list"))
    return _new_page(form)


@bp.get("/<uuid:agreement_id>")
def show(agreement_id: UUID) -> Page:
    """Show an agreement."""
    agreement = get_agreement(current_actor(), agreement_id)
    return _page(agreement, Form(PeriodForm(), starts_on=agreement.starts_on, ends_on=agreement.ends_on))


@bp.post("/<uuid:agreement_id>")
def change(agreement_id: UUID) -> Page:
    """Change the period of an agreement."""
    actor, form = current_actor(), Form.submitted(PeriodForm())
    agreement = get_agreement(actor, agreement_id)
    if form.is_valid and form.attempt(lambda: change_agreement(actor, agreement_id, **form.data)) is not None:
        flash("协议已修改。", "done")
        return redirect(url_for("console.agreements.show_list"))
    return _page(agreement, form)


def _page(agreement: Agreement, form: Form) -> Page:
    actor = current_actor()
    parties = parties_to_pair(actor, supporting_id=agreement.supporting_id, recipient_id=agreement.recipient_id)
    may_write = may(actor.role, Action.WRITE, Resource.AGREEMENT, parties)
    return render_template("agreements/one.html", agreement=agreement, form=form, may_write=may_write), form.status


def _new_page(form: Form) -> Page:
    actor = current_actor()
    nearby = list_hospitals_nearby(actor.organisation_id) if actor.organisation_id else []
    page = render_template(
        "agreements/new.html",
        form=form,
        supporting=[(one.id, one.name) for one in nearby if may_support(one.kind)],
        recipients=[(one.id, one.name) for one in nearby if may_receive(one.kind)],
    )
    return page, form.status
