"""Owing somebody a notice: an inbox row and an outbox row in the transaction that causes it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.domain.notifications.models import InboxItem, OutboxMessage
from backend.domain.notifications.rules import Notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def owe_notice(person_id: UUID, notice: Notice, *, dedupe_key: str) -> None:
    """Write a notice for a person into the present transaction; a second one of the same dedupe key is dropped."""
    with transaction() as session:
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == dedupe_key)):
            return
        item = InboxItem(
            id=new_id(),
            person_id=person_id,
            kind=notice.kind,
            title=notice.title,
            body=notice.body,
            page=notice.page,
            created_at=clock.now(),
        )
        session.add(item)
        session.flush()
        session.execute(
            insert(OutboxMessage)
            .values(id=new_id(), dedupe_key=dedupe_key, inbox_item_id=item.id, person_id=person_id)
            .on_conflict_do_nothing()
        )


def read_notice(actor: Actor, notice_id: UUID) -> InboxItem:
    """Mark a notice of the actor's own as read; reading again changes nothing.

    Raises:
        NotFound: it is not in the actor's inbox.
    """
    with transaction():
        item = db.session.get(InboxItem, notice_id)
        if item is None or item.person_id != actor.person_id:
            raise NotFound
        item.read_at = item.read_at or clock.now()
        return item
