"""Requests for corrections and leave, and decisions that somebody was absent without leave."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.attachments.models import Attachment
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id

_LIVE = text("status IN ('requested', 'accepted')")


class CorrectionRequest(Base):
    """A request (补签) to mend a missing or wrong tap of one duty, shift and kind."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        Index(
            "correction_requests_live_key",
            "dispatch_id",
            "duty_on",
            "shift",
            "kind",
            unique=True,
            postgresql_where=_LIVE,
        ),
        CheckConstraint("(status IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("decided_by_person_id <> person_id", name="not_by_oneself"),
        Index(None, "person_id", "duty_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    duty_on: Mapped[date]
    shift: Mapped[Shift] = mapped_column(named_enum(Shift))
    kind: Mapped[CheckInKind] = mapped_column(named_enum(CheckInKind))
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[RequestStatus] = mapped_column(named_enum(RequestStatus), server_default="requested")
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    dispatch: Mapped[Dispatch] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_person_id)


class LeaveRequest(Base):
    """Leave (请假) of one dispatch, from a half day to a half day.

    `halves` is the span as numbers of shifts since 2000-01-01 (three a day), so that two live requests of a dispatch
    can never cover the same shift.
    """

    __tablename__ = "leave_requests"
    __table_args__ = (
        ExcludeConstraint(("dispatch_id", "="), ("halves", "&&"), where=_LIVE, name="leave_requests_one_excl"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("NOT isempty(halves)", name="span"),
        CheckConstraint(
            "recipient_decided_by_id <> person_id AND supporting_decided_by_id <> person_id", name="not_by_oneself"
        ),
        Index(None, "person_id", "starts_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[LeaveKind] = mapped_column(named_enum(LeaveKind))
    starts_on: Mapped[date]
    starts_with: Mapped[Shift] = mapped_column(named_enum(Shift, "starts_with"))  # the first shift that is free
    ends_on: Mapped[date]
    ends_with: Mapped[Shift] = mapped_column(named_enum(Shift, "ends_with"))  # the last shift that is free
    halves: Mapped[Range[int]] = mapped_column(INT4RANGE)
    reason: Mapped[str] = mapped_column(Text)
    needs_supporting: Mapped[bool]  # longer than the recipient alone may grant
    is_long: Mapped[bool]  # suspends the dispatch
    status: Mapped[RequestStatus] = mapped_column(named_enum(RequestStatus), server_default="requested")
    recipient_decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    recipient_decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    supporting_decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    supporting_decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    dispatch: Mapped[Dispatch] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    recipient_decided_by: Mapped[Person | None] = relationship(foreign_keys=recipient_decided_by_id)
    supporting_decided_by: Mapped[Person | None] = relationship(foreign_keys=supporting_decided_by_id)
    attachments: Mapped[list[Attachment]] = relationship(secondary="leave_attachments", order_by=Attachment.created_at)


class LeaveAttachment(Base):
    """A paper that goes with a leave request; a paper goes with one only."""

    __tablename__ = "leave_attachments"
    __table_args__ = (UniqueConstraint("attachment_id"),)

    leave_request_id: Mapped[UUID] = mapped_column(ForeignKey("leave_requests.id"), primary_key=True)
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachments.id"), primary_key=True)


class AbsenceDecision(Base):
    """Somebody decided that a shift was missed without leave (旷工); withdrawn, it no longer counts."""

    __tablename__ = "absence_decisions"
    __table_args__ = (
        Index(
            "absence_decisions_live_key",
            "dispatch_id",
            "duty_on",
            "shift",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    duty_on: Mapped[date]
    shift: Mapped[Shift] = mapped_column(named_enum(Shift))
    reason: Mapped[str] = mapped_column(Text)
    decided_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
