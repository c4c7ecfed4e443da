"""Reading closures, each as far as the actor may see."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.accounts.queries import holders_of, names_of
from backend.domain.clinics.errors.closures import ClosureNotFound
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.fallen import UNSETTLED
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.paging import Page, fetch_page


class ClosureFilter(StrEnum):
    """Which closures."""

    OPEN = "open"  # somebody is still to be told or to answer
    REVIEW = "review"  # closed by the duty officer, not reviewed yet
    ALL = "all"


def list_closures(
    actor: Actor, state: ClosureFilter = ClosureFilter.ALL, *, page: int = 1, page_size: int = 20
) -> Page[ClinicClosure]:
    """Return the closures that the actor may read, or was named to call for, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    scope = pair_scope(
        actor,
        Resource.CLOSURE,
        supporting=Clinic.supporting_id,
        recipient=Clinic.recipient_id,
        person=Clinic.person_id,
    )
    if actor.person_id is not None:
        scope = or_(scope, ClinicClosure.caller_person_id == actor.person_id)
    statement = _closures().where(scope)
    if state is ClosureFilter.OPEN:
        statement = statement.where(UNSETTLED)
    elif state is ClosureFilter.REVIEW:
        statement = statement.where(ClinicClosure.needs_review, ClinicClosure.review.is_(None))
    return fetch_page(
        statement.order_by(ClinicClosure.closed_at.desc(), ClinicClosure.id), page=page, page_size=page_size
    )


def get_closure(
    actor: Actor, closure_id: UUID, action: Action = Action.READ, resource: Resource = Resource.CLOSURE
) -> ClinicClosure:
    """Return a closure on which, or on whose call list, the actor may act so.

    Raises:
        ClosureNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = _closures().where(ClinicClosure.id == closure_id)
    closure = db.session.scalars(statement).one_or_none()
    if closure is None or not _parties(actor, closure):
        raise ClosureNotFound
    require_right(actor, action, resource, _parties(actor, closure, resource))
    return closure


def may_call(actor: Actor, closure: ClinicClosure) -> bool:
    """Tell whether the actor calls those who fell with this closure: the site's desk, or who was named."""
    return may(actor.role, Action.WRITE, Resource.CALL_LIST, _parties(actor, closure, Resource.CALL_LIST))


def may_review(actor: Actor, closure: ClinicClosure) -> bool:
    """Tell whether the actor may review the closure now."""
    open_to_review = closure.needs_review and closure.review is None
    return (
        open_to_review
        and actor.person_id != closure.closed_by_person_id
        and may(actor.role, Action.DECIDE, Resource.CLOSURE, _parties(actor, closure))
    )


def _parties(actor: Actor, closure: ClinicClosure, resource: Resource = Resource.CLOSURE) -> frozenset[Party]:
    clinic, is_caller = closure.clinic, actor.person_id is not None and actor.person_id == closure.caller_person_id
    parties = parties_to_pair(
        actor,
        supporting_id=clinic.supporting_id,
        recipient_id=clinic.recipient_id,
        person_id=None if resource is Resource.CALL_LIST else clinic.person_id,
    )
    return parties | {Party.SELF} if is_caller else parties


def _closures() -> Select[ClinicClosure]:
    return (
        select(ClinicClosure)
        .join(ClinicClosure.clinic)
        .options(
            contains_eager(ClinicClosure.clinic).options(*names_of_clinic()),
            joinedload(ClinicClosure.closed_by),
            joinedload(ClinicClosure.caller),
        )
    )


def possible_callers(clinic: Clinic) -> dict[UUID, str]:
    """Return whom a closure may name to call in place of the site's desk: the offices of both hospitals, by name."""
    offices = (
        (Role.DUTY, clinic.supporting_id),
        (Role.MEDICAL_AFFAIRS, clinic.supporting_id),
        (Role.DIRECTOR, clinic.recipient_id),
        (Role.DESK, clinic.recipient_id),
    )
    ids = [person_id for role, organisation_id in offices for person_id in holders_of(role, organisation_id)]
    return names_of(ids)
