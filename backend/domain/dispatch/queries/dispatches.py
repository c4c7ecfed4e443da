"""Reading dispatches, each as far as the actor may see."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchState
from backend.domain.organisations.queries import (
    pair_scope,
    parties_to_pair,
    require_right,
)
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def visible_dispatches(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches which the actor may read."""
    return pair_scope(
        actor,
        Resource.DISPATCH,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )


def in_state(state: DispatchState, day: date) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches which stand so on a day."""
    if state is DispatchState.CANCELLED:
        return Dispatch.cancelled_at.is_not(None)
    dates = {
        DispatchState.PLANNED: Dispatch.starts_on > day,
        DispatchState.CURRENT: and_(Dispatch.starts_on <= day, Dispatch.ends_on >= day),
        DispatchState.ENDED: Dispatch.ends_on < day,
    }[state]
    return and_(Dispatch.cancelled_at.is_(None), dates)


def list_dispatches(
    actor: Actor,
    day: date,
    *,
    state: DispatchState | None = None,
    recipient_id: UUID | None = None,
    text: str = "",
    page: int = 1,
    page_size: int = 50,
) -> Page[Dispatch]:
    """Return the dispatches that the actor may read, the latest first; `text` finds names and staff numbers.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = with_names(select(Dispatch)).join(Dispatch.person).where(visible_dispatches(actor))
    if state is not None:
        statement = statement.where(in_state(state, day))
    if recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == recipient_id)
    if text:
        statement = statement.where(
            or_(Person.name.contains(text, autoescape=True), Person.staff_number.istartswith(text, autoescape=True))
        )
    return fetch_page(
        statement.order_by(Dispatch.starts_on.desc(), Person.staff_number, Dispatch.id), page=page, page_size=page_size
    )


def get_dispatch(actor: Actor, dispatch_id: UUID, action: Action = Action.READ) -> Dispatch:
    """Return a dispatch on which the actor may act so.

    Raises:
        DispatchNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    dispatch = db.session.scalars(with_names(select(Dispatch)).where(Dispatch.id == dispatch_id)).one_or_none()
    if dispatch is None:
        raise DispatchNotFound
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    if not parties:
        raise DispatchNotFound
    require_right(actor, action, Resource.DISPATCH, parties)
    return dispatch


def with_names(statement: Select[Dispatch]) -> Select[Dispatch]:
    """Load with each dispatch whatever names it: who, from where to where, sites and claims."""
    return statement.options(
        joinedload(Dispatch.person),
        joinedload(Dispatch.supporting),
        joinedload(Dispatch.recipient),
        joinedload(Dispatch.department),
        joinedload(Dispatch.rotation),
        selectinload(Dispatch.sites),
        selectinload(Dispatch.patterns),
    )
