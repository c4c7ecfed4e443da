"""Booking at the desk: for who walks in, and in advance for who asks there, with an ID card or without."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.clinics.errors.bookings import BookingKeyReused, ClinicFull, PatientNotLinked
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.queries.desk import get_desk_booking, get_desk_clinic, opening_of
from backend.domain.clinics.queries.named import expert_label, place_label
from backend.domain.clinics.rules.channels import channels_in_turn
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.service.arrivals import register_arrival
from backend.domain.clinics.service.booking_notices import booking_was_made
from backend.domain.clinics.service.booking_rows import Repeatable, book_place
from backend.domain.clinics.service.extra_places import add_extra_places, period_to_come, require_held
from backend.domain.clinics.service.places import lock_free_place
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import find_account_of
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction

_FULL = "号已约满。确需就诊的，可以“加号”，或为患者预约其他日期。"


@dataclass(frozen=True, kw_only=True)
class DeskRequest:
    """For whom a place is wanted, and when; `extra`: one may be added if none is left; `arrived`: they are here."""

    patient_id: UUID
    period_id: UUID | None = None
    extra: bool = False
    arrived: bool = False

    @property
    def fingerprint(self) -> bytes:
        """What a repeat of the same key must have meant too."""
        meant = f"{self.patient_id}:{self.period_id}:{self.extra}:{self.arrived}"
        return hashlib.sha256(meant.encode()).digest()


@dataclass(frozen=True)
class DeskBooking:
    """A booking that the desk made; `repeated`: the same request had come before."""

    booking: Booking
    repeated: bool = False


def book_at_desk(actor: Actor, clinic_id: UUID, request: DeskRequest, *, key: str) -> DeskBooking:
    """Give somebody a place at the desk: one kept for it, or one that is left over, or an extra one.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
        PatientNotFound: there is no such patient.
        ClinicClosed, ClinicOver, PeriodUnknown: as in add_extra_places.
        ClinicFull: no place is left for the desk, and none was to be added.
        AlreadyBooked, TimeClash: the patient has this place, or is to be elsewhere then.
        NotThisDay: they cannot have arrived for another day.
        BookingKeyReused: the key came with something else before.
    """
    with transaction() as session:
        clinic = get_desk_clinic(actor, clinic_id, Action.WRITE)
        # One booking of a person at the desk at a time: of a form that was sent twice the second finds the first.
        session.get(Person, actor.person_id, with_for_update={"key_share": True})
        before = _made_before(actor, key)
        if before is not None:
            return _repeat(actor, before, clinic_id, request)
        if session.get(Patient, request.patient_id) is None:
            raise PatientNotLinked("没有找到这位患者，请重新查找。")
        if request.extra:
            # Before any place, as who closes a clinic does: a place that was waited for in vain stays locked.
            clinic = get_desk_clinic(actor, clinic_id, Action.WRITE, for_update=True)
        require_held(clinic)
        place = _claim(actor, clinic, request)
        made = book_place(
            actor,
            place,
            patient_id=request.patient_id,
            account_id=find_account_of(request.patient_id),
            channel=Channel.DESK,
            booked_by_person_id=actor.person_id,
            repeatable=Repeatable(key=key, request_hash=_hash_of(clinic_id, request)),
        )
        booking = get_desk_booking(actor, made.id, Action.WRITE, for_update=True)
        if request.arrived:
            register_arrival(actor, booking)
        else:
            _tell(booking)
        return DeskBooking(booking)


def _tell(booking: Booking) -> None:
    if booking.account_id is None:
        return
    clinic = booking.clinic
    notice = booking_was_made(
        booking.id,
        patient_name=booking.patient.name,
        what=expert_label(clinic),
        where=place_label(clinic),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        number=booking.number,
    )
    owed = Owed(
        notice=notice,
        dedupe_key=f"{notice.kind}:{booking.id}",
        account_id=booking.account_id,
        organisation_id=clinic.recipient_id,
        lapses_at=booking.starts_at,
    )
    owe_notices([owed])


def _claim(actor: Actor, clinic: Clinic, request: DeskRequest) -> ClinicPlace:
    """Lock a free place: the desk's own first, and from the end of booking by phone on whatever is left."""
    now = clock.now()
    if request.period_id is not None:
        period_to_come(clinic, request.period_id)
    periods = [
        period.id for period in clinic.periods if period.ends_at > now and request.period_id in (None, period.id)
    ]
    turns = channels_in_turn(Channel.DESK, now, opening_of(clinic))
    place = lock_free_place(clinic.id, turns, periods)
    if place is not None:
        return place
    if not request.extra:
        raise ClinicFull(_FULL)
    (added,) = add_extra_places(actor, clinic.id, request.period_id)
    return added


def _made_before(actor: Actor, key: str) -> Booking | None:
    made = (Booking.booked_by_person_id == actor.person_id, Booking.idempotency_key == key)
    return db.session.scalars(select(Booking).where(*made)).first()


def _repeat(actor: Actor, before: Booking, clinic_id: UUID, request: DeskRequest) -> DeskBooking:
    if before.request_hash != _hash_of(clinic_id, request):
        raise BookingKeyReused
    return DeskBooking(get_desk_booking(actor, before.id, Action.WRITE), repeated=True)


def _hash_of(clinic_id: UUID, request: DeskRequest) -> bytes:
    return hashlib.sha256(clinic_id.bytes + request.fingerprint).digest()
