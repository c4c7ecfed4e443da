"""One person whole: every title, every rule, every stay with its arithmetic, and the papers."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.promotion.blueprint import Page, bp
from backend.console.promotion.forms import PersonForm, RefusalForm, RevokeForm, ServiceForm
from backend.console.promotion.listing import day_asked
from backend.domain.access.rules import Action, Resource
from backend.domain.careers.queries.eligibility import get_person_to_judge, judge_person
from backend.domain.careers.queries.papers import papers_of
from backend.foundation import clock


@bp.get("/people/<uuid:person_id>")
def show(person_id: UUID) -> Page:
    """Show somebody's verdicts on a day, and what was entered about them."""
    return person_page(person_id)


def person_page(
    person_id: UUID,
    *,
    service_form: Form | None = None,
    refusal_form: Form | None = None,
    refused: Form | None = None,
) -> Page:
    """Return the page of somebody, with the form that was refused, if any."""
    actor = current_actor()
    person = get_person_to_judge(actor, person_id)
    on = day_asked(Form.asked(PersonForm()))
    wrong = next((form for form in (service_form, refusal_form, refused) if form is not None), None)
    papers = papers_of(person_id)
    page = render_template(
        "promotion/person.html",
        person=person,
        on=on,
        is_today=on == clock.today(),
        verdicts=judge_person(person, on),
        papers=papers,
        certified={one.title for one in papers.certificates if one.revoked_at is None},
        keeps=may_as_office(actor, Action.WRITE, Resource.PROMOTION) and actor.person_id != person_id,
        is_own=actor.person_id == person_id,
        service_form=service_form or Form(ServiceForm()),
        refusal_form=refusal_form or Form(RefusalForm()),
        revoke_form=Form(RevokeForm()),
        refused=refused,
    )
    return (page, wrong.status) if wrong is not None else page


def address_of_person(person_id: UUID) -> str:
    """Return the address of somebody's page."""
    return url_for("console.promotion.show", person_id=person_id)
