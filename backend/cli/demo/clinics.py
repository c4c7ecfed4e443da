"""Clinics of the demo: held today, full tomorrow, closed the day after, and planned for the weeks to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from backend.cli.demo.cast import Cast, instant
from backend.cli.demo.phones import PATIENT_OPENID
from backend.domain.accounts.models import Account
from backend.domain.accounts.rules import Sex
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, PeriodPlan, PlaceState, Timing
from backend.domain.clinics.rules.recurrence import MarketDigits, Recurrence, SingleDates, Weekly
from backend.domain.clinics.service.arrivals import register_arrival, register_fulfilled
from backend.domain.clinics.service.booking_rows import book_place
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.clinics.service.planning import ClinicPlan, plan_clinics
from backend.domain.patients.rules import IdentityKind, Relation
from backend.domain.patients.service.adding import add_patient, register_patient
from backend.domain.patients.service.records import PatientForm
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor

_DAILY, _WEEKLY, _MARKETS = 48, 41, 42  # doctors, by the number of their staff number
_FAMILY = (
    ("罗桂兰", Relation.SELF, Sex.FEMALE),
    ("罗大山", Relation.SPOUSE, Sex.MALE),
    ("杨玉珍", Relation.PARENT, Sex.FEMALE),
)
_NEIGHBOURS = (
    *("段福生", "樊秀英", "蒙国强", "阮小妹", "耿长顺", "瞿凤仙", "邬永康", "车美兰"),
    *("党志高", "隋春芳", "佟满仓", "容四妹", "牟德才", "邢桂花", "郝天宝", "翟云芝"),
)


def hold_clinics(cast: Cast) -> None:
    """Plan, book and close clinics at the recipient whose log-ins are shown, in the present transaction."""
    days = [cast.today + timedelta(days=number) for number in range(8)]
    with clock.as_of(instant(cast.today - timedelta(days=1), 7)):
        daily = _plan(cast, _DAILY, SingleDates(frozenset(days)), (time(8, 30), time(10, 0), time(11, 30)))
        _plan(cast, _WEEKLY, Weekly(frozenset({1, 3, 5})), (time(14, 0), time(15, 0), time(16, 30)))
        _plan(cast, _MARKETS, MarketDigits(frozenset({3, 8})), (time(8, 0), time(9, 30), time(11, 0)))
        her, family = _family()
        neighbours = _neighbours(cast)
        held, full, closed = daily[:3]
        _book(her, held, family[2:], neighbours[:5])
        _book(her, full, (), neighbours[2:10])
        _book(her, closed, family[:2], neighbours[10:15])
    _receive(cast, held)
    _close(cast, closed)


def _plan(cast: Cast, number: int, recurrence: Recurrence, hours: Sequence[time]) -> list[Clinic]:
    """Plan the next four weeks of a doctor: between each two of these hours is a period."""
    dispatch = cast.dispatch(number)
    shares = {Channel.PHONE: 4, Channel.DESK: 2, Channel.REFERRAL: 1}
    plan = ClinicPlan(
        person_id=dispatch.person_id,
        site_id=dispatch.sites[0].id,
        recurrence=recurrence,
        first=cast.today,
        last=cast.today + timedelta(days=27),
        periods=tuple(PeriodPlan(first, last, shares) for first, last in pairwise(hours)),
        timing=Timing(release_days=None),
        department_id=dispatch.department_id,
        fee_fen=1500,
        note="请带上以前的检查单和正在吃的药。",
    )
    ids = plan_clinics(cast.medical_affairs, plan)
    return list(db.session.scalars(select(Clinic).where(Clinic.id.in_(ids)).order_by(Clinic.held_on)))


def _family() -> tuple[Actor, list[UUID]]:
    """Let a farmer with a phone add her family; return her, and all three."""
    account = db.session.scalars(select(Account).where(Account.openid == PATIENT_OPENID)).one()
    her = Actor(account_id=account.id, channel="command")
    return her, [
        add_patient(
            her,
            relation,
            PatientForm(
                name=name,
                identity_kind=IdentityKind.SOCIAL_SECURITY_CARD,
                identity_number=f"QH5398{number:04}",
                telephone=f"139001900{number:02}",
                sex=sex,
            ),
        ).patient_id
        for number, (name, relation, sex) in enumerate(_FAMILY)
    ]


def _neighbours(cast: Cast) -> list[UUID]:
    """Let the desk register who has no phone of their own; some have nobody who could be called."""
    return [
        register_patient(
            cast.desk,
            PatientForm(
                name=name,
                identity_kind=IdentityKind.DESK_WORD,
                telephone=f"139001901{number:02}" if number % 5 else None,
                sex=Sex.FEMALE if number % 2 else Sex.MALE,
            ),
        ).id
        for number, name in enumerate(_NEIGHBOURS)
    ]


def _book(her: Actor, clinic: Clinic, family: Sequence[UUID], neighbours: Sequence[UUID]) -> None:
    """Book phone places, for the farmer's family through her account."""
    for place, patient_id in zip(_phone_places(clinic), [*family, *neighbours], strict=False):
        account_id = her.account_id if patient_id in family else None
        book_place(her, place, patient_id=patient_id, account_id=account_id, channel=Channel.PHONE)


def _phone_places(clinic: Clinic) -> Iterator[ClinicPlace]:
    free = select(ClinicPlace).where(
        ClinicPlace.clinic_id == clinic.id, ClinicPlace.channel == Channel.PHONE, ClinicPlace.state == PlaceState.FREE
    )
    yield from db.session.scalars(free.order_by(ClinicPlace.number)).all()


def _receive(cast: Cast, clinic: Clinic) -> None:
    """Let some be there already today, and one have been seen."""
    bookings = select(Booking).where(Booking.clinic_id == clinic.id).order_by(Booking.number).limit(3)
    for number, booking in enumerate(db.session.scalars(bookings).all()):
        register_arrival(cast.desk, booking)
        if number == 0:
            register_fulfilled(cast.desk, booking)


def _close(cast: Cast, clinic: Clinic) -> None:
    """Let the duty officer close a clinic, so that there is something to call, to answer and to review."""
    draft = ClosureDraft(ClosureReason.CALLED_BACK, note="县医院有紧急手术")
    close_clinic(cast.duty, clinic.id, clinic.version, draft)
