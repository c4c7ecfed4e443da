"""Letting messages lapse that are still owed, where what they tell of has changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.foundation import clock
from backend.foundation.transaction import transaction

_TRIED = (DeliveryStatus.SENDING, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)


def lapse_owed(dedupe_keys: Collection[str]) -> None:
    """Let the messages of these keys lapse in the present transaction; what was sent stays as it is.

    What was tried already is not to be tried again, by itself or by hand. A row that its worker is settling is passed
    over: waiting for one while holding another, the two could wait in a circle.
    """
    if not dedupe_keys:
        return
    with transaction() as session:
        tried = (
            select(OutboxMessage.id)
            .where(OutboxMessage.dedupe_key.in_(dedupe_keys), OutboxMessage.status.in_(_TRIED))
            .with_for_update(skip_locked=True)
        )
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(session.scalars(tried).all()))
            .values(lapses_at=clock.now())
        )
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.dedupe_key.in_(dedupe_keys), OutboxMessage.status == DeliveryStatus.OWED)
            .values(status=DeliveryStatus.LAPSED)
        )
