"""Appealing against a no-show; the desk decides (`service/no_shows.py`)."""

from __future__ import annotations

from uuid import UUID

from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import AlreadyAppealed, BookingFinal
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.bookings import BookingView, get_booking
from backend.domain.clinics.queries.named import expert_label, get_named_clinic
from backend.domain.clinics.rules.bookings import may_appeal
from backend.domain.clinics.service.cancelling import lock_own
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.rules import masked_name
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.transaction import transaction


def appeal_no_show(actor: Actor, booking_id: UUID, text: str) -> BookingView:
    """Say why a no-show should not count; the desk is told.

    Raises:
        BookingNotFound: the booking is not the account's.
        AlreadyAppealed: it was said before.
        BookingFinal: the desk has not said that anybody missed it.
    """
    with transaction():
        booking = lock_own(actor, booking_id)
        if not may_appeal(booking.status, has_appealed=booking.appealed_at is not None):
            raise AlreadyAppealed if booking.appealed_at else BookingFinal("只有登记为未到诊的预约可以申诉。")
        booking.appeal = text
        booking.appealed_at = clock.now()
        booking.version += 1
        recipient_id = booking.clinic.recipient_id
        record_event(actor, "appeal_no_show", "booking", booking.id, organisation_id=recipient_id)
        _tell_desk(booking)
    return get_booking(actor, booking_id)


def _tell_desk(booking: Booking) -> None:
    clinic = get_named_clinic(booking.clinic_id)
    day = f"{clinic.held_on.month}月{clinic.held_on.day}日"
    body = f"{masked_name(booking.patient.name)}对{day}{expert_label(clinic)}的未到诊记录提出申诉，请核实后处理。"
    notice = Notice(NoticeKind.APPEAL_RECEIVED, "未到诊申诉待处理", body)
    owe_notices(
        [
            Owed(
                notice=notice,
                dedupe_key=f"{notice.kind}:{booking.id}:{person_id}",
                person_id=person_id,
                organisation_id=clinic.recipient_id,
            )
            for person_id in holders_of(Role.DESK, clinic.recipient_id)
        ]
    )
