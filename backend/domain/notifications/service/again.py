"""Sending again by hand what has failed, or of which nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.again import why_not_again
from backend.domain.notifications.rules.delivery import DeliveryStatus
from backend.domain.notifications.service.notices import DELIVER
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.transaction import enqueue_after_commit, transaction


@dataclass(frozen=True)
class SentAgain:
    """How many are owed again, and for each other one why not, in Chinese."""

    done: int
    left: tuple[str, ...]


def send_again(actor: Actor, message_ids: Collection[UUID]) -> SentAgain:
    """Owe messages again, each in its own row, so that there is never a second one beside one that arrived.

    The number of attempts stays: a worker that still holds an earlier attempt cannot settle this one.

    Raises:
        NotFound: one of them is not the actor's organisation's.
        Forbidden: the current role may not send again.
    """
    with transaction():
        messages = _locked(message_ids)
        if len(messages) < len(set(message_ids)):
            raise NotFound
        left = [reason for message in messages if (reason := _owe_again(actor, message)) is not None]
        if len(left) < len(messages):
            enqueue_after_commit(DELIVER)
        return SentAgain(len(messages) - len(left), tuple(left))


def _locked(message_ids: Collection[UUID]) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.id.in_(message_ids)).order_by(OutboxMessage.id)
    return list(db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


def _owe_again(actor: Actor, message: OutboxMessage) -> str | None:
    require_right(actor, Action.WRITE, Resource.MESSAGE, parties_to_own(actor, message.organisation_id))
    now = clock.now()
    reason = why_not_again(message.status, sent_at=message.sent_at, lapses_at=message.lapses_at, now=now)
    if reason is not None:
        return reason
    record_event(
        actor,
        "send_message_again",
        "message",
        message.id,
        organisation_id=message.organisation_id,
        was=message.status,
        failure=message.failure,
    )
    message.status, message.due_at = DeliveryStatus.OWED, now
    message.failure = message.errcode = message.message_id = message.sent_at = message.settled_at = None
    return None
