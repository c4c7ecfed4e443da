"""Dispatches, the weekday halves they claim, their sites, and rotations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, INT4MULTIRANGE, ExcludeConstraint, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.domain.organisations.models import Department, Organisation, Site
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id

dispatch_sites = Table(
    "dispatch_sites",
    Base.metadata,
    Column("dispatch_id", ForeignKey("dispatches.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), primary_key=True, index=True),
)


class Rotation(Base):
    """A batch (批次) of dispatches of one supporting hospital, which relieves the batch before."""

    __tablename__ = "rotations"
    __table_args__ = (UniqueConstraint("supporting_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(Text)

    supporting: Mapped[Organisation] = relationship()
    dispatches: Mapped[list[Dispatch]] = relationship(back_populates="rotation")


class Dispatch(Base):
    """One person sent to one recipient for a period (派驻); both hospitals own the record."""

    __tablename__ = "dispatches"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("supporting_id <> recipient_id", name="two_hospitals"),
        Index(
            "dispatches_person_recipient_start_key",
            "person_id",
            "recipient_id",
            "starts_on",
            unique=True,
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        ExcludeConstraint(
            ("rotation_id", "="),
            ("recipient_id", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=text("leads_team AND cancelled_at IS NULL"),
            name="dispatches_one_leader_excl",
        ),
        Index(None, "supporting_id", "ends_on"),
        Index(None, "recipient_id", "ends_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[DispatchKind] = mapped_column(named_enum(DispatchKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))  # the recipient's
    rotation_id: Mapped[UUID | None] = mapped_column(ForeignKey("rotations.id"), index=True)
    leads_team: Mapped[bool] = mapped_column(server_default=text("false"))
    exception_reason: Mapped[str] = mapped_column(Text, server_default="")  # why a condition is not met
    substitute_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("dispatches.id"))
    planned_end_on: Mapped[date | None]  # set when it was ended early: the end that was agreed
    end_reason: Mapped[str] = mapped_column(Text, server_default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    person: Mapped[Person] = relationship()
    supporting: Mapped[Organisation] = relationship(foreign_keys=supporting_id)
    recipient: Mapped[Organisation] = relationship(foreign_keys=recipient_id)
    department: Mapped[Department | None] = relationship()
    rotation: Mapped[Rotation | None] = relationship(back_populates="dispatches")
    sites: Mapped[list[Site]] = relationship(secondary=dispatch_sites, order_by=Site.name)
    patterns: Mapped[list[DutyPattern]] = relationship(
        back_populates="dispatch", order_by="DutyPattern.during", cascade="all, delete-orphan"
    )

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that are claimed on a day."""
        return next((row.pattern.shifts_on(day) for row in self.patterns if day in row.during), ())

    def weekly_label(self, day: date) -> str:
        """Return the claims in Chinese as they are from a day on: weekdays, or the number of single days."""
        if len(self.patterns) > 1 and all(row.is_single_day for row in self.patterns):
            return f"指定日期共{len(self.patterns)}天"
        rows = [row for row in self.patterns if row.during.upper is not None and row.during.upper > day]
        row = next(iter(rows or self.patterns[-1:]), None)
        return row.pattern.label() if row is not None else ""


class DutyPattern(Base):
    """The weekday halves that a dispatch claims within a period; a change begins another row.

    `halves` holds (weekday − 1) × 3 + shift; two rows of one person may not claim the same half in the same days.
    """

    __tablename__ = "duty_patterns"
    __table_args__ = (
        CheckConstraint("halves <@ '{[0,21)}'::int4multirange AND NOT isempty(halves)", name="halves"),
        CheckConstraint("NOT isempty(during)", name="days"),
        ExcludeConstraint(("person_id", "="), ("during", "&&"), ("halves", "&&"), name="duty_patterns_one_claim_excl"),
        Index(None, "dispatch_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    halves: Mapped[MultiRange[int]] = mapped_column(INT4MULTIRANGE)

    dispatch: Mapped[Dispatch] = relationship(back_populates="patterns")

    @property
    def is_single_day(self) -> bool:
        """Whether the claims are for one day only."""
        first, after = self.during.lower, self.during.upper
        return first is not None and after is not None and (after - first).days == 1

    @property
    def pattern(self) -> WeeklyPattern:
        """The claims as the rules speak of them."""
        return WeeklyPattern.from_numbers((part.lower or 0, part.upper or 0) for part in self.halves)


class Suspension(Base):
    """Days on which a dispatch rests for long leave: nothing is due, and a substitute may be posted for them."""

    __tablename__ = "suspensions"
    __table_args__ = (
        ExcludeConstraint(("dispatch_id", "="), ("during", "&&"), name="suspensions_one_excl"),
        CheckConstraint("NOT isempty(during)", name="days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    reason: Mapped[str] = mapped_column(Text)
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("dispatches.id"))

    dispatch: Mapped[Dispatch] = relationship(foreign_keys=dispatch_id)
    substitute: Mapped[Dispatch | None] = relationship(foreign_keys=substitute_id)
