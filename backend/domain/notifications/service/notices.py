"""Owing somebody a notice: an inbox row and an outbox row in the transaction that causes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import column, insert, select, table
from sqlalchemy.dialects import postgresql

from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.notifications.rules.kinds import Notice
from backend.domain.notifications.rules.templates import fields_of, template_of
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import enqueue_after_commit, transaction
from backend.wechat.fields import problems_of_fields

DELIVER = "backend.jobs.notifications.deliver_messages"
_people = table("people", column("id"), column("organisation_id"))  # accounts stand on notices, not they on accounts


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A notice that somebody is owed: a person on a roster, or an account, which is a patient's.

    `organisation_id`: whose office answers for it; a person's is their employer unless told, an account's must be.
    `due_at`: not to be sent before; `lapses_at`: from when it is of no use. The inbox has it at once.
    """

    notice: Notice
    dedupe_key: str
    person_id: UUID | None = None
    account_id: UUID | None = None
    organisation_id: UUID | None = None
    due_at: datetime | None = None
    lapses_at: datetime | None = None


def owe_notice(person_id: UUID, notice: Notice, *, dedupe_key: str) -> None:
    """Write a notice for a person into the present transaction; a second one of the same dedupe key is dropped."""
    owe_notices([Owed(person_id=person_id, notice=notice, dedupe_key=dedupe_key)])


def owe_notices(owed: Collection[Owed]) -> None:
    """Write notices into the present transaction, however many, in four statements; known dedupe keys are dropped."""
    with transaction() as session:
        keys = [one.dedupe_key for one in owed]
        known = set(session.scalars(select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(keys))))
        new = {one.dedupe_key: one for one in owed if one.dedupe_key not in known}.values()
        if not new:
            return
        items, messages = rows_of(new)
        session.execute(insert(InboxItem), items)
        session.execute(
            postgresql.insert(OutboxMessage).on_conflict_do_nothing(index_elements=["dedupe_key"]), messages
        )
        enqueue_after_commit(DELIVER)


def rows_of(owed: Collection[Owed]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of inbox and outbox for who writes them in bulk.

    Raises:
        ValueError: WeChat would refuse a field, and nobody could mend it any more.
    """
    employers = _employers_of({one.person_id for one in owed if one.person_id is not None})
    rows = [_rows_of(one, employers) for one in owed]
    return [item for item, _message in rows], [message for _item, message in rows]


def _employers_of(person_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    found = db.session.execute(select(_people.c.id, _people.c.organisation_id).where(_people.c.id.in_(person_ids)))
    return {row.id: row.organisation_id for row in found}


def _rows_of(one: Owed, employers: Mapping[UUID, UUID]) -> tuple[dict[str, Any], dict[str, Any]]:
    notice, now = one.notice, clock.now()
    fields = fields_of(notice, clock.local(now))
    problems = problems_of_fields(fields)
    if problems:
        raise ValueError(f"{notice.kind}: {problems}")
    item_id = new_id()
    recipient = {"person_id": one.person_id, "account_id": one.account_id}
    item = recipient | {
        "id": item_id,
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "page": notice.page,
        "created_at": now,
    }
    message = recipient | {
        "id": new_id(),
        "dedupe_key": one.dedupe_key,
        "inbox_item_id": item_id,
        "organisation_id": one.organisation_id or (employers[one.person_id] if one.person_id else None),
        "template": template_of(notice.kind),
        "fields": fields,
        "page": notice.page,
        "due_at": one.due_at or now,
        "lapses_at": one.lapses_at,
        "created_at": now,
    }
    return item, message


def read_notice(actor: Actor, notice_id: UUID) -> InboxItem:
    """Mark a notice of the actor's own as read; reading again changes nothing.

    Raises:
        NotFound: it is not in the actor's inbox.
    """
    with transaction():
        item = db.session.get(InboxItem, notice_id)
        if item is None or not _is_of(actor, item):
            raise NotFound
        item.read_at = item.read_at or clock.now()
        return item


def _is_of(actor: Actor, item: InboxItem) -> bool:
    if item.person_id is not None:
        return item.person_id == actor.person_id
    return item.account_id == actor.account_id
