"""The inbox of a person or account, and the outbox of what is owed to them through WeChat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.notifications.rules.delivery import DeliveryStatus, Failure
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.notifications.rules.templates import TemplateKey
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id

_SOMEBODY = "num_nonnulls(person_id, account_id) = 1"


class InboxItem(Base):
    """A notice as its reader finds it in the product; it needs no delivery.

    It is a person's on a roster, or an account's: a patient has no other name here.
    """

    __tablename__ = "inbox_items"
    __table_args__ = (
        CheckConstraint(_SOMEBODY, name="somebody"),
        Index(None, "person_id", "created_at"),
        Index(None, "account_id", "created_at"),
        Index("inbox_items_unread_idx", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[NoticeKind] = mapped_column(named_enum(NoticeKind))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OutboxMessage(Base):
    """A message owed to somebody, written in the transaction that causes it, once a dedupe key.

    `fields` is what the template shows, by slot; checked against WeChat's formats before it is written.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(_SOMEBODY, name="somebody"),
        CheckConstraint("(status = 'sending') = (claimed_until IS NOT NULL)", name="claimed"),
        CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failed"),
        Index("outbox_messages_owed_idx", "due_at", postgresql_where=text("status = 'owed'")),
        # At most one send in flight for a recipient: WeChat refuses a second one (43108).
        Index("outbox_messages_flight_key", "recipient_id", unique=True, postgresql_where=text("status = 'sending'")),
        Index("outbox_messages_unknown_idx", "recipient_id", postgresql_where=text("status = 'unknown'")),
        Index(
            "outbox_messages_told_idx",
            "recipient_id",
            postgresql_where=text("status IN ('sending', 'unknown', 'failed')"),
        ),
        Index("outbox_messages_message_idx", "message_id", postgresql_where=text("message_id IS NOT NULL")),
        Index(None, "organisation_id", "status", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dedupe_key: Mapped[str] = mapped_column(Text, unique=True)
    inbox_item_id: Mapped[UUID] = mapped_column(ForeignKey("inbox_items.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))  # whose office answers for it
    recipient_id: Mapped[UUID] = mapped_column(Computed("coalesce(person_id, account_id)", persisted=True))
    template: Mapped[TemplateKey] = mapped_column(named_enum(TemplateKey))
    fields: Mapped[dict[str, str]] = mapped_column(JSONB)
    page: Mapped[str] = mapped_column(Text, server_default="")
    status: Mapped[DeliveryStatus] = mapped_column(named_enum(DeliveryStatus), server_default="owed")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    lapses_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # from when it is of no use
    attempts: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    message_id: Mapped[str | None] = mapped_column(Text)  # WeChat's
    failure: Mapped[Failure | None] = mapped_column(named_enum(Failure))
    errcode: Mapped[int | None]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by WeChat's event
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    item: Mapped[InboxItem] = relationship()
