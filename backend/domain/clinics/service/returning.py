"""Places that come back, by a cancellation, a refusal or a hold that ends: they go to who waits, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import joinedload

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.named import get_named_clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import PlaceState
from backend.domain.clinics.rules.waitlist import OfferKind, WaitlistStatus, held_until, is_for_waiters
from backend.domain.clinics.service.offer_notices import offered_to_waiter
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def return_places(clinic_id: UUID, place_ids: Collection[UUID]) -> None:
    """Give places back within the present transaction: each is held for the next who waits, or free.

    Their bookings and offers must have ended before. Places of a clinic that is closed stay withdrawn: who closes
    takes the places first, so that this waits for them or they for this.
    """
    with transaction() as session:
        # By number, as they are claimed.
        of_clinic = (ClinicPlace.id.in_(place_ids), ClinicPlace.clinic_id == clinic_id)
        session.scalars(select(ClinicPlace.id).where(*of_clinic).order_by(ClinicPlace.number).with_for_update()).all()
        freed = (
            update(ClinicPlace)
            .where(*of_clinic, ClinicPlace.state != PlaceState.WITHDRAWN)
            .values(state=PlaceState.FREE)
            .returning(ClinicPlace.id)
            .execution_options(synchronize_session=False)
        )
        back = list(session.scalars(freed))
        statement = (
            select(ClinicPlace)
            .where(ClinicPlace.id.in_(back))
            .options(joinedload(ClinicPlace.period))
            .order_by(ClinicPlace.number)
            .execution_options(populate_existing=True)
        )
        offer_to_waiters(clinic_id, session.scalars(statement).all())


def offer_to_waiters(clinic_id: UUID, places: Iterable[ClinicPlace]) -> int:
    """Hold each of these places, free and locked by this transaction, for the next who waits; return how many."""
    clinic = get_named_clinic(clinic_id)
    now = db.session.scalars(select(func.now())).one()
    if not clinic.release_at <= now < clinic.phone_until:
        return 0
    minutes = find_setting("clinics.offer_minutes", clinic.recipient_id, clinic.held_on)
    owed: list[Owed] = []
    offers = 0
    for place in places:
        offer = _offer_to_next(clinic, place, now, minutes)
        if offer is not None:
            offers += 1
            owed += offered_to_waiter(offer, clinic, place.period)
    owe_notices(owed)
    return offers


def _offer_to_next(clinic: Clinic, place: ClinicPlace, now: datetime, minutes: int) -> PlaceOffer | None:
    if not is_for_waiters(place.channel, now, overflow_at=clinic.overflow_at):
        return None
    until = held_until(now, minutes, phone_until=clinic.phone_until, starts_at=place.period.starts_at)
    waiter = _next_waiter(clinic.id) if until is not None else None
    if until is None or waiter is None:
        return None
    place.state = PlaceState.HELD
    waiter.status = WaitlistStatus.OFFERED
    offer = PlaceOffer(
        id=new_id(),
        kind=OfferKind.WAITLIST,
        clinic_id=clinic.id,
        place_id=place.id,
        patient_id=waiter.patient_id,
        account_id=waiter.account_id,
        waitlist_entry_id=waiter.id,
        held_until=until,
    )
    db.session.add(offer)
    db.session.flush()
    return offer


def _next_waiter(clinic_id: UUID) -> WaitlistEntry | None:
    # Whose row is locked is leaving, or is being offered another place.
    has_a_place = exists().where(
        Booking.clinic_id == WaitlistEntry.clinic_id,
        Booking.patient_id == WaitlistEntry.patient_id,
        Booking.status != BookingStatus.CANCELLED,
    )
    statement = (
        select(WaitlistEntry)
        .where(WaitlistEntry.clinic_id == clinic_id, WaitlistEntry.status == WaitlistStatus.WAITLIST, ~has_a_place)
        .order_by(WaitlistEntry.turn)
        .limit(1)
        .with_for_update(skip_locked=True, of=WaitlistEntry)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).one_or_none()
