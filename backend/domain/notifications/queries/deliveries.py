"""Reading what became of messages."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import Delivery
from backend.extensions import db


def delivery_of(dedupe_keys: Collection[str]) -> dict[str, Delivery]:
    """Return where the messages of these dedupe keys stand; who is owed none by a key is not among them."""
    statement = select(
        OutboxMessage.dedupe_key, OutboxMessage.status, OutboxMessage.failure, OutboxMessage.settled_at
    ).where(OutboxMessage.dedupe_key.in_(dedupe_keys))
    return {row.dedupe_key: Delivery(row.status, row.failure, row.settled_at) for row in db.session.execute(statement)}
