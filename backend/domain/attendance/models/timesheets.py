"""Concluded shifts, and timesheets with their amendments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.attachments.models import Attachment
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class DutyShift(Base):
    """How one shift of a dispatch was concluded, with what it rests on: a line of the month's timesheet.

    The database refuses any change once the month is countersigned.
    """

    __tablename__ = "duty_shifts"

    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"), primary_key=True)
    duty_on: Mapped[date] = mapped_column(primary_key=True)
    shift: Mapped[Shift] = mapped_column(named_enum(Shift), primary_key=True)
    standing: Mapped[Standing] = mapped_column(named_enum(Standing))
    working: Mapped[bool | None]
    leave_kind: Mapped[LeaveKind | None] = mapped_column(named_enum(LeaveKind))
    check_in_id: Mapped[UUID | None]
    correction_id: Mapped[UUID | None]
    leave_id: Mapped[UUID | None]
    concluded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DayClosing(Base):
    """How far a supporting hospital's day has been concluded: up to and with this dispatch."""

    __tablename__ = "day_closings"

    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last_dispatch_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Timesheet(Base):
    """One dispatch, one month (考勤表); countersigned it is locked, in the database too."""

    __tablename__ = "timesheets"
    __table_args__ = (
        UniqueConstraint("dispatch_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint("(status = 'draft') = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint(
            "(status = 'countersigned') = (countersigned_at IS NOT NULL) "
            "AND (countersigned_at IS NULL) = (countersigned_by_person_id IS NULL) "
            "AND (countersigned_at IS NULL) = (verification_code IS NULL)",
            name="countersigned",
        ),
        Index("timesheets_waiting_idx", "submitted_at", postgresql_where=text("status = 'submitted'")),
        Index(None, "month", "dispatch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    month: Mapped[date]  # its first day
    status: Mapped[TimesheetStatus] = mapped_column(named_enum(TimesheetStatus), server_default="draft")
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    remark: Mapped[str] = mapped_column(Text, server_default="")
    return_reason: Mapped[str] = mapped_column(Text, server_default="")
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    countersigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    countersigned_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    countersigned_as: Mapped[Role | None] = mapped_column(named_enum(Role))
    verification_code: Mapped[str | None] = mapped_column(Text, unique=True)
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # on the bureau's list since
    scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"), unique=True)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    dispatch: Mapped[Dispatch] = relationship()
    countersigned_by: Mapped[Person | None] = relationship(foreign_keys=countersigned_by_person_id)
    scan: Mapped[Attachment | None] = relationship()
    amendments: Mapped[list[TimesheetAmendment]] = relationship(
        back_populates="timesheet", order_by="TimesheetAmendment.requested_at"
    )


class TimesheetAmendment(Base):
    """A dated change of one line of a countersigned timesheet; it counts once it is countersigned itself."""

    __tablename__ = "timesheet_amendments"
    __table_args__ = (
        Index(
            "timesheet_amendments_open_key",
            "timesheet_id",
            "duty_on",
            "shift",
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
        CheckConstraint("(status IN ('accepted', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("decided_by_person_id <> requested_by_person_id", name="not_by_oneself"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    timesheet_id: Mapped[UUID] = mapped_column(ForeignKey("timesheets.id"))
    duty_on: Mapped[date]
    shift: Mapped[Shift] = mapped_column(named_enum(Shift))
    before: Mapped[Standing] = mapped_column(named_enum(Standing, "before"))
    after: Mapped[Standing] = mapped_column(named_enum(Standing, "after"))
    leave_kind: Mapped[LeaveKind | None] = mapped_column(named_enum(LeaveKind))  # where it becomes leave
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[RequestStatus] = mapped_column(named_enum(RequestStatus), server_default="requested")
    requested_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")

    timesheet: Mapped[Timesheet] = relationship(back_populates="amendments")
    requested_by: Mapped[Person] = relationship(foreign_keys=requested_by_person_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_person_id)
