"""The day of a clinic at the desk: who arrives, who is called into the room, who was seen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.desk import NobodyWaits, NotThisDay, NumberNotBooked, VisitSettled
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.desk import get_desk_booking, get_desk_clinic
from backend.domain.clinics.rules.bookings import (
    STATUS_LABELS,
    BookingAction,
    BookingParty,
    BookingStatus,
    next_status,
)
from backend.domain.clinics.rules.visits import why_not_on_day
from backend.domain.clinics.service.tickets import booking_of_ticket
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class Arrival:
    """Somebody who came; `repeated`: the desk had been told before, as a scanner does that reads twice."""

    booking: Booking
    repeated: bool = False


def arrive_by_ticket(actor: Actor, ticket: str) -> Arrival:
    """Register an arrival by the QR code of a booking.

    Raises:
        TicketInvalid: the code is none that we have given out.
        BookingNotFound, Forbidden: it is for another hospital, or the current role receives nobody.
        NotThisDay, VisitSettled: as in arrive.
    """
    booking_id = booking_of_ticket(ticket)
    with transaction():
        return _arrive_once(actor, get_desk_booking(actor, booking_id, Action.WRITE, for_update=True))


def arrive_by_number(actor: Actor, clinic_id: UUID, number: int) -> Arrival:
    """Register an arrival by the number that a patient says.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
        NumberNotBooked: nobody holds it.
        NotThisDay, VisitSettled: as in arrive.
    """
    with transaction() as session:
        get_desk_clinic(actor, clinic_id, Action.WRITE)
        held = (Booking.clinic_id == clinic_id, Booking.number == number, Booking.status != BookingStatus.CANCELLED)
        booking_id = session.scalar(select(Booking.id).where(*held))
        if booking_id is None:
            raise NumberNotBooked
        return _arrive_once(actor, get_desk_booking(actor, booking_id, Action.WRITE, for_update=True))


def arrive(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Register an arrival of somebody who was found by name.

    Raises:
        BookingNotFound, Forbidden: as in get_desk_booking.
        StaleVersion: it was changed since it was read.
        NotThisDay: the clinic is on another day.
        VisitSettled: it was cancelled, has been seen, or was marked as a no-show.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version)
        register_arrival(actor, booking)
        return booking


def withdraw_arrival(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Take an arrival back that was registered for the wrong name.

    Raises:
        BookingNotFound, Forbidden, StaleVersion: as in arrive.
        VisitSettled: nobody arrived.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version)
        move_visit(actor, booking, BookingAction.WITHDRAW_ARRIVAL)
        booking.arrived_at = booking.called_at = None
        return booking


def call(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Call somebody who has arrived into the room, whoever's turn it is; again, if they did not hear it.

    Raises:
        BookingNotFound, Forbidden, StaleVersion: as in arrive.
        VisitSettled: they have not arrived, or were seen.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version)
        _call(actor, booking)
        return booking


def call_next(actor: Actor, clinic_id: UUID) -> Booking:
    """Call whoever's turn it is: of those who wait, the earliest period and there the lowest number.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
        NobodyWaits: everybody who arrived has been called.
    """
    with transaction() as session:
        get_desk_clinic(actor, clinic_id, Action.WRITE)
        waiting = (
            select(Booking.id)
            .where(
                Booking.clinic_id == clinic_id,
                Booking.status == BookingStatus.ARRIVED,
                Booking.called_at.is_(None),
            )
            .order_by(Booking.starts_at, Booking.number)
            .limit(1)
            .with_for_update(skip_locked=True)  # two who press at once call two people
        )
        booking_id = session.scalar(waiting)
        if booking_id is None:
            raise NobodyWaits
        booking = get_desk_booking(actor, booking_id, Action.WRITE, for_update=True)
        _call(actor, booking)
        return booking


def fulfil(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Say that somebody was seen.

    Raises:
        BookingNotFound, Forbidden, StaleVersion: as in arrive.
        NotThisDay: the clinic has yet to come.
        VisitSettled: it was cancelled, or stands otherwise.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version)
        register_fulfilled(actor, booking)
        return booking


def lock_visit(actor: Actor, booking_id: UUID, version: int, action: Action = Action.WRITE) -> Booking:
    """Return a booking as it was read, and keep others from it until the commit.

    Raises:
        BookingNotFound, Forbidden: as in get_desk_booking.
        StaleVersion: it was changed since.
    """
    booking = get_desk_booking(actor, booking_id, action, for_update=True)
    if booking.version != version:
        raise StaleVersion
    return booking


def register_arrival(actor: Actor, booking: Booking, *, entered_later: bool = False) -> None:
    """Let a locked booking be one of somebody who came.

    Raises:
        NotThisDay, VisitSettled: as in arrive.
    """
    require_day(booking, entered_later=entered_later)
    move_visit(actor, booking, BookingAction.ARRIVE)
    booking.arrived_at = clock.now()


def register_fulfilled(actor: Actor, booking: Booking) -> None:
    """Let a locked booking be one of somebody who was seen.

    Raises:
        NotThisDay, VisitSettled: as in fulfil.
    """
    require_day(booking, entered_later=True)
    move_visit(actor, booking, BookingAction.FULFIL)
    booking.fulfilled_at = clock.now()


def require_day(booking: Booking, *, entered_later: bool) -> None:
    """Let pass what can be said of a visit today.

    Raises:
        NotThisDay: it cannot.
    """
    why_not = why_not_on_day(booking.held_on, clock.today(), entered_later=entered_later)
    if why_not is not None:
        raise NotThisDay(why_not)


def move_visit(actor: Actor, booking: Booking, action: BookingAction) -> None:
    """Let the desk do something with a locked booking, and write it into the trail.

    Raises:
        VisitSettled: it stands where that cannot be done.
    """
    after = next_status(booking.status, action, BookingParty.DESK)
    if after is None:
        raise VisitSettled(f"{booking.number}号目前是“{STATUS_LABELS[booking.status]}”，不能这样登记，请刷新后再看。")
    booking.status = after
    booking.marked_by_person_id = actor.person_id
    booking.version += 1
    recipient_id = booking.clinic.recipient_id
    record_event(actor, f"{action}_booking", "booking", booking.id, organisation_id=recipient_id)
    db.session.flush()


def _arrive_once(actor: Actor, booking: Booking) -> Arrival:
    if booking.status is BookingStatus.ARRIVED:
        return Arrival(booking, repeated=True)
    register_arrival(actor, booking)
    return Arrival(booking)


def _call(actor: Actor, booking: Booking) -> None:
    move_visit(actor, booking, BookingAction.CALL)
    booking.called_at = clock.now()
