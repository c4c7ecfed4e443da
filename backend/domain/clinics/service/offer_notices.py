"""What is told about places that are held for somebody."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.named import expert_label, place_label
from backend.domain.clinics.rules.wording import when_field, window_label
from backend.domain.clinics.service.booking_notices import booking_was_made
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed
from backend.foundation import clock


def offer_page(offer: PlaceOffer) -> str:
    """Return the page on which an offer is answered."""
    return f"/patient/offer/index?id={offer.id}"


def offered_to_waiter(offer: PlaceOffer, clinic: Clinic, period: ClinicPeriod) -> list[Owed]:
    """Return the notice to one who waited that a place is held; none where no account is to be told."""
    until = clock.local(offer.held_until)
    body = (
        f"{expert_label(clinic)}，{window_label(period.starts_at, period.ends_at)}有号了，"
        f"为您保留到{until.month}月{until.day}日{until:%H:%M}，请尽快确认。"
    )
    slots = {
        "what": expert_label(clinic),
        "where": place_label(clinic),
        "when": when_field(period.starts_at),
        "until": when_field(offer.held_until),
    }
    notice = Notice(NoticeKind.PLACE_OFFERED, "候补有号，请确认", body, offer_page(offer), slots)
    return _owed(offer, clinic, notice, lapses=True)


def offer_has_lapsed(offer: PlaceOffer, clinic: Clinic, period: ClinicPeriod) -> list[Owed]:
    """Return the notice that a place is held no more."""
    body = f"{expert_label(clinic)}，{window_label(period.starts_at, period.ends_at)}的号已超过保留时间，没有约上。"
    slots = {
        "what": expert_label(clinic),
        "when": when_field(period.starts_at),
        "reason": "超过保留时间，没有约上",
        "advice": "如仍需就诊，请重新预约",
    }
    return _owed(offer, clinic, Notice(NoticeKind.OFFER_LAPSED, "保留的号已过期", body, offer_page(offer), slots))


def place_taken(offer: PlaceOffer, booking: Booking, clinic: Clinic) -> list[Owed]:
    """Return the notice that the place that was held is now booked."""
    notice = booking_was_made(
        booking.id,
        patient_name=offer.patient.name,
        what=expert_label(clinic),
        where=place_label(clinic),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        number=booking.number,
    )
    return [replace(one, dedupe_key=f"{notice.kind}:{booking.id}") for one in _owed(offer, clinic, notice)]


def _owed(offer: PlaceOffer, clinic: Clinic, notice: Notice, *, lapses: bool = False) -> list[Owed]:
    if offer.account_id is None:
        return []
    return [
        Owed(
            notice=notice,
            dedupe_key=f"{notice.kind}:{offer.id}",
            account_id=offer.account_id,
            organisation_id=clinic.recipient_id,
            lapses_at=offer.held_until if lapses else None,
        )
    ]
