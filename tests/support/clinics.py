"""Clinics, patients and bookings that tests stand on, made with as little as a test must say."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from backend.domain.accounts.models import Account, Person
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import IdentityKind, Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.encryption import encrypt, keyed_hash
from backend.foundation.ids import new_id
from backend.wechat.current import current_settings

_numbers = itertools.count(1)


def make_account(person: Person | None = None, *, openid: str | None = None) -> Account:
    """Make a WeChat account, a patient's unless it is bound to a person."""
    account = Account(
        id=new_id(),
        wechat_app_id=current_settings().wechat_app_id,
        openid=openid or f"openid-of-patient-{next(_numbers)}",
        person_id=person.id if person else None,
    )
    db.session.add(account)
    db.session.flush()
    return account


def make_patient(name: str = "罗桂兰", *, telephone: str | None = "13900001234", number: str | None = None) -> Patient:
    """Make a patient known by an invented number of the social-security card."""
    patient_id = new_id()
    number = number or f"TEST{next(_numbers):08d}"
    patient = Patient(
        id=patient_id,
        name=name,
        identity_kind=IdentityKind.SOCIAL_SECURITY_CARD,
        identity_number=encrypt(number, table="patients", column="identity_number", row_id=patient_id),
        identity_hash=keyed_hash("identity", number),
        identity_masked="****" + number[-4:],
    )
    if telephone:
        patient.telephone = encrypt(telephone, table="patients", column="telephone", row_id=patient_id)
        patient.telephone_hash = keyed_hash("patient_telephone", telephone)
        patient.telephone_masked = f"{telephone[:3]}****{telephone[-4:]}"
    db.session.add(patient)
    db.session.flush()
    return patient


def link_patient(account: Account, patient: Patient, relation: Relation = Relation.SELF) -> PatientLink:
    """Let an account book for a patient."""
    link = PatientLink(id=new_id(), account_id=account.id, patient_id=patient.id, relation=relation)
    db.session.add(link)
    db.session.flush()
    return link


def make_clinic(
    expert: Person,
    site: Site,
    *,
    held_on: date | None = None,
    periods: Iterable[tuple[time, time]] = ((time(9, 0), time(10, 0)),),
    places: Mapping[Channel, int] | None = None,
    department: Department | None = None,
    released: bool = True,
) -> Clinic:
    """Plan a clinic for tomorrow, released an hour ago, with three phone places and one of the desk a period."""
    day = held_on or clock.today() + timedelta(days=1)
    recipient = db.session.get_one(Organisation, site.organisation_id)
    hours = [(_at(day, first), _at(day, last)) for first, last in periods]
    starts_at, ends_at = hours[0][0], hours[-1][1]
    release = timedelta(hours=-1) if released else timedelta(minutes=30)
    clinic = Clinic(
        id=new_id(),
        person_id=expert.id,
        supporting_id=expert.organisation_id,
        recipient_id=recipient.id,
        site_id=site.id,
        department_id=department.id if department else None,
        held_on=day,
        starts_at=starts_at,
        ends_at=ends_at,
        release_at=min(clock.now() + release, starts_at),
        overflow_at=starts_at - timedelta(hours=15),
        phone_until=starts_at,
        cancel_until=starts_at - timedelta(hours=2),
    )
    db.session.add(clinic)
    db.session.flush()
    numbers = itertools.count(1)
    for first, last in hours:
        period = ClinicPeriod(id=new_id(), clinic_id=clinic.id, starts_at=first, ends_at=last)
        db.session.add(period)
        db.session.flush()
        for channel, count in (places or {Channel.PHONE: 3, Channel.DESK: 1}).items():
            db.session.add_all(
                ClinicPlace(
                    id=new_id(), clinic_id=clinic.id, period_id=period.id, number=next(numbers), channel=channel
                )
                for _ in range(count)
            )
    db.session.flush()
    db.session.refresh(clinic, ["periods"])
    return clinic


def places_of(clinic: Clinic) -> list[ClinicPlace]:
    """Return a clinic's places by number."""
    statement = db.select(ClinicPlace).where(ClinicPlace.clinic_id == clinic.id).order_by(ClinicPlace.number)
    return list(db.session.scalars(statement))


def make_booking(clinic: Clinic, patient: Patient, *, account: Account | None = None, number: int = 1) -> Booking:
    """Book the place of this number by phone, past all rules."""
    place = places_of(clinic)[number - 1]
    place.state = PlaceState.BOOKED
    period = db.session.get_one(ClinicPeriod, place.period_id)
    booking = Booking(
        id=new_id(),
        clinic_id=clinic.id,
        period_id=period.id,
        place_id=place.id,
        patient_id=patient.id,
        account_id=account.id if account else None,
        channel=place.channel,
        number=number,
        held_on=clinic.held_on,
        held_month=clinic.held_on.replace(day=1),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        day_slot=_next_slot(patient, Booking.held_on == clinic.held_on),
        month_slot=_next_slot(patient, Booking.held_month == clinic.held_on.replace(day=1)),
    )
    db.session.add(booking)
    db.session.flush()
    return booking


def _next_slot(patient: Patient, when: object) -> int:
    statement = db.select(db.func.count()).where(Booking.patient_id == patient.id, when)
    return (db.session.scalar(statement) or 0) + 1


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.SHANGHAI)
