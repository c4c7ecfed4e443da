"""Reading rotations, and how they cover their recipients."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, Resource, parties_with
from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.dispatch.queries.dispatches import visible_dispatches, with_names
from backend.domain.dispatch.rules import uncovered_working_days
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import calendar_of, pair_scope, parties_to_pair, require_right
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
class Cover:
    """How a rotation covers one recipient: its dispatches, and the working days on which none of them is on duty."""

    recipient: Organisation
    first: date
    last: date
    dispatches: tuple[Dispatch, ...]
    uncovered: tuple[date, ...]


def cover_of_rotation(actor: Actor, rotation_id: UUID) -> tuple[Rotation, list[Cover]]:
    """Return how a rotation covers each recipient from its first day there to its last, seen with the others there.

    Somebody of any rotation of the same supporting hospital counts, so that the days between two rotations are
    uncovered only if nobody stays.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    rotation = db.session.get(Rotation, rotation_id)
    if rotation is None:
        raise NotFound
    require_right(actor, Action.READ, Resource.ROTATION, _parties_to(actor, rotation))
    statement = (
        with_names(select(Dispatch))
        .where(Dispatch.supporting_id == rotation.supporting_id, Dispatch.cancelled_at.is_(None))
        .where(visible_dispatches(actor))
        .order_by(Dispatch.leads_team.desc(), Dispatch.starts_on)
    )
    by_recipient: dict[Organisation, list[Dispatch]] = defaultdict(list)
    for dispatch in db.session.scalars(statement).unique():
        by_recipient[dispatch.recipient].append(dispatch)
    covers = [_cover(recipient, rotation, dispatches) for recipient, dispatches in by_recipient.items()]
    return rotation, sorted((cover for cover in covers if cover.dispatches), key=lambda cover: cover.recipient.code)


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


def _cover(recipient: Organisation, rotation: Rotation, dispatches: list[Dispatch]) -> Cover:
    own = tuple(dispatch for dispatch in dispatches if dispatch.rotation_id == rotation.id)
    if not own:
        return Cover(recipient, date.min, date.min, (), ())
    first = min(dispatch.starts_on for dispatch in own)
    # An early end does not shorten what was promised.
    last = max(dispatch.planned_end_on or dispatch.ends_on for dispatch in own)
    duties = [
        (row.during.lower or first, date.fromordinal((row.during.upper or last).toordinal() - 1), row.pattern)
        for dispatch in dispatches
        for row in dispatch.patterns
    ]
    calendar = calendar_of(rotation.supporting_id, first, last)
    return Cover(
        recipient, first, last, own, tuple(uncovered_working_days(first, last, duties, calendar.is_working_day))
    )
