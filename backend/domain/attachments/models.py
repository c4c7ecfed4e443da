"""Attachments as rows; what is in them lies in the storage, under a key that follows from the row's id."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.attachments.rules import LIKENESS_SIDE, ContentType, PictureCheck
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Attachment(Base):
    """A file that somebody uploaded; what it belongs to refers to it, and decides who may read it."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        Index("attachments_check_due_idx", "check_due_at", postgresql_where=text("check_due_at IS NOT NULL")),
        Index(None, "content_hash"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uploaded_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    filename: Mapped[str] = mapped_column(Text)
    content_type: Mapped[ContentType] = mapped_column(named_enum(ContentType))
    size: Mapped[int]  # bytes, before encryption
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    content_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # keyed, of what was uploaded
    # Of a picture:
    likeness: Mapped[str | None] = mapped_column(BIT(2 * LIKENESS_SIDE**2))
    taken_on: Mapped[date | None]  # as the camera says
    place: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted; dropped with the countersignature
    picture_check: Mapped[PictureCheck] = mapped_column(named_enum(PictureCheck), server_default="exempt")
    check_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # when WeChat is to be asked (again)


class PictureVerdict(Base):
    """One question to WeChat, by the name that it gave it; the answer may come before we have written that down."""

    __tablename__ = "picture_verdicts"

    trace_id: Mapped[str] = mapped_column(Text, primary_key=True)
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id", ondelete="CASCADE"), index=True)
    suggest: Mapped[str | None] = mapped_column(Text)  # pass | review | risky
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
