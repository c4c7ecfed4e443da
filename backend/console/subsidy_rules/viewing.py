"""Looking at rules: programmes with what waits, what holds where, an item with all its versions, one version."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from backend.console.forms import Form
from backend.console.gate import current_actor
from backend.console.navigation import may_as_office
from backend.console.subsidy_rules.blueprint import Page, bp, may_in
from backend.console.subsidy_rules.forms import HoldingForm
from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import list_organisations, organisations_under
from backend.domain.organisations.rules.kinds import may_support
from backend.domain.subsidies.queries.rules import (
    list_programmes,
    list_recipients,
    list_waiting_rules,
    what_holds,
)
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden


@bp.get("")
def show_list() -> Page:
    """Show the programmes in sight with what holds today, and the versions that wait for a decision."""
    actor = current_actor()
    return render_template(
        "subsidy_rules/list.html",
        programmes=list_programmes(actor),
        waiting=list_waiting_rules(actor),
        month=clock.today().replace(day=1),
        may_decide=may_as_office(actor, Action.DECIDE, Resource.SUBSIDY_RULE),
        may_write=may_as_office(actor, Action.WRITE, Resource.SUBSIDY_RULE),
        may_in=lambda programme: may_in(programme.organisation_id, Action.WRITE),
    )


@bp.get("/holding")
def show_holding() -> Page:
    """Show which version of each item holds for those whom a hospital sends to a recipient, in a month."""
    actor, asked = current_actor(), Form.asked(HoldingForm()).data
    if actor.organisation_id is None:
        raise Forbidden
    hospitals, recipients = _hospitals(), list_recipients(actor, actor.organisation_id)
    hospital_id: UUID = asked.get("hospital") or (hospitals[0].id if hospitals else actor.organisation_id)
    recipient_id: UUID | None = asked.get("recipient") or (recipients[0].id if recipients else None)
    month = asked.get("month", clock.today().replace(day=1))
    return render_template(
        "subsidy_rules/holding.html",
        hospitals=hospitals,
        hospital_id=hospital_id,
        recipients=recipients,
        recipient_id=recipient_id,
        month=month,
        holdings=what_holds(actor, hospital_id, recipient_id, month) if recipient_id else [],
    )


def _hospitals() -> list[Organisation]:
    """Return the hospitals that a bureau chooses from; an office has its own."""
    actor = current_actor()
    if actor.role is not Role.BUREAU or actor.organisation_id is None:
        return []
    return [one for one in list_organisations(organisations_under(actor.organisation_id)) if may_support(one.kind)]
