"""Reading the inbox."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from backend.domain.notifications.models import InboxItem
from backend.extensions import db
from backend.foundation.paging import Page, fetch_page


def list_notices(person_id: UUID, *, page: int, page_size: int) -> Page[InboxItem]:
    """Return a person's notices, the newest first."""
    statement = select(InboxItem).where(InboxItem.person_id == person_id)
    return fetch_page(
        statement.order_by(InboxItem.created_at.desc(), InboxItem.id.desc()), page=page, page_size=page_size
    )


def count_unread(person_id: UUID) -> int:
    """Return how many notices a person has not read."""
    statement = select(func.count()).where(InboxItem.person_id == person_id, InboxItem.read_at.is_(None))
    return db.session.scalar(statement) or 0
