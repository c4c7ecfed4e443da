"""What ends with a clinic that is closed: its bookings, its offers, and the waiting for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import insert, update

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.affected import Affected
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.closures import Remedy
from backend.domain.clinics.rules.waitlist import OPEN_ENTRIES, OfferStatus, WaitlistStatus
from backend.domain.clinics.service.reminders import lapse_reminders
from backend.extensions import db


def let_fall(closure: ClinicClosure, affected: Sequence[Affected], remedies: Mapping[UUID, Remedy]) -> None:
    """Cancel the bookings, withdraw the offers, and write down what each gets in their place."""
    db.session.execute(
        update(PlaceOffer)
        .where(PlaceOffer.clinic_id == closure.clinic_id, PlaceOffer.status == OfferStatus.OFFERED)
        .values(status=OfferStatus.WITHDRAWN, answered_at=closure.closed_at)
        .execution_options(synchronize_session=False)
    )
    bookings = [one.booking for one in affected if one.offer is None]
    if bookings:
        rows = [
            {
                "booking_id": booking.id,
                "closure_id": closure.id,
                "remedy": remedies[booking.id],
                "had_arrived": booking.status is BookingStatus.ARRIVED,
            }
            for booking in bookings
        ]
        db.session.execute(insert(FallenBooking), rows)
        _cancel(closure, [booking.id for booking in bookings])
    for one in affected:
        if one.offer is not None:  # of an earlier closure, whose list they stay on
            fallen = db.session.get_one(FallenBooking, one.booking.id, with_for_update=True)
            fallen.remedy = remedies[one.booking.id]
            fallen.call_outcome = fallen.called_at = None  # what was said by telephone was of another place
            fallen.version += 1


def end_waiting(closure: ClinicClosure) -> Sequence[WaitlistEntry]:
    """End the waiting for a clinic and return whose it was."""
    ended = (
        update(WaitlistEntry)
        .where(WaitlistEntry.clinic_id == closure.clinic_id, WaitlistEntry.status.in_(OPEN_ENTRIES))
        .values(status=WaitlistStatus.CANCELLED, ended_at=closure.closed_at)
        .returning(WaitlistEntry)
    )
    return db.session.scalars(ended).all()


def _cancel(closure: ClinicClosure, booking_ids: Sequence[UUID]) -> None:
    db.session.execute(
        update(Booking)
        .where(Booking.id.in_(booking_ids))
        .values(
            status=BookingStatus.CANCELLED,
            cancelled_at=closure.closed_at,
            cancelled_for=CancelReason.CLOSURE,
            version=Booking.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    lapse_reminders(booking_ids)
