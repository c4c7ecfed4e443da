"""Leave that a completed dispatch earned."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.extensions import Base
from backend.foundation.ids import new_id


class LeaveCredit(Base):
    """Days of leave (奖励假) that one completed dispatch earned under a setting, with its document."""

    __tablename__ = "leave_credits"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"), unique=True)
    days: Mapped[int]
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_on: Mapped[date]
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
