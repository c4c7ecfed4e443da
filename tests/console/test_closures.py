"""Closing a clinic at the office, what became of it, and the call list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import ClosureReason, Remedy
from backend.domain.clinics.rules.planning import ClinicStatus
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.console import Office
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person


@pytest.fixture
def clinic(county: County) -> Clinic:
    """Tomorrow's clinic, with one a week later."""
    make_dispatch(county.doctor, county.township)
    make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=8))
    clinic = make_clinic(county.doctor, county.site)
    db.session.commit()
    return clinic


@pytest.fixture
def booking(clinic: Clinic) -> Booking:
    """A booking of somebody without WeChat."""
    booking = make_booking(clinic, make_patient())
    db.session.commit()
    return booking


@pytest.fixture
def desk(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.township, "安小云", roles=[Role.DESK]), Role.DESK)


def closed(county: County, clinic: Clinic, *, by_duty: bool = False) -> ClinicClosure:
    actor = county.office
    if by_duty:
        actor = acting(make_person(county.hospital, "段夜明", roles=[Role.DUTY]), Role.DUTY)
    return close_clinic(actor, clinic.id, clinic.version, ClosureDraft(ClosureReason.ROAD))


def test_who_is_affected_is_seen_first_masked_with_what_each_would_get(
    office: Office, clinic: Clinic, booking: Booking
) -> None:
    page = office.open(f"/closures/new/{clinic.id}").text
    assert "罗*兰" in page
    assert "罗桂兰" not in page
    assert "停诊并通知 1 人" in page
    assert "139****1234" in page


def test_the_office_closes_and_its_choice_counts(office: Office, clinic: Clinic, booking: Booking) -> None:
    answer = office.send(
        f"/closures/new/{clinic.id}", version="1", reason="called_back", note="", choice=f"{booking.id}:none"
    )
    assert answer.status_code == 302, answer.text
    assert clinic.status is ClinicStatus.CLOSED
    assert db.session.get_one(FallenBooking, booking.id).remedy is Remedy.NONE
    assert "因公返院" in office.open(answer.location.removeprefix("/console")).text


def test_what_cannot_be_done_is_said_beside_the_form_and_nothing_is_closed(
    office: Office, clinic: Clinic, booking: Booking
) -> None:
    stale = office.send(f"/closures/new/{clinic.id}", version="7", reason="road")
    assert stale.status_code == 412
    assert "已被他人修改" in stale.text
    odd = office.send(f"/closures/new/{clinic.id}", version="1", reason="road", choice="x:y")
    assert odd.status_code == 422
    assert office.send(f"/closures/new/{clinic.id}", version="1").status_code == 422
    assert clinic.status is ClinicStatus.SCHEDULED


def test_a_substitute_keeps_the_bookings(county: County, office: Office, clinic: Clinic, booking: Booking) -> None:
    substitute = make_person(county.hospital, "何远方")
    make_dispatch(substitute, county.township)
    assert "何远方" in office.open(f"/closures/new/{clinic.id}").text

    answer = office.send(f"/closures/new/{clinic.id}/substitute", version="1", person=str(substitute.id))

    assert answer.status_code == 302, answer.text
    assert clinic.person_id == substitute.id
    assert booking.status is BookingStatus.BOOKED


def test_the_desk_ticks_off_a_call_that_accepts(county: County, desk: Office, clinic: Clinic, booking: Booking) -> None:
    closure = closed(county, clinic)
    page = desk.open(f"/closures/{closure.id}/calls").text
    assert "罗桂兰" in page
    assert "13900001234" in page

    answer = desk.send(f"/closures/{closure.id}/calls/{booking.id}", version="1", outcome="accepted")

    assert answer.status_code == 302, answer.text
    assert db.session.query(PlaceOffer).one().status is OfferStatus.ACCEPTED
    again = desk.send(f"/closures/{closure.id}/calls/{booking.id}", version="1", outcome="accepted")
    assert again.status_code == 412


def test_numbers_are_not_for_the_supporting_hospital(
    county: County, office: Office, clinic: Clinic, booking: Booking
) -> None:
    closure = closed(county, clinic)
    assert office.open(f"/closures/{closure.id}/calls").status_code == 403
    assert "电话通知名单" not in office.open(f"/closures/{closure.id}").text


def test_medical_affairs_reviews_what_the_duty_officer_closed(county: County, office: Office, clinic: Clinic) -> None:
    closure = closed(county, clinic, by_duty=True)
    assert "待审核" in office.open("/closures", state="review").text
    missing = office.send(f"/closures/{closure.id}/review", review="questioned")
    assert missing.status_code == 422
    assert office.send(f"/closures/{closure.id}/review", review="confirmed").status_code == 302
    assert "没有需要办理的停诊" in office.open("/closures", state="review").text


def test_lists_without_anything_say_so_and_strangers_find_nothing(
    county: County, office: Office, stranger: Office, clinic: Clinic
) -> None:
    assert "还没有停诊" in office.open("/closures").text
    closure = closed(county, clinic)
    for path in (f"/closures/{closure.id}", f"/closures/new/{clinic.id}"):
        assert stranger.open(path).status_code == 404
