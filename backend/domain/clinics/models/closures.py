"""Closed clinics, and those whose bookings fell with them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.closures import CallOutcome, ClosureReason, ClosureReview, Remedy
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class ClinicClosure(Base):
    """That a clinic was closed (停诊): by whom, why, and who calls those that cannot be reached."""

    __tablename__ = "clinic_closures"
    __table_args__ = (
        CheckConstraint("(review IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by_person_id <> closed_by_person_id", name="not_by_oneself"),
        Index("clinic_closures_unreviewed_idx", "closed_at", postgresql_where=text("needs_review AND review IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), unique=True)
    reason: Mapped[ClosureReason] = mapped_column(named_enum(ClosureReason))
    note: Mapped[str] = mapped_column(Text, server_default="")  # shown to patients too
    closed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    closed_as: Mapped[Role] = mapped_column(named_enum(Role, "closed_as"))
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    caller_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # None: the site's desk calls
    needs_review: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    review: Mapped[ClosureReview | None] = mapped_column(named_enum(ClosureReview))
    review_note: Mapped[str] = mapped_column(Text, server_default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reviewed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    clinic: Mapped[Clinic] = relationship()
    closed_by: Mapped[Person | None] = relationship(foreign_keys=closed_by_person_id)
    caller: Mapped[Person | None] = relationship(foreign_keys=caller_person_id)


class FallenBooking(Base):
    """Somebody whose booking fell with a clinic: what they were given in its place, and whether they know.

    An offer that is held for them names the booking (`place_offers.fallen_booking_id`).
    """

    __tablename__ = "fallen_bookings"
    __table_args__ = (CheckConstraint("(call_outcome IS NULL) = (called_at IS NULL)", name="called"),)

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("bookings.id"), primary_key=True)
    closure_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_closures.id"), index=True)
    remedy: Mapped[Remedy] = mapped_column(named_enum(Remedy))
    had_arrived: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    call_outcome: Mapped[CallOutcome | None] = mapped_column(named_enum(CallOutcome))  # of the last call
    calls: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    called_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    called_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    call_note: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    booking: Mapped[Booking] = relationship()
    closure: Mapped[ClinicClosure] = relationship()
