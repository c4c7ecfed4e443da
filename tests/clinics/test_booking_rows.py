"""A place that the caller has locked is booked by the same rules as by phone."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import AlreadyBooked, BookingFinal, DayLimit, MonthLimit, TimeClash
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.limits import NO_LIMITS, Limits
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.clinics.service.booking_rows import book_place
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation.actor import SYSTEM
from backend.foundation.transaction import transaction
from tests.support.clinics import make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import make_person


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def patient(county: County) -> Patient:
    return make_patient()


def clinic_of(county: County, *, hour: int = 9) -> Clinic:
    """Another expert's clinic at this hour."""
    expert = make_person(county.hospital)
    clinic = make_clinic(expert, county.site, periods=[(time(hour), time(hour + 1))])
    db.session.commit()  # a refusal rolls back
    return clinic


def book(clinic: Clinic, patient: Patient, *, number: int = 4, limits: Limits = NO_LIMITS) -> Booking:
    with transaction():
        place = places_of(clinic)[number - 1]
        return book_place(SYSTEM, place, patient_id=patient.id, account_id=None, channel=Channel.DESK, limits=limits)


def test_the_place_is_booked_with_its_number_hours_and_slots_and_it_is_on_record(
    county: County, patient: Patient
) -> None:
    clinic = clinic_of(county)

    booking = book(clinic, patient)

    place, period = places_of(clinic)[3], clinic.periods[0]
    assert place.state is PlaceState.BOOKED
    assert (booking.place_id, booking.number) == (place.id, 4)
    assert (booking.starts_at, booking.ends_at) == (period.starts_at, period.ends_at)
    assert (booking.day_slot, booking.month_slot) == (1, 1)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == booking.id)).one()
    assert (event.action, event.organisation_id) == ("book", clinic.recipient_id)


def test_the_desk_books_past_limits_and_the_phone_does_not(county: County, patient: Patient) -> None:
    book(clinic_of(county, hour=9), patient)
    afternoon = clinic_of(county, hour=14)

    with pytest.raises(DayLimit):
        book(afternoon, patient, limits=Limits(a_day=1))
    with pytest.raises(MonthLimit):
        book(afternoon, patient, limits=Limits(a_month=1))
    assert book(afternoon, patient).day_slot == 2


def test_nobody_is_in_two_places_at_one_time(county: County, patient: Patient) -> None:
    book(clinic_of(county), patient)

    with pytest.raises(TimeClash):
        book(clinic_of(county), patient)


def test_nobody_has_two_places_of_one_clinic(county: County, patient: Patient) -> None:
    clinic = clinic_of(county)
    book(clinic, patient)

    with pytest.raises(AlreadyBooked):
        book(clinic, patient, number=3)
    assert places_of(clinic)[2].state is PlaceState.FREE


@pytest.mark.parametrize("state", [PlaceState.BOOKED, PlaceState.WITHDRAWN])
def test_a_place_that_is_taken_or_withdrawn_is_not_booked(county: County, patient: Patient, state: PlaceState) -> None:
    clinic = clinic_of(county)
    places_of(clinic)[3].state = state
    db.session.commit()

    with pytest.raises(BookingFinal):
        book(clinic, patient)
