"""Waiting for a place of a clinic that is full, and leaving."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import BookingSuspended
from backend.domain.clinics.errors.waitlist import AlreadyWaiting, EntryEnded, HasPlace, NoWaiting, PlacesLeft
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.suspensions import suspensions_of
from backend.domain.clinics.queries.waitlist import get_entry, has_free_places, present
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.waitlist import (
    OFFER_TRANSITIONS,
    WAITLIST_TRANSITIONS,
    OfferAction,
    OfferStatus,
    WaitlistAction,
    WaitlistStatus,
)
from backend.domain.clinics.service.returning import return_places
from backend.domain.patients.models import PatientLink
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_SITUATIONS = {"waitlist_entries_live_key": AlreadyWaiting}


def join_waitlist(actor: Actor, clinic_id: UUID, patient_id: UUID) -> WaitlistEntry:
    """Let a patient of the account's wait for a place; who comes first is asked first.

    Raises:
        NotFound: there is no such clinic, or the account does not act for the patient.
        BookingSuspended: the patient missed too many, and would be offered a place by phone.
        NoWaiting: it is not released, over for phones, or closed.
        PlacesLeft: a place can be booked.
        HasPlace, AlreadyWaiting: the patient needs none.
    """
    with transaction() as session:
        # Shared among who join; who closes it meanwhile must find the one who waits, or they find it closed.
        clinic = session.get(Clinic, clinic_id, with_for_update={"read": True}, populate_existing=True)
        if clinic is None or not _acts_for(actor, patient_id):
            raise NotFound
        if patient_id in suspensions_of([patient_id]):
            raise BookingSuspended
        if clinic.status is not ClinicStatus.SCHEDULED or not clinic.release_at <= present() < clinic.phone_until:
            raise NoWaiting
        if has_free_places(clinic_id):
            raise PlacesLeft
        if _has_place(clinic_id, patient_id):
            raise HasPlace
        entry = WaitlistEntry(id=new_id(), clinic=clinic, patient_id=patient_id, account_id=actor.account_id)
        with refusals(_SITUATIONS):
            session.add(entry)
        record_event(actor, "join_waitlist", "waitlist_entry", entry.id, organisation_id=clinic.recipient_id)
        return get_entry(actor, entry.id)


def leave_waitlist(actor: Actor, entry_id: UUID) -> WaitlistEntry:
    """Wait no more; a place that was held for the patient goes to the next.

    Raises:
        EntryNotFound: it is not the account's own.
        EntryEnded: the patient waits no more.
    """
    with transaction() as session:
        entry = get_entry(actor, entry_id)
        # The offer first, as everybody does who answers one or closes a clinic.
        offer = session.scalars(
            select(PlaceOffer)
            .where(PlaceOffer.waitlist_entry_id == entry.id, PlaceOffer.status == OfferStatus.OFFERED)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        session.refresh(entry, ["status"], with_for_update={"of": WaitlistEntry})
        following = WAITLIST_TRANSITIONS.get((entry.status, WaitlistAction.LEAVE))
        if following is None or (offer is None and entry.status is WaitlistStatus.OFFERED):
            raise EntryEnded
        entry.status, entry.ended_at = following, clock.now()
        if offer is not None:
            offer.status = OFFER_TRANSITIONS[offer.status, OfferAction.DECLINE]
            offer.answered_at = entry.ended_at
        session.flush()
        if offer is not None:
            return_places(offer.clinic_id, [offer.place_id])
        record_event(actor, "leave_waitlist", "waitlist_entry", entry.id, organisation_id=entry.clinic.recipient_id)
        return entry


def _acts_for(actor: Actor, patient_id: UUID) -> bool:
    if actor.account_id is None:
        return False
    statement = select(PatientLink.id).where(
        PatientLink.account_id == actor.account_id,
        PatientLink.patient_id == patient_id,
        PatientLink.ended_at.is_(None),
    )
    return db.session.scalars(statement).first() is not None


def _has_place(clinic_id: UUID, patient_id: UUID) -> bool:
    statement = select(Booking.id).where(
        Booking.clinic_id == clinic_id, Booking.patient_id == patient_id, Booking.status != BookingStatus.CANCELLED
    )
    return db.session.scalars(statement).first() is not None
