"""The inbox of a person, and the outbox of what is owed to them through WeChat."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.notifications.rules import DeliveryStatus, NoticeKind
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class InboxItem(Base):
    """A notice as its reader finds it in the product; it needs no delivery."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        Index(None, "person_id", "created_at"),
        Index("inbox_items_unread_idx", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[NoticeKind] = mapped_column(named_enum(NoticeKind))
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OutboxMessage(Base):
    """A message owed to a person, written in the transaction that causes it, once a dedupe key."""

    __tablename__ = "outbox_messages"
    __table_args__ = (Index("outbox_messages_owed_idx", "created_at", postgresql_where=text("status = 'owed'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dedupe_key: Mapped[str] = mapped_column(Text, unique=True)
    inbox_item_id: Mapped[UUID] = mapped_column(ForeignKey("inbox_items.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    status: Mapped[DeliveryStatus] = mapped_column(named_enum(DeliveryStatus), server_default="owed")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
