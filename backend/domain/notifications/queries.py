"""Reading the inbox."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, select

from backend.domain.notifications.models import InboxItem
from backend.extensions import db
from backend.foundation.paging import Page, fetch_page


def list_notices(person_id: UUID, *, page: int, page_size: int) -> Page[InboxItem]:
    """Return a person's notices, the newest first."""
    statement = select(InboxItem).where(InboxItem.person_id == person_id)
    return fetch_page(
        statement.order_by(InboxItem.created_at.desc(), InboxItem.id.desc()), page=page, page_size=page_size
    )


def unread_of(person_id: UUID) -> Select[int]:
    """Select how many notices a person has not read."""
    return select(func.count()).where(InboxItem.person_id == person_id, InboxItem.read_at.is_(None))


def count_unread(person_id: UUID) -> int:
    """Return how many notices a person has not read."""
    return db.session.scalar(unread_of(person_id)) or 0
