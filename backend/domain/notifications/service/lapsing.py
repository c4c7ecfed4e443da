"""Letting messages lapse that are still owed, where what they tell of has changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update

from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.foundation.transaction import transaction


def lapse_owed(dedupe_keys: Collection[str]) -> None:
    """Let the messages of these keys lapse in the present transaction; those under way or sent stay as they are."""
    if not dedupe_keys:
        return
    with transaction() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.dedupe_key.in_(dedupe_keys), OutboxMessage.status == DeliveryStatus.OWED)
            .values(status=DeliveryStatus.LAPSED)
        )
