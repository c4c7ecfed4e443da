"""Cancelling a booking, and moving it to another place in one step."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.audit.service import record_event
from backend.domain.clinics.claiming.context import fetch_booking_context
from backend.domain.clinics.errors.bookings import BookingFinal, BookingNotFound, TooLateToCancel
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import ClinicPlace
from backend.domain.clinics.queries.bookings import BookingView, get_booking
from backend.domain.clinics.queries.named import expert_label, get_named_clinic, place_label
from backend.domain.clinics.rules.bookings import (
    BookingAction,
    BookingParty,
    BookingStatus,
    CancelReason,
    next_status,
    why_not_cancel,
)
from backend.domain.clinics.service.booking_notices import booking_was_made
from backend.domain.clinics.service.booking_rows import Repeatable, book_place
from backend.domain.clinics.service.bookings import Made, repeat
from backend.domain.clinics.service.permits import Permit, Wanted, permit, why_none
from backend.domain.clinics.service.places import lock_free_place
from backend.domain.clinics.service.reminders import lapse_messages_of
from backend.domain.clinics.service.returning import return_places
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import joined, transaction


def cancel_booking(actor: Actor, booking_id: UUID, version: int) -> BookingView:
    """Cancel a booking of the account's own; its place goes to who waits. A second time changes nothing.

    Nobody is told: who cancels knows, and leave to write to them is scarce.

    Raises:
        BookingNotFound: it is not the account's.
        StaleVersion: it was changed since it was read.
        BookingFinal, TooLateToCancel: it cannot be cancelled any more.
    """
    with transaction() as session:
        booking = lock_own(actor, booking_id)
        if booking.cancelled_for is not CancelReason.PATIENT:
            _require_changeable(booking, version)
            _cancel(booking, BookingAction.CANCEL, CancelReason.PATIENT)
            recipient_id = booking.clinic.recipient_id
            record_event(actor, "cancel_booking", "booking", booking.id, organisation_id=recipient_id)
            session.flush()
            return_places(booking.clinic_id, [booking.place_id])
    return get_booking(actor, booking_id)


def rebook(
    actor: Actor, booking_id: UUID, version: int, *, clinic_id: UUID, period_id: UUID | None = None, key: str
) -> Made:
    """Move a booking of the account's own to another place: it has the new one before it leaves the old, or keeps it.

    Safe to repeat, as booking is.

    Raises:
        BookingNotFound, StaleVersion, BookingFinal, TooLateToCancel: as in cancel_booking.
        And whatever `service.bookings.book_clinic` raises; then the booking stays as it was.
    """
    request_hash = keyed_hash("rebooking", f"{booking_id}:{clinic_id}:{period_id}")
    with transaction():
        before = lock_own(actor, booking_id)
        wanted = Wanted(clinic_id=clinic_id, patient_id=before.patient_id, period_id=period_id)
        _, context = fetch_booking_context(joined(), actor, clinic_id=clinic_id, patient_id=before.patient_id, key=key)
        if context.repeat is not None:
            return repeat(actor, *context.repeat, request_hash)
        _require_changeable(before, version)
        elsewhere = tuple(one for one in context.taken if one.clinic_id != before.clinic_id)
        permitted = permit(actor, wanted, replace(context, taken=elsewhere))
        place = lock_free_place(clinic_id, permitted.turns, [period.id for period in permitted.periods])
        if place is None:
            raise why_none(joined(), wanted, permitted)
        booking = _move(actor, before, place, permitted, Repeatable(key=key, request_hash=request_hash))
    return Made(get_booking(actor, booking.id))


def _move(actor: Actor, before: Booking, place: ClinicPlace, permitted: Permit, repeatable: Repeatable) -> Booking:
    """Give the new place, which is locked, then return the old one."""
    _cancel(before, BookingAction.MOVE, CancelReason.MOVED)
    db.session.flush()  # one who has a place of this clinic, or as many as allowed, may move all the same
    booking = book_place(
        actor,
        place,
        patient_id=before.patient_id,
        account_id=before.account_id,
        channel=permitted.channel,
        booked_by_person_id=actor.person_id,
        moved_from_id=before.id,
        limits=permitted.limits,
        repeatable=repeatable,
    )
    return_places(before.clinic_id, [before.place_id])
    record_event(
        actor,
        "move_booking",
        "booking",
        before.id,
        organisation_id=before.clinic.recipient_id,
        booking_id=str(booking.id),
    )
    _tell(booking)
    return booking


def lock_own(actor: Actor, booking_id: UUID) -> Booking:
    """Lock a booking of the account's own: before any place, in the order in which who closes a clinic takes them.

    Raises:
        BookingNotFound: it is none of its own.
    """
    own = select(Booking).where(Booking.id == booking_id, Booking.account_id == actor.account_id)
    locked = own.with_for_update().execution_options(populate_existing=True)
    booking = db.session.scalars(locked).one_or_none() if actor.account_id else None
    if booking is None:
        raise BookingNotFound
    return booking


def _require_changeable(booking: Booking, version: int) -> None:
    if booking.version != version:
        raise StaleVersion
    at = db.session.scalars(select(func.statement_timestamp())).one()
    refusal = why_not_cancel(booking.status, at, booking.clinic.cancel_until)
    if refusal is not None:
        raise (TooLateToCancel if booking.status is BookingStatus.BOOKED else BookingFinal)(refusal)


def _cancel(booking: Booking, action: BookingAction, reason: CancelReason) -> None:
    after = next_status(booking.status, action, BookingParty.PATIENT)
    if after is None:
        raise BookingFinal
    booking.status = after
    booking.cancelled_at = clock.now()
    booking.cancelled_for = reason
    booking.version += 1
    lapse_messages_of(booking.id)


def _tell(booking: Booking) -> None:
    if booking.account_id is None:
        return
    clinic = get_named_clinic(booking.clinic_id)
    notice = booking_was_made(
        booking.id,
        patient_name=booking.patient.name,
        what=expert_label(clinic),
        where=place_label(clinic),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        number=booking.number,
    )
    key = f"{notice.kind}:{booking.id}"
    account, office = booking.account_id, clinic.recipient_id
    owe_notices([Owed(notice=notice, dedupe_key=key, account_id=account, organisation_id=office)])
