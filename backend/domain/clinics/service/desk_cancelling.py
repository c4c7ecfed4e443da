"""Cancelling at the desk: for who calls or comes to say so, having no phone that could; or came, and went again."""

from __future__ import annotations

from uuid import UUID

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.named import expert_label
from backend.domain.clinics.rules.bookings import BookingAction, CancelReason
from backend.domain.clinics.rules.wording import when_field, window_label
from backend.domain.clinics.service.arrivals import lock_visit, move_visit
from backend.domain.clinics.service.booking_notices import booking_page
from backend.domain.clinics.service.reminders import lapse_messages_of
from backend.domain.clinics.service.returning import return_places
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def cancel_at_desk(actor: Actor, booking_id: UUID, version: int) -> Booking:
    """Cancel a booking for the patient; its place goes to who waits, and the account that booked is told.

    Raises:
        BookingNotFound, Forbidden, StaleVersion: as in lock_visit.
        VisitSettled: they were seen, never came, or it was cancelled before.
    """
    with transaction():
        booking = lock_visit(actor, booking_id, version)
        booking.cancelled_at = clock.now()
        booking.cancelled_for = CancelReason.DESK
        move_visit(actor, booking, BookingAction.CANCEL)
        lapse_messages_of(booking.id)
        return_places(booking.clinic_id, [booking.place_id])
        _tell(booking)
        return booking


def _tell(booking: Booking) -> None:
    if booking.account_id is None:
        return
    what = expert_label(booking.clinic)
    hours = window_label(booking.starts_at, booking.ends_at)
    notice = Notice(
        NoticeKind.BOOKING_CANCELLED,
        "预约已取消",
        f"{masked_name(booking.patient.name)}在{hours}{what}的预约，已由服务台取消。如不是本人要求，请致电服务台。",
        booking_page(booking.id),
        slots={
            "what": what,
            "when": when_field(booking.starts_at),
            "reason": "服务台已取消预约",
            "advice": "如不是本人要求，请致电服务台",
        },
    )
    owed = Owed(
        notice=notice,
        dedupe_key=f"{notice.kind}:{booking.id}",
        account_id=booking.account_id,
        organisation_id=booking.clinic.recipient_id,
    )
    owe_notices([owed])
