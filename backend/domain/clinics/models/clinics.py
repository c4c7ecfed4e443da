"""Clinics, their periods, and their numbered places."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.organisations.models import Department, Organisation, Site
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Clinic(Base):
    """One expert at one site on one day (坐诊); public.

    `release_at`: from when its places can be booked, by the database's clock. `overflow_at`: from when places of
    referral and family doctors that nobody took are the phone's. `phone_until`: from when all that are left are the
    desk's. `cancel_until`: until when a patient may cancel.
    """

    __tablename__ = "clinics"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="hours"),
        CheckConstraint("release_at <= phone_until AND phone_until <= ends_at", name="release"),
        CheckConstraint("overflow_at <= phone_until", name="overflow"),
        CheckConstraint("cancel_until <= starts_at", name="cancel"),
        CheckConstraint("fee_fen >= 0", name="fee"),
        CheckConstraint("person_id <> local_doctor_id", name="two_doctors"),
        CheckConstraint("supporting_id <> recipient_id", name="two_hospitals"),
        ExcludeConstraint(
            ("person_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("status = 'scheduled'"),
            name="clinics_one_expert_once_excl",
        ),
        Index(None, "held_on", "starts_at", "id"),  # in which order they are found
        Index(None, "held_on", "site_id"),
        Index(None, "recipient_id", "held_on"),
        Index(None, "supporting_id", "held_on"),
        Index(None, "person_id", "held_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))  # the expert who comes
    replaces_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # in whose place
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))  # the recipient's
    local_doctor_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # who sits in (跟诊)
    held_on: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    release_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    overflow_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    phone_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    cancel_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fee_fen: Mapped[int] = mapped_column(server_default=text("0"))  # shown, never charged
    note: Mapped[str] = mapped_column(Text, server_default="")  # for patients: bring your old films …
    status: Mapped[ClinicStatus] = mapped_column(named_enum(ClinicStatus), server_default="scheduled")
    planned_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    expert: Mapped[Person] = relationship(foreign_keys=person_id)
    replaces: Mapped[Person | None] = relationship(foreign_keys=replaces_person_id)
    local_doctor: Mapped[Person | None] = relationship(foreign_keys=local_doctor_id)
    supporting: Mapped[Organisation] = relationship(foreign_keys=supporting_id)
    recipient: Mapped[Organisation] = relationship(foreign_keys=recipient_id)
    site: Mapped[Site] = relationship()
    department: Mapped[Department | None] = relationship()
    periods: Mapped[list[ClinicPeriod]] = relationship(
        back_populates="clinic", order_by="ClinicPeriod.starts_at", cascade="all, delete-orphan"
    )


class ClinicPeriod(Base):
    """A part of a clinic (时段) to which patients are asked to come, so that the mornings are not crowded."""

    __tablename__ = "clinic_periods"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="hours"),
        ExcludeConstraint(
            ("clinic_id", "="), (text("tstzrange(starts_at, ends_at)"), "&&"), name="clinic_periods_no_overlap_excl"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    clinic: Mapped[Clinic] = relationship(back_populates="periods")


class ClinicPlace(Base):
    """A numbered place of a period; whoever wants one claims a row, so that none is sold twice."""

    __tablename__ = "clinic_places"
    __table_args__ = (
        UniqueConstraint("clinic_id", "number"),
        CheckConstraint("number > 0", name="number"),
        Index("clinic_places_free_idx", "clinic_id", "number", postgresql_where=text("state = 'free'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id", ondelete="CASCADE"))
    period_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_periods.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    channel: Mapped[Channel] = mapped_column(named_enum(Channel))
    extra: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # 加号
    state: Mapped[PlaceState] = mapped_column(named_enum(PlaceState), server_default="free")

    period: Mapped[ClinicPeriod] = relationship()


class CalendarFeed(Base):
    """The secret address at which a calendar reads an expert's clinics; a new one ends the old."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
