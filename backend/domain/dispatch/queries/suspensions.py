"""Reading on which days a dispatch rests for long leave."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.queries.dispatches import get_dispatch
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound


def is_suspended(dispatch_id: UUID, day: date) -> bool:
    """Tell whether a dispatch rests on a day."""
    statement = select(Suspension.id).where(Suspension.dispatch_id == dispatch_id, Suspension.during.contains(day))
    return db.session.scalar(statement) is not None


def list_suspensions(dispatch_id: UUID) -> list[Suspension]:
    """Return the days on which a dispatch rests, each with its substitute, the earliest first."""
    statement = _suspensions().where(Suspension.dispatch_id == dispatch_id)
    return list(db.session.scalars(statement.order_by(Suspension.during)))


def get_suspension(actor: Actor, suspension_id: UUID, action: Action = Action.READ) -> Suspension:
    """Return a suspension of a dispatch on which the actor may act so.

    Raises:
        NotFound, DispatchNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    suspension = db.session.scalars(_suspensions().where(Suspension.id == suspension_id)).one_or_none()
    if suspension is None:
        raise NotFound
    get_dispatch(actor, suspension.dispatch_id, action)
    return suspension


def _suspensions() -> Select[Suspension]:
    return select(Suspension).options(joinedload(Suspension.substitute).joinedload(Dispatch.person))
