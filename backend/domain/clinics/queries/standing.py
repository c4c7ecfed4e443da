"""How a patient stands: their live bookings, against which a new one is held."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.limits import Taken
from backend.extensions import db


def fetch_taken(patient_id: UUID, month: date) -> list[Taken]:
    """Return the patient's live bookings of a month (its first day), as the database has them now."""
    following = (month + timedelta(days=31)).replace(day=1)
    statement = select(
        Booking.clinic_id,
        Booking.held_on,
        Booking.starts_at,
        Booking.ends_at,
        Booking.day_slot,
        Booking.month_slot,
    ).where(
        Booking.patient_id == patient_id,
        Booking.status != BookingStatus.CANCELLED,
        Booking.held_on >= month,
        Booking.held_on < following,
    )
    return [Taken(*row) for row in db.session.execute(statement)]
