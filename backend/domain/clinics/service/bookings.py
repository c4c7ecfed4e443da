"""Booking a place by phone: by a patient, a relative, or a village doctor for a resident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from backend.database import HotConnection
from backend.domain.clinics.claiming.claim import Booked, claim_place
from backend.domain.clinics.claiming.context import BookingContext, Credential, fetch_booking_context
from backend.domain.clinics.errors.bookings import BookingKeyReused
from backend.domain.clinics.queries.bookings import BookingView, get_booking
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.wording import what_label, where_label
from backend.domain.clinics.service.booking_notices import MADE, booking_page, booking_was_made
from backend.domain.clinics.service.permits import Permit, Wanted, permit, why_none
from backend.domain.notifications.rules.templates import fields_of
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Conflict
from backend.foundation.ids import new_id
from backend.foundation.transaction import autocommitted

_ATTEMPTS = 6
_MARK = "\ue000"  # stands in the texts for the number that only the database will know


@dataclass(frozen=True)
class Made:
    """A booking; `repeated`: the same key and request had made it before."""

    booking: BookingView
    repeated: bool = False


def book_clinic(who: Credential | Actor, wanted: Wanted, *, key: str) -> Made:
    """Book a place of a clinic for a patient for whom the account acts.

    Safe to repeat: the same key and request give the booking that they made before. A village doctor books for a
    resident out of the family doctors' places.

    Raises:
        Unauthenticated: the credential is of no live session.
        BookingKeyReused: the key came before with another request.
        ClinicNotFound, PatientNotLinked: there is none, or the account does not act for them.
        ClinicClosed, NotReleased, ClinicOver: no place can be had now.
        BookingSuspended: the patient missed too many.
        AlreadyBooked, TimeClash, DayLimit, MonthLimit: the patient has what stands in the way.
        PeriodFull, ClinicFull: no place is left.
        Conflict: rivals of the same patient won every time.
    """
    for _ in range(_ATTEMPTS):
        with autocommitted() as connection:
            actor, context = fetch_booking_context(
                connection, who, clinic_id=wanted.clinic_id, patient_id=wanted.patient_id, key=key
            )
            if context.repeat is None:
                permitted = permit(actor, wanted, context)
                values = _values(actor, wanted, context, permitted) | {"key": key}
                booked = _claim(connection, wanted, permitted, values)
                if booked is not None:
                    return Made(_view(wanted, context, permitted, booked))
                continue
        return repeat(actor, *context.repeat, wanted.fingerprint)
    raise Conflict


def repeat(actor: Actor, booking_id: UUID, hash_before: bytes, request_hash: bytes) -> Made:
    """Return the booking that a key made before.

    Raises:
        BookingKeyReused: it was another request.
    """
    if hash_before != request_hash:
        raise BookingKeyReused
    return Made(get_booking(actor, booking_id), repeated=True)


def _claim(connection: HotConnection, wanted: Wanted, permitted: Permit, values: dict[str, Any]) -> Booked | None:
    """Claim a place, in turn by channel; None where a rival of the same patient was first.

    Before it says that none is left it waits for those that others have in hand and may yet leave.
    """
    looks = [*((turn, False) for turn in permitted.turns), (permitted.channels, True)]
    for channels, waiting in looks:
        claim = claim_place(connection, values | {"channels": list(channels)}, waiting=waiting)
        if claim.found:
            return claim.booked
    raise why_none(connection, wanted, permitted)


def _values(actor: Actor, wanted: Wanted, context: BookingContext, permitted: Permit) -> dict[str, Any]:
    clinic, booking_id = permitted.clinic, new_id()
    bodies, fields = _words(booking_id, context.patient_name or "", permitted)
    return {
        "id": booking_id,
        "item_id": new_id(),
        "message_id": new_id(),
        "clinic_id": clinic.id,
        "period_ids": [period.id for period in permitted.periods],
        "patient_id": wanted.patient_id,
        "account_id": actor.account_id,
        "person_id": actor.person_id,
        "role": actor.role,
        "door": actor.channel,
        "channel": permitted.channel,
        "held_on": clinic.held_on,
        "held_month": clinic.held_on.replace(day=1),
        "day_slot": permitted.slots.day,
        "month_slot": permitted.slots.month,
        "request_hash": wanted.fingerprint,
        "organisation_id": clinic.recipient_id,
        "now": clock.now(),  # by the clock by which messages are claimed and lapse
        "mark": _MARK,
        "title": MADE,
        "bodies": bodies,
        "fields": fields,
        "page": booking_page(booking_id),
        "dedupe_key": f"booking_made:{booking_id}",
        "details": orjson.dumps({"clinic_id": clinic.id, "channel": permitted.channel}).decode(),
    }


def _words(booking_id: UUID, patient_name: str, permitted: Permit) -> tuple[list[str], list[str]]:
    """Return what the inbox and the template say, for each period in which the place may be."""
    expert, site = permitted.clinic.card["expert"], permitted.clinic.card["site"]
    notices = [
        booking_was_made(
            booking_id,
            patient_name=patient_name,
            what=what_label(expert["name"], expert["title"], permitted.clinic.card["department"]),
            where=where_label(site["organisation"], site["name"]),
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            number=_MARK,
        )
        for period in permitted.periods
    ]
    now = clock.local(clock.now())
    return [notice.body for notice in notices], [orjson.dumps(fields_of(notice, now)).decode() for notice in notices]


def _view(wanted: Wanted, context: BookingContext, permitted: Permit, booked: Booked) -> BookingView:
    period = next(period for period in permitted.periods if period.id == booked.period_id)
    return BookingView(
        id=booked.id,
        status=BookingStatus.BOOKED,
        number=booked.number,
        patient_id=wanted.patient_id,
        patient_name=context.patient_name or "",
        card=permitted.clinic.card,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        cancel_until=permitted.clinic.cancel_until,
        channel=permitted.channel,
        created_at=booked.created_at,
    )
