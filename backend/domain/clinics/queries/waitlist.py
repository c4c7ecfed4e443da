"""Reading who waits, and the places that are held for an account's patients."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from backend.domain.clinics.errors.waitlist import EntryNotFound, OfferNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.rules.waitlist import OfferStatus, WaitlistStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


def free_by_phone(clinic: type[Clinic] = Clinic) -> ColumnElement[bool]:
    """Return the condition that keeps the free places which a phone could have now; their clinic is joined."""
    overflown = and_(ClinicPlace.channel != Channel.DESK, clinic.overflow_at <= func.now())
    return and_(ClinicPlace.state == PlaceState.FREE, or_(ClinicPlace.channel == Channel.PHONE, overflown))


def list_entries(actor: Actor, *, page: int, page_size: int) -> Page[WaitlistEntry]:
    """Return what the account waits for, and waited for, the latest first."""
    statement = _entries().where(WaitlistEntry.account_id == actor.account_id)
    return fetch_page(statement.order_by(WaitlistEntry.turn.desc()), page=page, page_size=page_size)


def get_entry(actor: Actor, entry_id: UUID) -> WaitlistEntry:
    """Return an entry of the account's own.

    Raises:
        EntryNotFound: there is none.
    """
    statement = _entries().where(WaitlistEntry.id == entry_id, WaitlistEntry.account_id == actor.account_id)
    entry = db.session.scalars(statement).one_or_none() if actor.account_id else None
    if entry is None:
        raise EntryNotFound
    return entry


def count_ahead(entries: Collection[WaitlistEntry]) -> dict[UUID, int]:
    """Return how many wait before each of these, by its id."""
    own, other = aliased(WaitlistEntry), aliased(WaitlistEntry)
    statement = (
        select(own.id, func.count(other.id))
        .join(other, and_(other.clinic_id == own.clinic_id, other.turn < own.turn))
        .where(own.id.in_([entry.id for entry in entries]), other.status == WaitlistStatus.WAITLIST)
        .group_by(own.id)
    )
    return dict(db.session.execute(statement).all())


def offers_of_entries(entries: Collection[WaitlistEntry]) -> dict[UUID, PlaceOffer]:
    """Return the open offer of each entry that has one, by the entry's id."""
    statement = _offers().where(
        PlaceOffer.waitlist_entry_id.in_([entry.id for entry in entries]), PlaceOffer.status == OfferStatus.OFFERED
    )
    return {offer.waitlist_entry_id: offer for offer in db.session.scalars(statement) if offer.waitlist_entry_id}


def offers_of_bookings(booking_ids: Collection[UUID]) -> dict[UUID, PlaceOffer]:
    """Return the latest offer in place of each booking that fell, by the booking's id."""
    statement = _offers().where(PlaceOffer.fallen_booking_id.in_(booking_ids)).order_by(PlaceOffer.id)
    return {offer.fallen_booking_id: offer for offer in db.session.scalars(statement) if offer.fallen_booking_id}


def list_open_offers(actor: Actor) -> list[PlaceOffer]:
    """Return the places that are held for the account's patients, the first to be answered first."""
    statement = _offers().where(
        PlaceOffer.account_id == actor.account_id,
        PlaceOffer.status == OfferStatus.OFFERED,
        PlaceOffer.held_until > func.now(),
    )
    return list(db.session.scalars(statement.order_by(PlaceOffer.held_until)))


def get_offer(actor: Actor, offer_id: UUID) -> PlaceOffer:
    """Return an offer to the account.

    Raises:
        OfferNotFound: there is none.
    """
    statement = _offers().where(PlaceOffer.id == offer_id, PlaceOffer.account_id == actor.account_id)
    offer = db.session.scalars(statement).one_or_none() if actor.account_id else None
    if offer is None:
        raise OfferNotFound
    return offer


def reasons_of(offers: Collection[PlaceOffer]) -> dict[UUID, ClosureReason]:
    """Return why the clinic was closed in place of which each of these is offered, by the booking that fell."""
    statement = (
        select(Booking.id, ClinicClosure.reason)
        .join(ClinicClosure, ClinicClosure.clinic_id == Booking.clinic_id)
        .where(Booking.id.in_([offer.fallen_booking_id for offer in offers if offer.fallen_booking_id]))
    )
    return dict(db.session.execute(statement).all())


def has_free_places(clinic_id: UUID) -> bool:
    """Tell whether a phone could book a place of the clinic now."""
    statement = (
        select(ClinicPlace.id)
        .join(Clinic, Clinic.id == ClinicPlace.clinic_id)
        .join(ClinicPlace.period)
        .where(ClinicPlace.clinic_id == clinic_id, free_by_phone(), ClinicPeriod.ends_at > func.now())
        .limit(1)
    )
    return db.session.scalars(statement).first() is not None


def present() -> datetime:
    """Return the database's clock, by which all holds and releases go."""
    return db.session.scalars(select(func.now())).one()


def _entries() -> Select[WaitlistEntry]:
    return select(WaitlistEntry).options(
        joinedload(WaitlistEntry.patient), joinedload(WaitlistEntry.clinic).options(*names_of_clinic())
    )


def _offers() -> Select[PlaceOffer]:
    return select(PlaceOffer).options(
        joinedload(PlaceOffer.patient),
        joinedload(PlaceOffer.place).joinedload(ClinicPlace.period),
        joinedload(PlaceOffer.clinic).options(*names_of_clinic()),
        joinedload(PlaceOffer.fallen_booking).joinedload(Booking.clinic).joinedload(Clinic.expert),
    )
