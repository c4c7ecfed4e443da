"""Who signs for a director (授权代签): the list, naming somebody, ending it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from backend.console.forms import Form, FormSchema
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import list_candidates, list_delegations, list_recipients_overseen
from backend.domain.accounts.rules import DELEGATION_STATE_LABELS, DelegationState
from backend.domain.accounts.service import end_delegation, give_delegation
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.paging import Page as PageOf

bp = Blueprint("delegations", __name__, url_prefix="/delegations")
PEOPLE_SHOWN = 20
_A_WEEK = timedelta(days=6)
_LOOKS = {DelegationState.PLANNED: "calm", DelegationState.CURRENT: "good", DelegationState.ENDED: "calm"}
Page = tuple[str, int] | Response


class SearchForm(FormSchema):
    """Where somebody is named, and whom the search is for."""

    organisation_id = fields.UUID()
    text = fields.String(load_default="", validate=validate.Length(max=40))
    person_id = fields.UUID()


class DelegationForm(FormSchema):
    """Who signs, from a day to a day."""

    person_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class ConfirmForm(FormSchema):
    """Nothing but the will to do it."""


@bp.get("")
def show_list() -> Page:
    """Show who signs, who will and who did."""
    return _list_page(Form(ConfirmForm()))


@bp.get("/new")
def show_new() -> Page:
    """Ask who is to sign; once that is known, from when to when."""
    today = clock.today()
    return _new_page(Form(DelegationForm(), starts_on=today, ends_on=today + _A_WEEK))


@bp.post("/new")
def give() -> Page:
    """Name the person."""
    actor, form = current_actor(), Form.submitted(DelegationForm())
    if form.is_valid and form.attempt(lambda: give_delegation(actor, **form.data)) is not None:
        flash("授权已保存，已通知本人。", "done")
        return redirect(url_for("console.delegations.show_list"))
    return _new_page(form)


@bp.post("/<uuid:delegation_id>/end")
def end(delegation_id: UUID) -> Page:
    """End it at once."""
    actor, form = current_actor(), Form.submitted(ConfirmForm())
    if form.is_valid:
        form.attempt(lambda: end_delegation(actor, delegation_id))
    if form.is_valid:
        flash("授权已结束，立即生效。", "done")
        return redirect(url_for("console.delegations.show_list"))
    return _list_page(form)


def _list_page(form: Form) -> Page:
    actor = current_actor()
    page = render_template(
        "delegations/list.html",
        rows=list_delegations(actor),
        labels=DELEGATION_STATE_LABELS,
        looks=_LOOKS,
        ended=DelegationState.ENDED,
        may_write=may_as_office(actor, Action.WRITE, Resource.DELEGATION),
        form=form,
    )
    return page, form.status


def _new_page(form: Form) -> Page:
    actor, search = current_actor(), Form.asked(SearchForm())
    places = list_recipients_overseen(actor)
    chosen = next((place for place in places if place.id == search.data.get("organisation_id")), None)
    place = chosen or (places[0] if len(places) == 1 else None)
    people = _people(actor, place.id, search.data["text"]) if place else None
    page = render_template(
        "delegations/new.html",
        form=form,
        search=search,
        places=places,
        place=place,
        people=people,
        person=_person(actor, form, search, place.id) if place else None,
    )
    return page, form.status


def _people(actor: Actor, organisation_id: UUID, text: str) -> PageOf[Person]:
    return list_candidates(actor, organisation_id, text, page_size=PEOPLE_SHOWN)


def _person(actor: Actor, form: Form, search: Form, organisation_id: UUID) -> Person | None:
    """Return the one who was chosen, if they may be named."""
    try:
        chosen = UUID(form.value("person_id") or search.value("person_id"))
    except ValueError:
        return None
    found = list_candidates(actor, organisation_id, person_id=chosen, page_size=1).items
    return found[0] if found else None
