"""A clinic entered in one batch after it, from the paper list: each by itself, and what could not be done is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.clinics.errors.bookings import BookingNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.desk import get_desk_clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.service.arrivals import lock_visit, register_arrival, register_fulfilled
from backend.domain.clinics.service.no_shows import register_no_show
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError
from backend.foundation.transaction import transaction

ENTERED = (BookingStatus.ARRIVED, BookingStatus.FULFILLED, BookingStatus.NOSHOW)


@dataclass(frozen=True)
class Entry:
    """What the paper says of one booking, in the version that was printed or shown."""

    booking_id: UUID
    version: int
    status: BookingStatus


@dataclass(frozen=True)
class Left:
    """An entry that could not be made, and why."""

    booking_id: UUID
    error: BangfuError


@dataclass(frozen=True)
class Entered:
    """What came of a batch."""

    done: list[UUID]
    left: list[Left]


def enter_attendance(actor: Actor, clinic_id: UUID, entries: Iterable[Entry]) -> Entered:
    """Enter who was seen and who never came to a clinic; return who was left, and why.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
    """
    get_desk_clinic(actor, clinic_id, Action.WRITE)
    outcome = Entered([], [])
    for entry in entries:
        try:
            _enter(actor, clinic_id, entry)
        except BangfuError as refusal:
            outcome.left.append(Left(entry.booking_id, refusal))
        else:
            outcome.done.append(entry.booking_id)
    return outcome


def _enter(actor: Actor, clinic_id: UUID, entry: Entry) -> None:
    with transaction():
        booking = lock_visit(actor, entry.booking_id, entry.version, Action.DECIDE)
        if booking.clinic_id != clinic_id:
            raise BookingNotFound
        _register(actor, booking, entry.status)


def _register(actor: Actor, booking: Booking, status: BookingStatus) -> None:
    if status is BookingStatus.NOSHOW:
        register_no_show(actor, booking)
    elif status is BookingStatus.FULFILLED:
        register_fulfilled(actor, booking)
    else:
        register_arrival(actor, booking, entered_later=True)
