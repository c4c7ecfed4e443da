"""Reading the inbox: what a person is told, and what their account is told as a patient's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def list_notices(actor: Actor, *, page: int, page_size: int) -> Page[InboxItem]:
    """Return the actor's notices, the newest first."""
    statement = select(InboxItem).where(_of(actor.person_id, actor.account_id))
    return fetch_page(
        statement.order_by(InboxItem.created_at.desc(), InboxItem.id.desc()), page=page, page_size=page_size
    )


def unread_of(person_id: UUID) -> Select[int]:
    """Select how many notices a person has not read."""
    return _unread(_of(person_id, None))


def count_unread(actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    return db.session.scalar(_unread(_of(actor.person_id, actor.account_id))) or 0


def _unread(whose: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(whose, InboxItem.read_at.is_(None))


def _of(person_id: UUID | None, account_id: UUID | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [false()]
    if person_id is not None:
        conditions.append(InboxItem.person_id == person_id)
    if account_id is not None:
        conditions.append(InboxItem.account_id == account_id)
    return or_(*conditions)
