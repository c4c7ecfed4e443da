"""Reminding patients of their visits, each time once, and not of visits that have been cancelled since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import joinedload

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.named import expert_label, names_of_clinic, place_label
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.reminders import SHORTLY, TITLES, Reminder, reminders_due
from backend.domain.clinics.rules.wording import number_label, when_field, window_label
from backend.domain.notifications.models.notices import OutboxMessage
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.lapsing import lapse_owed
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import masked_name
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction

_BATCH = 200


def owe_reminders() -> int:
    """Owe all reminders that are due and not owed yet; return how many. Safe to run twice, and at the same time."""
    now = clock.now()
    owed = 0
    for reminder in reminders_due(now):
        while batch := _owe_batch(reminder):
            owed += batch
    return owed


def lapse_reminders(booking_ids: Collection[UUID]) -> None:
    """Let the reminders of bookings lapse that end in the present transaction, before they are sent."""
    lapse_owed([_key(kind, booking_id) for kind in TITLES for booking_id in booking_ids])


def lapse_messages_of(booking_id: UUID) -> None:
    """Let what is still to be said of a booking lapse that is cancelled, that it was made too."""
    lapse_owed([_key(kind, booking_id) for kind in (*TITLES, NoticeKind.BOOKING_MADE)])


def _owe_batch(reminder: Reminder) -> int:
    with transaction():
        bookings = _lock_unreminded(reminder)
        owe_notices([_owed(reminder.kind, booking) for booking in bookings])
        return len(bookings)


def _lock_unreminded(reminder: Reminder) -> Sequence[Booking]:
    # Locked, so that whoever cancels comes before this, and there is none, or after it, and it lapses. A booking that
    # is being changed is passed over: the next minute sees what became of it.
    key = literal(f"{reminder.kind}:") + cast(Booking.id, String)
    statement = (
        select(Booking)
        .join(Booking.clinic)
        .options(joinedload(Booking.clinic).options(*names_of_clinic()), joinedload(Booking.patient))
        .where(
            Booking.status == BookingStatus.BOOKED,
            Booking.account_id.is_not(None),
            Booking.starts_at > reminder.after,
            Booking.starts_at <= reminder.until,
            # Whoever books later than that has just been told when to come.
            Booking.created_at < (reminder.due_at or Booking.starts_at - SHORTLY),
            Clinic.status == ClinicStatus.SCHEDULED,
            Clinic.held_on.between(clock.local(reminder.after).date(), clock.local(reminder.until).date()),  # by index
            ~select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key).exists(),
        )
        .order_by(Booking.starts_at)
        .limit(_BATCH)
        .with_for_update(of=Booking, skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).all()


def _owed(kind: NoticeKind, booking: Booking) -> Owed:
    clinic = booking.clinic
    number = number_label(booking.number, booking.starts_at, booking.ends_at)
    body = (
        f"{masked_name(booking.patient.name)}：{expert_label(clinic)}，"
        f"{window_label(booking.starts_at, booking.ends_at)}，{place_label(clinic)}，{booking.number}号。"
        "请带好证件和以往的检查资料；不能来，请尽早取消，把号让给别人。"
    )
    slots = {
        "what": expert_label(clinic),
        "where": place_label(clinic),
        "when": when_field(booking.starts_at),
        "number": number,
    }
    return Owed(
        notice=Notice(kind, TITLES[kind], body, f"/patient/booking/index?id={booking.id}", slots),
        dedupe_key=_key(kind, booking.id),
        account_id=booking.account_id,
        organisation_id=clinic.recipient_id,
        lapses_at=booking.starts_at,
    )


def _key(kind: NoticeKind, booking_id: UUID) -> str:
    return f"{kind}:{booking_id}"
