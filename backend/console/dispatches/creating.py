"""Sending somebody: first who, then where and when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.dispatches.blueprint import bp
from backend.console.dispatches.forms import WORKING_HALVES, NewForm, pattern_of, shifts_among
from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import get_person, list_people
from backend.domain.dispatch.queries import list_rotations
from backend.domain.dispatch.rules import DispatchKind
from backend.domain.dispatch.service import DispatchDraft, create_dispatch, unmet_conditions_of
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import list_hospitals_nearby, require_list_right
from backend.domain.organisations.rules.kinds import may_receive
from backend.foundation import clock
from backend.foundation.actor import Actor

Page = str | tuple[str, int] | Response
PEOPLE_SHOWN = 20


@bp.get("/new")
def show_new() -> Page:
    """Ask whom to send; once that is known, where and when."""
    require_list_right(current_actor(), Action.WRITE, Resource.DISPATCH)
    if not request.args.get("person_id"):
        return person_search(
            "console.dispatches.show_new", title="新建派驻", back=url_for("console.dispatches.show_list")
        )
    form = Form.draft(NewForm())
    if not form.values("kind"):
        form = Form(
            NewForm(),
            person_id=form.value("person_id"),
            kind=DispatchKind.POSTED,
            starts_on=clock.today(),
            halves=WORKING_HALVES,
        )
    elif form.value("kind") == DispatchKind.VISITING and form.values("halves") == [str(one) for one in WORKING_HALVES]:
        form.typed.setlist("halves", [])  # a visit has no preset days
    return _form_page(form)


@bp.post("/new")
def create() -> Page:
    """Send the person."""
    form = Form.submitted(NewForm())
    if form.is_valid:
        dispatch = form.attempt(lambda: create_dispatch(current_actor(), _draft(form)))
        if dispatch is not None:
            flash("派驻已保存，已通知派驻人员。", "done")
            return redirect(url_for("console.dispatches.show", dispatch_id=dispatch.id))
    return _form_page(form)


def person_search(endpoint: str, *, title: str, back: str, **arguments: object) -> str:
    """Return the page on which one of the organisation's people is chosen; the choice leads to `endpoint`."""
    text = request.args.get("text", "").replace("\0", "").strip()[:40]
    page = list_people(current_actor(), text, page_size=PEOPLE_SHOWN)
    partial = request.headers.get("HX-Target") == "people"
    return render_template(
        "dispatches/people.html" if partial else "dispatches/person.html",
        page=page,
        text=text,
        endpoint=endpoint,
        arguments=arguments,
        title=title,
        back=back,
    )


def _form_page(form: Form) -> Page:
    actor = current_actor()
    person_id = _uuid(form.value("person_id"))
    if person_id is None:
        return redirect(url_for("console.dispatches.show_new"))
    person = get_person(actor, person_id)
    recipients = _recipients(actor)
    recipient_id = _uuid(form.value("recipient_id"))
    page = render_template(
        "dispatches/fields.html" if request.headers.get("HX-Target") == "fields" else "dispatches/new.html",
        form=form,
        person=person,
        recipients=recipients,
        recipient=next((organisation for organisation in recipients if organisation.id == recipient_id), None),
        rotations=[rotation.name for rotation in list_rotations(actor)],
        unmet=_unmet(person, form.value("starts_on")),
    )
    return page, form.status


def _recipients(actor: Actor) -> list[Organisation]:
    if actor.organisation_id is None:
        return []
    nearby = list_hospitals_nearby(actor.organisation_id)
    return [one for one in nearby if may_receive(one.kind) and one.id != actor.organisation_id]


def _unmet(person: Person, starts_on: str) -> list[str]:
    try:
        return unmet_conditions_of(person, date.fromisoformat(starts_on))
    except ValueError:
        return []


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _draft(form: Form) -> DispatchDraft:
    given = form.data
    single = given["kind"] is DispatchKind.VISITING and given["single_days"]
    return DispatchDraft(
        person_id=given["person_id"],
        recipient_id=given["recipient_id"],
        kind=given["kind"],
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
        pattern=None if single else pattern_of(given["halves"]),
        single_days=tuple(given["single_days"]) if single else (),
        shifts=shifts_among(given["halves"]) or DispatchDraft.shifts,
        site_ids=tuple(given["site_ids"]),
        department_id=given["department_id"],
        rotation_name=given["rotation_name"],
        leads_team=given["leads_team"],
        exception_reason=given["exception_reason"],
    )
