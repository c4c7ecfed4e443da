"""What an actor is to rows of one organisation or of a pair of hospitals, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select

from backend.domain.access.rules import Action, Party, Resource, may, parties_with
from backend.domain.organisations.queries.tree import organisations_under
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound


def require_list_right(actor: Actor, action: Action, resource: Resource) -> frozenset[Party]:
    """Return the parties as which the actor may list rows.

    Raises:
        Forbidden: the current role has no right to any of them; staff, and those without a role, have their own.
    """
    parties = parties_with(actor.role, action, resource)
    if not parties - {Party.SELF} and (Party.SELF not in parties or actor.role not in (Role.STAFF, None)):
        raise Forbidden
    return parties


def pair_scope(
    actor: Actor,
    resource: Resource,
    *,
    supporting: Any,
    recipient: Any,
    person: Any = None,
    action: Action = Action.READ,
) -> ColumnElement[bool]:
    """Return the condition that keeps the rows of a pair of hospitals which the actor's role may act upon.

    Raises:
        Forbidden: the current role has no right to any of them.
    """
    parties = require_list_right(actor, action, resource)
    conditions: list[ColumnElement[bool]] = [false()]
    if Party.SELF in parties and person is not None and actor.person_id is not None:
        conditions.append(person == actor.person_id)
    if actor.organisation_id is not None:
        if Party.SUPPORTING in parties:
            conditions.append(supporting == actor.organisation_id)
        if Party.RECIPIENT in parties:
            conditions.append(recipient == actor.organisation_id)
        if Party.BUREAU in parties:
            under = organisations_under(actor.organisation_id)
            conditions.append(or_(supporting.in_(under), recipient.in_(under)))
    return or_(*conditions)


def parties_to_pair(
    actor: Actor, *, supporting_id: UUID, recipient_id: UUID, person_id: UUID | None = None
) -> frozenset[Party]:
    """Return what the actor is to a row of this pair; empty means that it does not exist for them."""
    parties = set()
    if person_id is not None and actor.person_id == person_id:
        parties.add(Party.SELF)
    if actor.organisation_id == supporting_id:
        parties.add(Party.SUPPORTING)
    if actor.organisation_id == recipient_id:
        parties.add(Party.RECIPIENT)
    if _oversees(actor, [supporting_id, recipient_id]):
        parties.add(Party.BUREAU)
    return frozenset(parties)


def parties_to_own(actor: Actor, organisation_id: UUID) -> frozenset[Party]:
    """Return what the actor is to a row that belongs to one organisation."""
    parties = set()
    if actor.organisation_id == organisation_id:
        parties.add(Party.OWN)
    if _oversees(actor, [organisation_id]):  # a bureau oversees itself too
        parties.add(Party.BUREAU)
    return frozenset(parties)


def require_right(actor: Actor, action: Action, resource: Resource, parties: frozenset[Party]) -> None:
    """Let the action pass, or say why not.

    Raises:
        NotFound: the row lies outside the actor's organisations.
        Forbidden: it lies inside, but the current role has no such right.
    """
    if not parties:
        raise NotFound
    if not may(actor.role, action, resource, parties):
        raise Forbidden


def _oversees(actor: Actor, organisation_ids: list[UUID]) -> bool:
    if actor.role is not Role.BUREAU or actor.organisation_id is None:
        return False
    tree = organisations_under(actor.organisation_id).subquery()
    return db.session.execute(select(tree.c.id).where(tree.c.id.in_(organisation_ids)).limit(1)).first() is not None
