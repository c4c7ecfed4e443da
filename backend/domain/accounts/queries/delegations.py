"""Reading who signs for a director, from when to when (授权代签)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.accounts.queries.people import names_of
from backend.domain.accounts.rules import DelegationState, delegation_state, normalised_name
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import (
    organisations_under,
    parties_to_own,
    require_list_right,
    require_right,
)
from backend.domain.organisations.rules.kinds import OrganisationKind, may_receive
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page


@dataclass(frozen=True)
class DelegationRow:
    """Somebody who signs, has signed or will sign for a director."""

    id: UUID
    person: Person
    organisation: Organisation
    starts_on: date
    ends_on: date
    state: DelegationState
    given_by: str


def list_delegations(actor: Actor) -> list[DelegationRow]:
    """Return the delegations of the actor's organisation, for a bureau of those below it; those that end last first.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = (
        select(RoleHolding)
        .where(RoleHolding.role == Role.DELEGATE, _within(actor, Action.READ, RoleHolding.organisation_id))
        .options(joinedload(RoleHolding.person), joinedload(RoleHolding.organisation))
        .order_by(func.upper(RoleHolding.during).desc(), RoleHolding.id)
        .limit(200)
    )
    holdings = list(db.session.scalars(statement))
    names = names_of(holding.given_by_person_id for holding in holdings if holding.given_by_person_id)
    return [_row(holding, names) for holding in holdings]


def get_delegation(actor: Actor, delegation_id: UUID, action: Action = Action.READ) -> RoleHolding:
    """Return a delegation on which the actor may act so.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    holding = db.session.get(RoleHolding, delegation_id)
    if holding is None or holding.role is not Role.DELEGATE:
        raise NotFound
    require_right(actor, action, Resource.DELEGATION, parties_to_own(actor, holding.organisation_id))
    return holding


def list_candidates(
    actor: Actor,
    organisation_id: UUID | None = None,
    text: str = "",
    *,
    person_id: UUID | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Page[Person]:
    """Return the people of a recipient whom the actor may name to sign, by staff number: nobody who signs anyway.

    The organisation is the actor's own unless told; `text` finds names and staff numbers, `person_id`
    one of them.

    Raises:
        NotFound, Forbidden: the actor names nobody there.
    """
    at = organisation_id or actor.organisation_id
    if at is None:
        require_list_right(actor, Action.WRITE, Resource.DELEGATION)
        raise NotFound
    require_right(actor, Action.WRITE, Resource.DELEGATION, parties_to_own(actor, at))
    is_director = (RoleHolding.organisation_id == at, RoleHolding.role == Role.DIRECTOR)
    statement = select(Person).where(
        Person.organisation_id == at,
        Person.disabled_at.is_(None),
        Person.id != actor.person_id,
        Person.id.not_in(select(RoleHolding.person_id).where(*is_director)),
    )
    if person_id is not None:
        statement = statement.where(Person.id == person_id)
    if text:
        statement = statement.where(
            or_(
                Person.name.contains(normalised_name(text), autoescape=True),
                Person.staff_number.istartswith(text.strip(), autoescape=True),
            )
        )
    return fetch_page(statement.order_by(Person.staff_number, Person.id), page=page, page_size=page_size)


def list_recipients_overseen(actor: Actor) -> list[Organisation]:
    """Return the organisations at which the actor may name who signs, by code.

    Raises:
        Forbidden: the current role names nobody.
    """
    kinds = [kind for kind in OrganisationKind if may_receive(kind)]
    within = _within(actor, Action.WRITE, Organisation.id)
    statement = select(Organisation).where(within, Organisation.kind.in_(kinds)).order_by(Organisation.code)
    return list(db.session.scalars(statement))


def _within(actor: Actor, action: Action, organisation_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    parties = require_list_right(actor, action, Resource.DELEGATION)
    if actor.organisation_id is None:
        return false()
    if Party.BUREAU in parties:
        return organisation_id.in_(organisations_under(actor.organisation_id))
    return organisation_id == actor.organisation_id


def _row(holding: RoleHolding, names: dict[UUID, str]) -> DelegationRow:
    during, today = holding.during, clock.today()
    starts_on = (during.lower if during else None) or today
    after = (during.upper if during else None) or today
    return DelegationRow(
        id=holding.id,
        person=holding.person,
        organisation=holding.organisation,
        starts_on=starts_on,
        ends_on=after - timedelta(days=1),
        state=delegation_state(starts_on, after, today),
        given_by=names.get(holding.given_by_person_id, "") if holding.given_by_person_id else "",
    )
