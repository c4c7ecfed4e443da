"""Attachments as rows; what is in them lies in the storage, under a key that follows from the row's id."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.attachments.rules import ContentType
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Attachment(Base):
    """A file that somebody uploaded; what it belongs to refers to it, and decides who may read it."""

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uploaded_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    filename: Mapped[str] = mapped_column(Text)
    content_type: Mapped[ContentType] = mapped_column(named_enum(ContentType))
    size: Mapped[int]  # bytes, before encryption
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
