"""What is told about a booking: that it was made. Who cancels their own is not told: leave to write is scarce."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.domain.clinics.rules.wording import number_label, when_field, window_label
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.patients.rules import masked_name

MADE = "预约成功"


def booking_page(booking_id: UUID) -> str:
    """Return the page on which a booking is seen, with the code for the desk."""
    return f"/patient/booking/index?id={booking_id}"


def booking_was_made(
    booking_id: UUID,
    *,
    patient_name: str,
    what: str,
    where: str,
    starts_at: datetime,
    ends_at: datetime,
    number: int | str,
) -> Notice:
    """Return the notice of a place that was booked; a number that is not known yet may be a mark for it."""
    body = (
        f"{masked_name(patient_name)}已约{what}，{window_label(starts_at, ends_at)}，{where}，{number}号。"
        "请带证件，到院后在服务台出示预约二维码。"
    )
    slots = {
        "what": what,
        "where": where,
        "when": when_field(starts_at),
        "number": number_label(number, starts_at, ends_at),
    }
    return Notice(NoticeKind.BOOKING_MADE, MADE, body, booking_page(booking_id), slots)
