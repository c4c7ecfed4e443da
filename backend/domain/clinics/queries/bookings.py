"""Reading an account's bookings, as its holder sees them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, and_, func, not_, select
from sqlalchemy.orm import joinedload

from backend.domain.clinics.errors.bookings import BookingNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.cards import ClinicCard, cards_of
from backend.domain.clinics.queries.waitlist import offers_of_bookings
from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


class Scope(StrEnum):
    """Which of the account's bookings."""

    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True)
class Appeal:
    """What a patient says against a no-show, and what the desk made of it."""

    text: str
    appealed_at: datetime
    decision: AppealDecision | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class BookingView:
    """A booking as its account sees it; `offer` is what was held for them in its place, if it fell with its clinic."""

    id: UUID
    status: BookingStatus
    number: int
    patient_id: UUID
    patient_name: str
    card: ClinicCard
    starts_at: datetime
    ends_at: datetime
    cancel_until: datetime
    channel: Channel
    created_at: datetime
    version: int = 1
    cancelled_for: CancelReason | None = None
    appeal: Appeal | None = None
    offer: PlaceOffer | None = None


def list_bookings(actor: Actor, scope: Scope, *, page: int, page_size: int) -> Page[BookingView]:
    """Return the bookings that the account is told of: those to come, the next first, or all others, the last first."""
    to_come = and_(
        Booking.status.in_((BookingStatus.BOOKED, BookingStatus.ARRIVED)), Booking.ends_at > func.statement_timestamp()
    )
    statement = _with_patient().where(Booking.account_id == actor.account_id)
    if scope is Scope.COMING:
        statement = statement.where(to_come).order_by(Booking.starts_at, Booking.id)
    else:
        statement = statement.where(not_(to_come)).order_by(Booking.starts_at.desc(), Booking.id.desc())
    found = fetch_page(statement, page=page, page_size=page_size)
    return Page(viewed(found.items), found.page, found.page_size, found.total)


def get_booking(actor: Actor, booking_id: UUID) -> BookingView:
    """Return a booking of which the account is told.

    Raises:
        BookingNotFound: there is none.
    """
    statement = _with_patient().where(Booking.id == booking_id, Booking.account_id == actor.account_id)
    booking = db.session.scalars(statement).one_or_none() if actor.account_id else None
    if booking is None:
        raise BookingNotFound
    (view,) = viewed([booking])
    return view


def viewed(bookings: Collection[Booking]) -> list[BookingView]:
    """Return bookings with what their accounts see of their clinics, and with what was held in their place."""
    cards = cards_of({booking.clinic_id for booking in bookings})
    fallen = [booking.id for booking in bookings if booking.cancelled_for is CancelReason.CLOSURE]
    offers = offers_of_bookings(fallen) if fallen else {}
    return [_view(booking, cards[booking.clinic_id], offers.get(booking.id)) for booking in bookings]


def _view(booking: Booking, card: ClinicCard, offer: PlaceOffer | None) -> BookingView:
    appeal = (
        Appeal(booking.appeal, booking.appealed_at, booking.appeal_decision, booking.appeal_reason)
        if booking.appealed_at
        else None
    )
    return BookingView(
        id=booking.id,
        status=booking.status,
        number=booking.number,
        patient_id=booking.patient_id,
        patient_name=booking.patient.name,
        card=card,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        cancel_until=booking.clinic.cancel_until,
        channel=booking.channel,
        created_at=booking.created_at,
        version=booking.version,
        cancelled_for=booking.cancelled_for,
        appeal=appeal,
        offer=offer,
    )


def _with_patient() -> Select[Booking]:
    return select(Booking).options(joinedload(Booking.patient), joinedload(Booking.clinic))
