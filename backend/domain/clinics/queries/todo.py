"""What clinics ask of somebody in their current role: those of today, and people whom a closure left to be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.fallen import UNSETTLED, tallies_of
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.organisations.queries import pair_scope
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role

# Who was to come on a day long past needs no call any more.
_CALLED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class ClinicTodo:
    """How many clinics are held today, and how many people are to be called."""

    clinics_today: int
    closures_to_call: int


def clinic_todo_of(actor: Actor) -> ClinicTodo:
    """Return what waits for the actor; 0 of what they have no say in, without asking the database."""
    return ClinicTodo(clinics_today=_count_today(actor), closures_to_call=_count_calls(actor))


def _count_today(actor: Actor) -> int:
    parties = parties_with(actor.role, Action.READ, Resource.CLINIC)
    if actor.person_id is None or (parties == {Party.SELF} and actor.role is not Role.STAFF):
        return 0
    scope = pair_scope(
        actor,
        Resource.CLINIC,
        supporting=Clinic.supporting_id,
        recipient=Clinic.recipient_id,
        person=Clinic.person_id,
    )
    held = (Clinic.held_on == clock.today(), Clinic.status == ClinicStatus.SCHEDULED)
    return db.session.scalar(select(func.count()).select_from(Clinic).where(scope, *held)) or 0


def _count_calls(actor: Actor) -> int:
    """Count for who was named to call, in whatever role, and for the desk where nobody was."""
    if actor.person_id is None:
        return 0
    caller = ClinicClosure.caller_person_id
    mine = caller == actor.person_id
    if Party.RECIPIENT in parties_with(actor.role, Action.WRITE, Resource.CALL_LIST):
        mine = or_(mine, and_(caller.is_(None), Clinic.recipient_id == actor.organisation_id))
    statement = (
        select(ClinicClosure.id)
        .join(ClinicClosure.clinic)
        .where(mine, Clinic.held_on >= clock.today() - _CALLED_FOR, UNSETTLED)
    )
    return sum(tally.to_call for tally in tallies_of(db.session.scalars(statement).all()).values())
