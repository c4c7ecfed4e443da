"""Reading an office's messages: what is owed, what became of it, and how long the oldest has waited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.organisations.queries import organisations_under, parties_to_own, require_list_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page

_UNDER_WAY = (DeliveryStatus.OWED, DeliveryStatus.SENDING)


@dataclass(frozen=True, kw_only=True)
class MessageFilter:
    """Which messages: those of these days, and of one state, reason or kind where told."""

    first: date
    last: date
    status: DeliveryStatus | None = None  # owed: those being sent as well
    failure: Failure | None = None
    template: TemplateKey | None = None


@dataclass(frozen=True)
class Tally:
    """How many messages of some days stand where, why they failed, and what has waited longest."""

    by_status: Mapping[DeliveryStatus, int]
    by_failure: Mapping[Failure, int]
    oldest_owed: datetime | None  # since when the oldest is due that has not been sent

    @property
    def under_way(self) -> int:
        return sum(self.by_status.get(status, 0) for status in _UNDER_WAY)


def list_messages(actor: Actor, asked: MessageFilter, *, page: int, page_size: int) -> Page[OutboxMessage]:
    """Return the messages for which the actor's organisation answers, the newest first.

    Raises:
        Forbidden: the current role may not read them.
    """
    statement = select(OutboxMessage).where(_scope(actor), _of_days(asked)).options(joinedload(OutboxMessage.item))
    if asked.status is not None:
        wanted = _UNDER_WAY if asked.status is DeliveryStatus.OWED else (asked.status,)
        statement = statement.where(OutboxMessage.status.in_(wanted))
    if asked.failure is not None:
        statement = statement.where(OutboxMessage.failure == asked.failure)
    if asked.template is not None:
        statement = statement.where(OutboxMessage.template == asked.template)
    order = (OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    return fetch_page(statement.order_by(*order), page=page, page_size=page_size)


def tally_messages(actor: Actor, asked: MessageFilter) -> Tally:
    """Return where the messages of these days stand, whatever their state and kind; of all days, what waits longest.

    Raises:
        Forbidden: the current role may not read them.
    """
    scope = _scope(actor)
    counted = db.session.execute(
        select(OutboxMessage.status, OutboxMessage.failure, func.count())
        .where(scope, _of_days(asked))
        .group_by(OutboxMessage.status, OutboxMessage.failure)
    ).all()
    by_status: dict[DeliveryStatus, int] = {}
    for status, _failure, count in counted:
        by_status[status] = by_status.get(status, 0) + count
    oldest = select(func.min(OutboxMessage.due_at)).where(
        scope, OutboxMessage.status.in_(_UNDER_WAY), OutboxMessage.due_at <= clock.now()
    )
    by_failure = {failure: count for _status, failure, count in counted if failure is not None}
    return Tally(by_status, by_failure, db.session.scalar(oldest))


def may_send_again(actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether the actor may send messages again for which an organisation answers."""
    return may(actor.role, Action.WRITE, Resource.MESSAGE, parties_to_own(actor, organisation_id))


def _scope(actor: Actor) -> ColumnElement[bool]:
    parties = require_list_right(actor, Action.READ, Resource.MESSAGE)
    conditions: list[ColumnElement[bool]] = [false()]
    if actor.organisation_id is not None and Party.OWN in parties:
        conditions.append(OutboxMessage.organisation_id == actor.organisation_id)
    if actor.organisation_id is not None and Party.BUREAU in parties:
        conditions.append(OutboxMessage.organisation_id.in_(organisations_under(actor.organisation_id)))
    return or_(*conditions)


def _of_days(asked: MessageFilter) -> ColumnElement[bool]:
    start = datetime.combine(asked.first, time.min, clock.SHANGHAI)
    end = datetime.combine(asked.last + timedelta(days=1), time.min, clock.SHANGHAI)
    return OutboxMessage.created_at.between(start, end - timedelta(microseconds=1))
