"""Writing a booking for a place that the caller has locked: the desk, whoever accepts an offer, and who rebooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import REFUSALS, BookingFinal, TimeClash
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.queries.standing import fetch_taken
from backend.domain.clinics.rules.limits import NO_LIMITS, Limits, Refusal, Slots, clashes, find_slots
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import Conflict
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_ATTEMPTS = 4


@dataclass(frozen=True, kw_only=True)
class Repeatable:
    """By what a repeat is known: the key, and the hash of what was meant."""

    key: str
    request_hash: bytes


def book_place(
    actor: Actor,
    place: ClinicPlace,
    *,
    patient_id: UUID,
    account_id: UUID | None,
    channel: Channel,
    booked_by_person_id: UUID | None = None,
    moved_from_id: UUID | None = None,
    limits: Limits = NO_LIMITS,
    repeatable: Repeatable | None = None,
) -> Booking:
    """Book a place that this transaction has locked, free or held for this patient; tell nobody.

    The limits are the phone's: who passes none books past them, as the desk and the offers after a closure do. What
    it replaces must be cancelled before, within the same transaction.

    Raises:
        BookingFinal: the place is neither free nor held.
        AlreadyBooked, TimeClash, DayLimit, MonthLimit: the patient cannot have it.
        Conflict: rivals of the same patient won every time.
    """
    with transaction() as session:
        if place.state not in (PlaceState.FREE, PlaceState.HELD):
            raise BookingFinal
        clinic = session.get_one(Clinic, place.clinic_id)
        period = session.get_one(ClinicPeriod, place.period_id)
        fixed = _fixed(place, period) | {
            "patient_id": patient_id,
            "account_id": account_id,
            "channel": channel,
            "booked_by_person_id": booked_by_person_id,
            "moved_from_id": moved_from_id,
            "held_on": clinic.held_on,
            "held_month": clinic.held_on.replace(day=1),
            "idempotency_key": repeatable.key if repeatable else None,
            "request_hash": repeatable.request_hash if repeatable else None,
        }
        booking = _insert(fixed, limits)
        place.state = PlaceState.BOOKED
        record_event(
            actor,
            "book",
            "booking",
            booking.id,
            organisation_id=clinic.recipient_id,
            clinic_id=str(clinic.id),
            channel=channel,
        )
        session.flush()
        return booking


def _fixed(place: ClinicPlace, period: ClinicPeriod) -> dict[str, Any]:
    return {
        "clinic_id": place.clinic_id,
        "period_id": period.id,
        "place_id": place.id,
        "number": place.number,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
    }


def _insert(fixed: dict[str, Any], limits: Limits) -> Booking:
    session = db.session
    session.flush()  # what it replaces
    for _ in range(_ATTEMPTS):
        slots = _slots(fixed, limits)
        values = fixed | {"id": new_id(), "day_slot": slots.day, "month_slot": slots.month}
        # Nothing is inserted where a rival of the same patient came first, whose row the next look sees.
        if session.scalar(insert(Booking).values(values).on_conflict_do_nothing().returning(Booking.id)):
            return session.get_one(Booking, values["id"])
    raise Conflict


def _slots(fixed: dict[str, Any], limits: Limits) -> Slots:
    taken = fetch_taken(fixed["patient_id"], fixed["held_month"])
    found = find_slots(fixed["clinic_id"], fixed["held_on"], taken, limits)
    if isinstance(found, Refusal):
        raise REFUSALS[found]
    if clashes(fixed["starts_at"], fixed["ends_at"], taken):
        raise TimeClash
    return found
