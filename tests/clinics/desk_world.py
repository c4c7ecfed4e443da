"""A morning at the desk of a township hospital: its clerks, a clinic that is on today, and who has booked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from backend.domain.accounts.models import Person
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.rules.planning import Channel
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from tests.support.clinics import make_account, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person

DAY = date(2026, 9, 2)
PERIODS = ((time(8, 30), time(9, 30)), (time(9, 30), time(10, 30)))
NAMES = ("罗桂兰", "欧阳明珠", "赵德贵", "杨秀英")


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    """Return a local instant of the clinic's day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Desk:
    """The desk and its clinic: two periods with places 1–4 and 5–8, of which 4 and 8 are the desk's."""

    county: County
    person: Person
    clinic: Clinic

    @property
    def actor(self) -> Actor:
        return acting(self.person, Role.DESK)

    @property
    def expert(self) -> Actor:
        return acting(self.county.doctor, Role.STAFF)

    @property
    def places(self) -> list[ClinicPlace]:
        return places_of(self.clinic)

    def book(self, number: int, patient: Patient | None = None, *, with_account: bool = True) -> Booking:
        """Let somebody have booked a place by phone."""
        patient = patient or make_patient(NAMES[number % len(NAMES)])
        account = make_account() if with_account else None
        booking = make_booking(self.clinic, patient, account=account, number=number)
        db.session.commit()
        return booking


def make_desk(held_on: date = DAY) -> Desk:
    """Return a desk with an empty clinic, kept."""
    county = make_county()
    places = {Channel.PHONE: 3, Channel.DESK: 1}
    clinic = make_clinic(county.doctor, county.site, held_on=held_on, periods=PERIODS, places=places)
    desk = Desk(county, make_person(county.township, "卢小琴", roles=[Role.DESK]), clinic)
    db.session.commit()
    return desk
