"""Closing a clinic of three hundred: how long until WeChat has taken what they are told."""

from __future__ import annotations

import dataclasses
import time as clocks
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from statistics import median

from sqlalchemy import func, select

from backend.domain.accounts.models import Account
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.notifications.rules.templates import TemplateKey
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from benchmarks.figures import Broken, Figure, verify
from benchmarks.house import House
from tests.support.accounts import make_account
from tests.support.clinics import link_patient, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_department, make_dispatch
from tests.support.messages import allow, sent_messages
from tests.support.standin import APP_ID, PUSH_TOKEN, SECRET, Standin, StandinProcess

PATIENTS, _PERIODS, _ROUNDS = 300, 10, 3
_SHARE, _MOST_SECONDS, _PATIENCE_SECONDS = 0.95, 10.0, 60.0
Family = tuple[Account, Patient]


def run(house: House) -> list[Figure]:
    """Close three clinics of three hundred, one after the other, beside a worker process and the stand-in WeChat.

    Raises:
        Broken: a booking was left, somebody was given no place, or was not told.
    """
    closing, taken = [], []
    with _standin() as standin, _deployed(house, standin) as deployment, deployment.app.app_context():
        county = make_county()
        make_dispatch(county.doctor, county.township)
        families = _families(standin)
        deployment.start_web()
        deployment.start_worker()
        for number in range(_ROUNDS):
            clinic = _booked_clinic(county, families, number)
            house.tidy()
            before, begun = len(sent_messages(standin)), clocks.perf_counter()
            close_clinic(county.office, clinic.id, clinic.version, ClosureDraft(ClosureReason.CALLED_BACK))
            committed = clocks.perf_counter()
            closing.append(committed - begun)
            taken.append(_seconds_until_taken(standin, before, committed))
            _verify(clinic)
    seconds = median(taken)
    return [
        Figure(
            f"seconds from the commit of a closure of {PATIENTS} until 95 % are taken by WeChat",
            f"{seconds:.1f}",
            f"≤ {_MOST_SECONDS:g}",
            seconds <= _MOST_SECONDS,
        ),
        Figure("  the closure itself, with a place held for each", f"{median(closing):.2f}"),
    ]


@contextmanager
def _standin() -> Iterator[Standin]:
    process = StandinProcess()
    try:
        yield process.standin
    finally:
        process.stop()


@contextmanager
def _deployed(house: House, standin: Standin) -> Iterator[Deployment]:
    settings = dataclasses.replace(
        house.settings,
        wechat_api_url=standin.url,
        wechat_app_id=APP_ID,
        wechat_app_secret=SECRET,
        wechat_push_token=PUSH_TOKEN,
    )
    folder = house.folder / "closure"
    folder.mkdir(exist_ok=True)
    deployment = Deployment(settings, folder)
    try:
        yield deployment
    finally:
        deployment.stop()


def _families(standin: Standin) -> list[Family]:
    families = []
    for _ in range(PATIENTS):
        account, patient = make_account(), make_patient()
        link_patient(account, patient)
        allow(standin, account, TemplateKey.CLINIC_CHANGED)
        families.append((account, patient))
    db.session.commit()
    return families


def _booked_clinic(county: County, families: list[Family], number: int) -> Clinic:
    """Return a clinic with a booking for each family; the next one has free places for half of them."""
    department = make_department(county.township, f"{number}科")
    hours = [
        (time(hour, minute), time(hour, minute + 29)) for hour in range(8, 8 + _PERIODS // 2) for minute in (0, 30)
    ]
    day = clock.today() + timedelta(days=1 + number)
    clinic, _following = (
        make_clinic(
            county.doctor,
            county.site,
            held_on=held_on,
            periods=hours,
            places={Channel.PHONE: places // _PERIODS, Channel.DESK: 1},
            department=department,
        )
        for held_on, places in ((day, PATIENTS), (day + timedelta(days=10), PATIENTS // 2))
    )
    places = select(ClinicPlace).where(ClinicPlace.clinic_id == clinic.id, ClinicPlace.channel == Channel.PHONE)
    for place, (account, patient) in zip(db.session.scalars(places).all(), families, strict=True):
        place.state = PlaceState.BOOKED
        db.session.add(_booking(clinic, place, account, patient))
    db.session.commit()
    return clinic


def _booking(clinic: Clinic, place: ClinicPlace, account: Account, patient: Patient) -> Booking:
    period = next(one for one in clinic.periods if one.id == place.period_id)
    return Booking(
        id=new_id(),
        clinic_id=clinic.id,
        period_id=period.id,
        place_id=place.id,
        patient_id=patient.id,
        account_id=account.id,
        channel=place.channel,
        number=place.number,
        held_on=clinic.held_on,
        held_month=clinic.held_on.replace(day=1),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        day_slot=1,
        month_slot=1 + clinic.held_on.day,
    )


def _seconds_until_taken(standin: Standin, before: int, committed: float) -> float:
    """Return when most were taken; then wait for the rest, who may have no less."""
    most = 0.0
    while (taken := len(sent_messages(standin)) - before) < PATIENTS:
        if clocks.perf_counter() - committed > _PATIENCE_SECONDS:
            raise Broken(f"WeChat took {taken} messages of {PATIENTS}")
        if taken >= _SHARE * PATIENTS:
            most = most or clocks.perf_counter() - committed
        clocks.sleep(0.05)
    return most or clocks.perf_counter() - committed


def _verify(clinic: Clinic) -> None:
    db.session.rollback()
    live = select(func.count()).where(Booking.clinic_id == clinic.id, Booking.status != BookingStatus.CANCELLED)
    verify(expected=0, found=db.session.scalar(live) or 0, of="bookings that are left")
    held = (
        select(func.count(func.distinct(PlaceOffer.place_id)))
        .join(Booking, Booking.id == PlaceOffer.fallen_booking_id)
        .where(Booking.clinic_id == clinic.id, PlaceOffer.status == OfferStatus.OFFERED)
    )
    verify(expected=PATIENTS, found=db.session.scalar(held) or 0, of="places that are held")
