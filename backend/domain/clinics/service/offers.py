"""Answering a place that is held for a patient; what nobody answers goes to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import joinedload

from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import BookingSuspended
from backend.domain.clinics.errors.waitlist import OfferLapsed
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.named import get_named_clinic
from backend.domain.clinics.queries.suspensions import suspensions_of
from backend.domain.clinics.queries.waitlist import free_by_phone, get_offer, present
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.limits import NO_LIMITS, Limits
from backend.domain.clinics.rules.planning import ClinicStatus, PlaceState
from backend.domain.clinics.rules.waitlist import (
    OFFER_TRANSITIONS,
    WAITLIST_TRANSITIONS,
    OfferAction,
    OfferKind,
    OfferStatus,
    WaitlistAction,
    WaitlistStatus,
)
from backend.domain.clinics.service.booking_rows import book_place
from backend.domain.clinics.service.offer_notices import offer_has_lapsed, place_taken
from backend.domain.clinics.service.returning import offer_to_waiters, return_places
from backend.domain.notifications.service.notices import owe_notices
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation.actor import SYSTEM, Actor
from backend.foundation.transaction import transaction

_BATCH = 200


def accept_offer(actor: Actor, offer_id: UUID) -> Booking:
    """Book the place that is held for a patient of the account's; a second tap gives the same booking.

    Raises:
        OfferNotFound: it is not offered to the account.
        OfferLapsed: it is held no more.
        AlreadyBooked, TimeClash: the patient has got another place meanwhile.
        DayLimit, MonthLimit: who waited has as many as are allowed.
        BookingSuspended: who waited has missed too many meanwhile.
    """
    with transaction():
        offer = get_offer(actor, offer_id)
        # Who waited books by phone; what a closure took away is given back all the same.
        waited = offer.kind is OfferKind.WAITLIST and offer.status is OfferStatus.OFFERED
        if waited and suspensions_of([offer.patient_id]):
            raise BookingSuspended
        return accept_for(actor, offer)


def decline_offer(actor: Actor, offer_id: UUID) -> PlaceOffer:
    """Give up the place; it goes to the next who waits.

    Raises:
        OfferNotFound, OfferLapsed: as in accept_offer.
    """
    with transaction():
        return decline_for(actor, get_offer(actor, offer_id))


def accept_for(actor: Actor, offer: PlaceOffer) -> Booking:
    """Book the place that is held, for whoever may answer this offer.

    Raises:
        OfferLapsed, AlreadyBooked, TimeClash, DayLimit, MonthLimit: as in accept_offer.
    """
    with transaction() as session:
        _lock(offer)
        if offer.status is OfferStatus.ACCEPTED:
            return session.get_one(Booking, offer.booking_id)
        _require_open(offer)
        place = session.get_one(ClinicPlace, offer.place_id, with_for_update=True, populate_existing=True)
        by_themselves = offer.account_id is not None and actor.account_id == offer.account_id
        booking = book_place(
            actor,
            place,
            patient_id=offer.patient_id,
            account_id=offer.account_id,
            channel=place.channel,
            booked_by_person_id=None if by_themselves else actor.person_id,
            moved_from_id=offer.fallen_booking_id,
            limits=_limits(offer),
        )
        _answer(offer, OfferAction.ACCEPT, present(), booking.id)
        session.flush()
        owe_notices(place_taken(offer, booking, get_named_clinic(offer.clinic_id)))
        return booking


def decline_for(actor: Actor, offer: PlaceOffer) -> PlaceOffer:
    """Give up the place that is held, for whoever may answer this offer; a second time changes nothing.

    Raises:
        OfferLapsed: it is held no more.
    """
    with transaction():
        _lock(offer)
        if offer.status is OfferStatus.DECLINED:
            return offer
        _require_open(offer)
        _answer(offer, OfferAction.DECLINE, present())
        record_event(actor, "decline_offer", "place_offer", offer.id, organisation_id=offer.clinic.recipient_id)
        _give_back([offer])
        return offer


def lapse_offers() -> int:
    """End the offers whose time is over, tell those they were for, and ask the next; return how many."""
    lapsed = 0
    while batch := _lapse_batch():
        lapsed += batch
    return lapsed


def serve_waiters() -> int:
    """Offer free places that slipped past those who wait, and end the waiting that is of no use any more.

    A place can come back while somebody joins, or become the phone's by the clock. Returns how many offers were made.
    """
    _end_waiting()
    return sum(_serve(clinic_id) for clinic_id in _clinics_to_serve())


def _lapse_batch() -> int:
    with transaction() as session:
        statement = (
            select(PlaceOffer)
            .where(PlaceOffer.status == OfferStatus.OFFERED, PlaceOffer.held_until <= func.now())
            .order_by(PlaceOffer.held_until)
            .limit(_BATCH)
            .options(joinedload(PlaceOffer.place).joinedload(ClinicPlace.period))
            .with_for_update(skip_locked=True, of=PlaceOffer)
            .execution_options(populate_existing=True)
        )
        offers = session.scalars(statement).all()
        now = present()
        for offer in offers:
            _answer(offer, OfferAction.LAPSE, now)
            record_event(SYSTEM, "lapse_offer", "place_offer", offer.id)
            owe_notices(offer_has_lapsed(offer, get_named_clinic(offer.clinic_id), offer.place.period))
        _give_back(offers)
        return len(offers)


def _give_back(offers: Iterable[PlaceOffer]) -> None:
    """Give back the places of offers that ended; one that was added for them alone is gone with them."""
    db.session.flush()
    by_clinic: dict[UUID, list[UUID]] = defaultdict(list)
    added: list[UUID] = []
    for offer in offers:
        place = db.session.get_one(ClinicPlace, offer.place_id)
        if offer.kind is OfferKind.CLOSURE and place.extra:
            added.append(place.id)
        else:
            by_clinic[offer.clinic_id].append(place.id)
    withdraw = update(ClinicPlace).where(ClinicPlace.id.in_(added)).values(state=PlaceState.WITHDRAWN)
    db.session.execute(withdraw)
    for clinic_id, place_ids in sorted(by_clinic.items()):
        return_places(clinic_id, place_ids)


def _lock(offer: PlaceOffer) -> None:
    db.session.refresh(offer, ["status", "held_until", "booking_id"], with_for_update={"of": PlaceOffer})


def _require_open(offer: PlaceOffer) -> None:
    if offer.status is not OfferStatus.OFFERED or offer.held_until <= present():
        raise OfferLapsed


def _limits(offer: PlaceOffer) -> Limits:
    """Return the limits of whoever waited; what a closure took away is given back past them."""
    if offer.kind is OfferKind.CLOSURE:
        return NO_LIMITS
    recipient_id, day = offer.clinic.recipient_id, offer.clinic.held_on
    return Limits(*(find_setting(f"clinics.bookings_a_{span}", recipient_id, day) for span in ("day", "month")))


def _answer(offer: PlaceOffer, action: OfferAction, now: datetime, booking_id: UUID | None = None) -> None:
    offer.status, offer.answered_at = OFFER_TRANSITIONS[offer.status, action], now
    offer.booking_id = booking_id
    if offer.waitlist_entry_id is not None:
        entry = db.session.get_one(WaitlistEntry, offer.waitlist_entry_id, with_for_update=True, populate_existing=True)
        entry.status, entry.ended_at = WAITLIST_TRANSITIONS[entry.status, WaitlistAction(action)], now


def _end_waiting() -> None:
    has_place = exists().where(
        Booking.clinic_id == WaitlistEntry.clinic_id,
        Booking.patient_id == WaitlistEntry.patient_id,
        Booking.status != BookingStatus.CANCELLED,
    )
    is_over = exists().where(Clinic.id == WaitlistEntry.clinic_id, Clinic.phone_until <= func.now())
    with transaction() as session:
        for status, why in ((WaitlistStatus.BOOKED, has_place), (WaitlistStatus.LAPSED, is_over)):
            session.execute(
                update(WaitlistEntry)
                .where(WaitlistEntry.status == WaitlistStatus.WAITLIST, why)
                .values(status=status, ended_at=func.now())
                .execution_options(synchronize_session=False)
            )


def _clinics_to_serve() -> list[UUID]:
    waits = exists().where(WaitlistEntry.clinic_id == Clinic.id, WaitlistEntry.status == WaitlistStatus.WAITLIST)
    has_free = exists().where(ClinicPlace.clinic_id == Clinic.id, free_by_phone()).correlate(Clinic)
    statement = select(Clinic.id).where(Clinic.status == ClinicStatus.SCHEDULED, waits, has_free).order_by(Clinic.id)
    return list(db.session.scalars(statement))


def _serve(clinic_id: UUID) -> int:
    with transaction() as session:
        waiting = select(func.count()).where(
            WaitlistEntry.clinic_id == clinic_id, WaitlistEntry.status == WaitlistStatus.WAITLIST
        )
        statement = (
            select(ClinicPlace)
            .join(Clinic, Clinic.id == ClinicPlace.clinic_id)
            .where(ClinicPlace.clinic_id == clinic_id, free_by_phone())
            .options(joinedload(ClinicPlace.period))
            .order_by(ClinicPlace.number)
            .limit(session.scalar(waiting) or 0)
            .with_for_update(skip_locked=True, of=ClinicPlace)
            .execution_options(populate_existing=True)
        )
        return offer_to_waiters(clinic_id, session.scalars(statement).all())
