"""Who waits for a place, and places that are held for somebody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.waitlist import OfferKind, OfferStatus, WaitlistStatus
from backend.domain.patients.models import Patient
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class WaitlistEntry(Base):
    """A patient who waits for a place of a clinic (候补); who came first is asked first."""

    __tablename__ = "waitlist_entries"
    __table_args__ = (
        Index(
            "waitlist_entries_live_key",
            "patient_id",
            "clinic_id",
            unique=True,
            postgresql_where=text("status IN ('waitlist', 'offered')"),
        ),
        Index("waitlist_entries_turn_idx", "clinic_id", "turn", postgresql_where=text("status = 'waitlist'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    turn: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    status: Mapped[WaitlistStatus] = mapped_column(named_enum(WaitlistStatus), server_default="waitlist")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    clinic: Mapped[Clinic] = relationship()
    patient: Mapped[Patient] = relationship()


class PlaceOffer(Base):
    """A place that is held for one patient until `held_until`: for who waited, or whose clinic was closed."""

    __tablename__ = "place_offers"
    __table_args__ = (
        Index("place_offers_place_key", "place_id", unique=True, postgresql_where=text("status = 'offered'")),
        Index("place_offers_open_idx", "held_until", postgresql_where=text("status = 'offered'")),
        CheckConstraint("(kind = 'waitlist') = (waitlist_entry_id IS NOT NULL)", name="waiter"),
        CheckConstraint("(kind = 'closure') = (fallen_booking_id IS NOT NULL)", name="fallen"),
        CheckConstraint("(status = 'offered') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(status = 'accepted') = (booking_id IS NOT NULL)", name="booked"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[OfferKind] = mapped_column(named_enum(OfferKind))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinics.id"), index=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_places.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    waitlist_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("waitlist_entries.id"), index=True)
    fallen_booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    status: Mapped[OfferStatus] = mapped_column(named_enum(OfferStatus), server_default="offered")
    held_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    offered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # or lapsed, or withdrawn
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("bookings.id"))

    clinic: Mapped[Clinic] = relationship()
    place: Mapped[ClinicPlace] = relationship()
    patient: Mapped[Patient] = relationship()
    fallen_booking: Mapped[Booking | None] = relationship(foreign_keys=fallen_booking_id)
