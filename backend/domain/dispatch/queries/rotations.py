"""Reading rotations, and who is where in their time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.dispatch.queries.dispatches import visible_dispatches, with_names
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound


def list_rotations(actor: Actor) -> list[Rotation]:
    """Return the rotations in which the actor may read a dispatch, by name, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    readable = select(Dispatch.rotation_id).where(
        pair_scope(
            actor,
            Resource.ROTATION,
            supporting=Dispatch.supporting_id,
            recipient=Dispatch.recipient_id,
            person=Dispatch.person_id,
        )
    )
    # One that nobody belongs to yet has no dispatch to be read: it is the supporting hospital's.
    is_supporter = Party.SUPPORTING in parties_with(actor.role, Action.READ, Resource.ROTATION)
    own = Rotation.supporting_id == actor.organisation_id if is_supporter else false()
    statement = select(Rotation).options(joinedload(Rotation.supporting))
    statement = statement.where(or_(Rotation.id.in_(readable), own)).order_by(Rotation.name.desc())
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class RotationAt:
    """A rotation at one recipient from its first day there to its last: its team, and who else is there then."""

    recipient: Organisation
    first: date
    last: date
    team: tuple[Dispatch, ...]
    others: tuple[Dispatch, ...]


def rotation_at_recipients(actor: Actor, rotation_id: UUID) -> tuple[Rotation, list[RotationAt]]:
    """Return a rotation at each recipient, by code.

    Somebody of any rotation of the same supporting hospital is there too, so that the days between two rotations are
    uncovered only if nobody stays.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    rotation = db.session.get(Rotation, rotation_id)
    if rotation is None:
        raise NotFound
    require_right(actor, Action.READ, Resource.ROTATION, _parties_to(actor, rotation))
    by_recipient: dict[Organisation, list[Dispatch]] = defaultdict(list)
    for dispatch in db.session.scalars(_there_meanwhile(actor, rotation)).unique():
        by_recipient[dispatch.recipient].append(dispatch)
    places = (_at(recipient, rotation, dispatches) for recipient, dispatches in by_recipient.items())
    return rotation, sorted((place for place in places if place), key=lambda place: place.recipient.code)


def _there_meanwhile(actor: Actor, rotation: Rotation) -> Select[Dispatch]:
    """Select the dispatches of the hospital that the actor may read, at the rotation's recipients and in its time."""
    own = aliased(Dispatch)
    ends_on = func.coalesce(own.planned_end_on, own.ends_on)
    reach = select(own.recipient_id, func.min(own.starts_on).label("first"), func.max(ends_on).label("last")).where(
        own.rotation_id == rotation.id, own.cancelled_at.is_(None)
    )
    place = reach.group_by(own.recipient_id).subquery()
    return (
        with_names(select(Dispatch))
        .join(place, place.c.recipient_id == Dispatch.recipient_id)
        .where(
            Dispatch.supporting_id == rotation.supporting_id,
            Dispatch.cancelled_at.is_(None),
            Dispatch.starts_on <= place.c.last,
            Dispatch.ends_on >= place.c.first,
            visible_dispatches(actor),
        )
        .order_by(Dispatch.leads_team.desc(), Dispatch.starts_on, Dispatch.id)
    )


def _at(recipient: Organisation, rotation: Rotation, dispatches: list[Dispatch]) -> RotationAt | None:
    team = tuple(dispatch for dispatch in dispatches if dispatch.rotation_id == rotation.id)
    if not team:
        return None
    first = min(dispatch.starts_on for dispatch in team)
    # An early end does not shorten what was promised.
    last = max(dispatch.planned_end_on or dispatch.ends_on for dispatch in team)
    others = tuple(dispatch for dispatch in dispatches if dispatch.rotation_id != rotation.id)
    return RotationAt(recipient, first, last, team, others)


def _parties_to(actor: Actor, rotation: Rotation) -> frozenset[Party]:
    """Return what the actor is to any dispatch of a rotation, or to the hospital whose it is."""
    parties: set[Party] = {Party.SUPPORTING} if actor.organisation_id == rotation.supporting_id else set()
    statement = select(Dispatch.recipient_id, Dispatch.person_id).where(Dispatch.rotation_id == rotation.id)
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for recipient_id, person_id in db.session.execute(statement):
        people[recipient_id].add(person_id)
    for recipient_id, person_ids in people.items():
        parties |= parties_to_pair(
            actor,
            supporting_id=rotation.supporting_id,
            recipient_id=recipient_id,
            person_id=actor.person_id if actor.person_id in person_ids else None,
        )
    return frozenset(parties)
