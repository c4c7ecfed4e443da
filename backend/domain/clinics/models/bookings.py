"""Bookings: a patient's claim on a place, kept with its history when it has ended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel
from backend.domain.patients.models import Patient
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id

_LIVE = text("status <> 'cancelled'")


class Booking(Base):
    """A numbered place that a patient holds (预约).

    The constraints are the rules: one live booking a place, one a patient and clinic, none at the same time, and as
    many a day and a month as there are slots: each takes the lowest slot that is free and at most the limit.
    `account_id` is told of changes; a booking of the desk may have none.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index("bookings_place_key", "place_id", unique=True, postgresql_where=_LIVE),
        Index("bookings_patient_clinic_key", "patient_id", "clinic_id", unique=True, postgresql_where=_LIVE),
        Index("bookings_patient_day_key", "patient_id", "held_on", "day_slot", unique=True, postgresql_where=_LIVE),
        Index(
            "bookings_patient_month_key", "patient_id", "held_month", "month_slot", unique=True, postgresql_where=_LIVE
        ),
        ExcludeConstraint(
            ("patient_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=_LIVE,
            name="bookings_one_place_at_a_time_excl",
        ),
        Index("bookings_account_key_key", "account_id", "idempotency_key", unique=True),
        Index("bookings_desk_key_idx", "booked_by_person_id", "idempotency_key"),
        Index(None, "clinic_id", "number"),
        Index(None, "account_id", "starts_at"),
        Index("bookings_noshow_idx", "patient_id", "held_on", postgresql_where=text("status = 'noshow'")),
        Index("bookings_appeals_idx", "appealed_at", postgresql_where=text("appealed_at IS NOT NULL")),
        CheckConstraint("(idempotency_key IS NULL) = (request_hash IS NULL)", name="key"),
        CheckConstraint("held_month = date_trunc('month', held_on::timestamp)::date", name="month"),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at"),
        CheckConstraint("(status = 'cancelled') = (cancelled_for IS NOT NULL)", name="cancelled_for"),
        CheckConstraint("(status = 'noshow') = (noshow_at IS NOT NULL)", name="noshow"),
        CheckConstraint("(appeal_decision IS NULL) = (appeal_decided_at IS NULL)", name="appeal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    period_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_periods.id"))
    place_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_places.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    booked_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # desk, village doctor, expert
    channel: Mapped[Channel] = mapped_column(named_enum(Channel))
    status: Mapped[BookingStatus] = mapped_column(named_enum(BookingStatus), server_default="booked")
    number: Mapped[int]
    held_on: Mapped[date]
    held_month: Mapped[date]  # its first day
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # of the period
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    day_slot: Mapped[int] = mapped_column(SmallInteger)
    month_slot: Mapped[int] = mapped_column(SmallInteger)
    moved_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))  # the booking that it replaces
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    request_hash: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    arrived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    called_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # into the room
    fulfilled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_for: Mapped[CancelReason | None] = mapped_column(named_enum(CancelReason))
    noshow_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # when the desk said so
    marked_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # the desk, of the last state
    appeal: Mapped[str] = mapped_column(Text, server_default="")
    appealed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    appeal_decision: Mapped[AppealDecision | None] = mapped_column(named_enum(AppealDecision))
    appeal_reason: Mapped[str] = mapped_column(Text, server_default="")
    appeal_decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    appeal_decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    clinic: Mapped[Clinic] = relationship()
    period: Mapped[ClinicPeriod] = relationship()
    place: Mapped[ClinicPlace] = relationship()
    patient: Mapped[Patient] = relationship()
