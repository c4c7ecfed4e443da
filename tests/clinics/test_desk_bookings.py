"""Booking at the desk: for who walks in and for later, the desk's places first, extra ones beyond capacity."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import (
    AlreadyBooked,
    BookingKeyReused,
    ClinicClosed,
    ClinicFull,
    ClinicNotFound,
    ClinicOver,
    PatientNotLinked,
)
from backend.domain.clinics.errors.desk import NotThisDay, PeriodUnknown, VisitSettled
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.rules.bookings import BookingStatus, CancelReason
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.service.desk import DeskRequest, book_at_desk
from backend.domain.clinics.service.desk_cancelling import cancel_at_desk
from backend.domain.clinics.service.extra_places import add_extra_places
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.patients.models import Patient
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation.errors import Forbidden, StaleVersion
from tests.clinics.desk_world import Desk, at, make_desk
from tests.support.clinics import link_patient, make_account, make_patient


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask, clock: time_machine.Traveller) -> Desk:
    return make_desk()


@pytest.fixture
def patient(desk: Desk) -> Patient:
    return kept_patient()


def kept_patient() -> Patient:
    patient = make_patient()
    db.session.commit()
    return patient


def walk_in(desk: Desk, patient: Patient | None = None, *, key: str = "", **request: object) -> Booking:
    patient = patient or kept_patient()
    wanted = DeskRequest(patient_id=patient.id, **request)  # type: ignore[arg-type]
    return book_at_desk(desk.actor, desk.clinic.id, wanted, key=key or uuid4().hex).booking


def fill(desk: Desk) -> None:
    """Let every place be taken."""
    for place in desk.places:
        place.state = PlaceState.BOOKED
    db.session.commit()


def test_who_walks_in_gets_the_first_place_of_the_desk_and_has_arrived(desk: Desk, patient: Patient) -> None:
    booking = walk_in(desk, patient, arrived=True)

    assert (booking.number, booking.channel, booking.status) == (4, Channel.DESK, BookingStatus.ARRIVED)
    assert (booking.booked_by_person_id, booking.arrived_at) == (desk.person.id, at(8))
    assert desk.places[3].state is PlaceState.BOOKED


def test_a_period_may_be_asked_for(desk: Desk) -> None:
    assert walk_in(desk, period_id=desk.clinic.periods[1].id).number == 8


def test_places_of_the_phone_are_the_desks_only_when_booking_by_phone_is_over(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    assert [walk_in(desk).number, walk_in(desk).number] == [4, 8]
    with pytest.raises(ClinicFull) as refused:
        walk_in(desk)
    assert "加号" in refused.value.text

    clock.move_to(desk.clinic.phone_until)
    assert walk_in(desk).number == 1


def test_a_period_that_is_over_gives_no_place(desk: Desk, clock: time_machine.Traveller) -> None:
    clock.move_to(at(9, 30))
    assert walk_in(desk).number == 8
    assert walk_in(desk).number == 5
    with pytest.raises(PeriodUnknown):
        walk_in(desk, period_id=desk.clinic.periods[0].id)


def test_an_extra_place_is_added_only_when_none_is_left(desk: Desk) -> None:
    assert walk_in(desk, extra=True).number == 4
    fill(desk)

    booking = walk_in(desk, extra=True, arrived=True)

    assert (booking.number, booking.place.extra, booking.period_id) == (9, True, desk.clinic.periods[0].id)
    assert walk_in(desk, extra=True, period_id=desk.clinic.periods[1].id).number == 10


def test_a_clinic_that_is_closed_or_over_takes_nobody_and_no_extra_place(
    desk: Desk, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(10, 30))
    with pytest.raises(ClinicOver):
        walk_in(desk, extra=True)
    with pytest.raises(ClinicOver):
        add_extra_places(desk.expert, desk.clinic.id, None)
    clock.move_to(at(8))
    desk.clinic.status = ClinicStatus.CLOSED
    db.session.commit()
    with pytest.raises(ClinicClosed):
        walk_in(desk, extra=True)
    with pytest.raises(ClinicClosed):
        add_extra_places(desk.actor, desk.clinic.id, desk.clinic.periods[0].id)
    assert len(desk.places) == 8


def test_the_expert_adds_places_to_their_own_clinic_for_the_desk_to_give(desk: Desk) -> None:
    period = desk.clinic.periods[1]

    added = add_extra_places(desk.expert, desk.clinic.id, period.id, 2)

    assert [(place.number, place.channel, place.extra, place.period_id) for place in added] == [
        (9, Channel.DESK, True, period.id),
        (10, Channel.DESK, True, period.id),
    ]
    assert [walk_in(desk).number for _ in range(4)] == [4, 8, 9, 10]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "add_extra_places")).one()
    assert event.details["count"] == 2


def test_others_add_none(desk: Desk) -> None:
    for actor in (desk.county.recipient, desk.county.office):
        with pytest.raises(Forbidden):
            add_extra_places(actor, desk.clinic.id, None)
    with pytest.raises(ClinicNotFound):
        add_extra_places(desk.county.stranger, desk.clinic.id, None)
    with pytest.raises(PeriodUnknown):
        add_extra_places(desk.actor, desk.clinic.id, uuid4())


def test_the_expert_books_nobody(desk: Desk, patient: Patient) -> None:
    with pytest.raises(Forbidden):
        book_at_desk(desk.expert, desk.clinic.id, DeskRequest(patient_id=patient.id), key="a" * 8)


def test_somebody_has_one_place_of_a_clinic(desk: Desk, patient: Patient) -> None:
    walk_in(desk, patient)
    with pytest.raises(AlreadyBooked):
        walk_in(desk, patient, extra=True)
    assert [place.number for place in desk.places if place.state is PlaceState.BOOKED] == [4]


def test_a_form_that_was_sent_twice_books_once_and_another_one_needs_another_key(desk: Desk, patient: Patient) -> None:
    wanted = DeskRequest(patient_id=patient.id, arrived=True)
    first = book_at_desk(desk.actor, desk.clinic.id, wanted, key="pressed-twice")
    again = book_at_desk(desk.actor, desk.clinic.id, wanted, key="pressed-twice")

    assert (again.booking.id, again.repeated, first.repeated) == (first.booking.id, True, False)
    with pytest.raises(BookingKeyReused):
        book_at_desk(desk.actor, desk.clinic.id, DeskRequest(patient_id=kept_patient().id), key="pressed-twice")


def test_somebody_who_is_known_to_nobody_is_not_booked(desk: Desk) -> None:
    with pytest.raises(PatientNotLinked):
        book_at_desk(desk.actor, desk.clinic.id, DeskRequest(patient_id=uuid4()), key="a" * 8)


def test_in_advance_one_has_not_arrived(desk: Desk, clock: time_machine.Traveller) -> None:
    clock.move_to(at(8, day=at(8).date().replace(day=1)))
    with pytest.raises(NotThisDay):
        walk_in(desk, arrived=True)
    assert [place.state for place in desk.places] == [PlaceState.FREE] * 8
    assert walk_in(desk).status is BookingStatus.BOOKED


def test_the_patients_own_account_is_told_and_a_relatives_is_not(desk: Desk, clock: time_machine.Traveller) -> None:
    clock.move_to(at(8, day=at(8).date().replace(day=1)))
    own, relatives = make_account(), make_account()
    known, unknown = make_patient(), make_patient()
    link_patient(relatives, known, Relation.CHILD)
    link_patient(own, known, Relation.SELF)
    link_patient(relatives, unknown, Relation.PARENT)
    db.session.commit()

    assert walk_in(desk, known).account_id == own.id
    assert walk_in(desk, unknown).account_id is None
    (told,) = db.session.scalars(select(InboxItem)).all()
    assert told.account_id == own.id


def test_who_calls_the_desk_is_cancelled_and_the_place_is_free_again(desk: Desk) -> None:
    booking = desk.book(1)

    cancel_at_desk(desk.actor, booking.id, 1)

    assert (booking.status, booking.cancelled_for) == (BookingStatus.CANCELLED, CancelReason.DESK)
    assert desk.places[0].state is PlaceState.FREE
    (told,) = db.session.scalars(select(InboxItem)).all()
    assert (told.account_id, "服务台取消" in told.body) == (booking.account_id, True)
    with pytest.raises(VisitSettled):
        cancel_at_desk(desk.actor, booking.id, 2)


def test_only_the_desk_cancels_there_and_in_the_version_that_it_read(desk: Desk) -> None:
    booking = desk.book(1)
    with pytest.raises(Forbidden):
        cancel_at_desk(desk.expert, booking.id, 1)
    with pytest.raises(StaleVersion):
        cancel_at_desk(desk.actor, booking.id, 2)
    assert desk.places[0].state is PlaceState.BOOKED
