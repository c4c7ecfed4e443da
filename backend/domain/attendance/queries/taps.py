"""Reading taps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.organisations.queries import parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound


def get_check_in(
    actor: Actor, check_in_id: UUID, action: Action = Action.READ, resource: Resource = Resource.CHECK_IN
) -> CheckIn:
    """Return a tap on which the actor may act so.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = select(CheckIn).options(
        joinedload(CheckIn.dispatch), joinedload(CheckIn.site), joinedload(CheckIn.review)
    )
    check_in = db.session.scalars(statement.where(CheckIn.id == check_in_id)).one_or_none()
    if check_in is None:
        raise NotFound
    parties = parties_to_pair(
        actor,
        supporting_id=check_in.dispatch.supporting_id,
        recipient_id=check_in.dispatch.recipient_id,
        person_id=check_in.person_id,
    )
    require_right(actor, action, resource, parties)
    return check_in


def taps_of_day(person_id: UUID, day: date) -> list[CheckIn]:
    """Return every tap that a person made for a duty day, in their order."""
    statement = _taps().where(CheckIn.person_id == person_id, CheckIn.duty_on == day)
    return list(db.session.scalars(statement.order_by(CheckIn.tapped_at)))


def effective_taps(dispatch_ids: Iterable[UUID], first: date, last: date) -> list[CheckIn]:
    """Return the effective taps of these dispatches in a period, by day and instant."""
    statement = _taps().where(
        CheckIn.dispatch_id.in_(list(dispatch_ids)), CheckIn.effective, CheckIn.duty_on.between(first, last)
    )
    return list(db.session.scalars(statement.order_by(CheckIn.duty_on, CheckIn.tapped_at)))


def taps_by_id(check_in_ids: Iterable[UUID]) -> dict[UUID, CheckIn]:
    """Return these taps by id."""
    return {tap.id: tap for tap in db.session.scalars(_taps().where(CheckIn.id.in_(list(check_in_ids))))}


def _taps() -> Select[CheckIn]:
    return select(CheckIn).options(joinedload(CheckIn.site), joinedload(CheckIn.review))
