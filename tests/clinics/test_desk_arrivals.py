"""The day of a clinic at the desk: arriving, being called in order, being seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.errors.bookings import BookingNotFound, ClinicNotFound
from backend.domain.clinics.errors.desk import NobodyWaits, NotThisDay, NumberNotBooked, VisitSettled
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.queries.desk import list_day, list_desk_clinics, listed
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.service.arrivals import (
    arrive,
    arrive_by_number,
    call,
    call_next,
    fulfil,
    withdraw_arrival,
)
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, StaleVersion
from tests.clinics.desk_world import DAY, Desk, at, make_desk
from tests.support.factories import acting, make_person


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask, clock: time_machine.Traveller) -> Desk:
    return make_desk()


def queue_of(desk: Desk) -> list[int]:
    return [row.booking.number for row in list_day(desk.actor, desk.clinic.id).waiting]


def test_who_is_found_by_name_arrives(desk: Desk) -> None:
    booking = desk.book(1)

    arrive(desk.actor, booking.id, booking.version)

    assert (booking.status, booking.arrived_at, booking.version) == (BookingStatus.ARRIVED, at(8), 2)
    assert booking.marked_by_person_id == desk.person.id
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == booking.id)).one()
    assert (event.action, event.organisation_id) == ("arrive_booking", desk.county.township.id)


def test_who_says_a_number_arrives_and_a_second_time_changes_nothing(desk: Desk) -> None:
    booking = desk.book(2)

    first = arrive_by_number(desk.actor, desk.clinic.id, 2)
    again = arrive_by_number(desk.actor, desk.clinic.id, 2)

    assert (first.booking.id, first.repeated) == (booking.id, False)
    assert (again.booking.version, again.repeated) == (first.booking.version, True)


def test_a_number_that_nobody_booked_is_refused(desk: Desk) -> None:
    with pytest.raises(NumberNotBooked):
        arrive_by_number(desk.actor, desk.clinic.id, 3)


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_nobody_arrives(desk: Desk, clock: time_machine.Traveller, days: int) -> None:
    booking = desk.book(1)
    clock.move_to(at(8) + timedelta(days=days))

    with pytest.raises(NotThisDay, match="not_this_day") as refused:
        arrive(desk.actor, booking.id, booking.version)
    assert refused.value.text.startswith("这是9月2日的号")


def test_they_are_called_by_period_and_number_and_not_as_they_came(desk: Desk) -> None:
    for number in (6, 3, 1):
        desk.book(number)
        arrive_by_number(desk.actor, desk.clinic.id, number)
    assert queue_of(desk) == [1, 3, 6]
    assert [listed(row.booking).queue for row in list_day(desk.actor, desk.clinic.id).waiting] == [1, 2, 3]

    called = [call_next(desk.actor, desk.clinic.id).number for _ in range(3)]

    assert called == [1, 3, 6]
    assert queue_of(desk) == []
    with pytest.raises(NobodyWaits):
        call_next(desk.actor, desk.clinic.id)


def test_somebody_may_be_called_before_their_turn_and_again(desk: Desk, clock: time_machine.Traveller) -> None:
    for number in (1, 3):
        desk.book(number)
        arrive_by_number(desk.actor, desk.clinic.id, number)
    urgent = list_day(desk.actor, desk.clinic.id).rows[1].booking

    call(desk.actor, urgent.id, urgent.version)
    clock.shift(timedelta(minutes=5))
    call(desk.actor, urgent.id, urgent.version)

    assert urgent.called_at == at(8, 5)
    assert queue_of(desk) == [1]


def test_who_was_seen_leaves_the_list_of_those_to_come(desk: Desk) -> None:
    booking = desk.book(1)
    arrive(desk.actor, booking.id, 1)
    call(desk.actor, booking.id, 2)

    fulfil(desk.actor, booking.id, 3)

    assert (booking.status, booking.fulfilled_at) == (BookingStatus.FULFILLED, at(8))
    (counted,) = list_desk_clinics(desk.actor, DAY)
    assert (counted.booked, counted.arrived, counted.fulfilled, counted.free, counted.people) == (0, 0, 1, 7, 1)
    with pytest.raises(VisitSettled) as refused:
        arrive_by_number(desk.actor, desk.clinic.id, 1)
    assert "已就诊" in refused.value.text


def test_an_arrival_of_the_wrong_name_is_taken_back(desk: Desk) -> None:
    booking = desk.book(1)
    arrive(desk.actor, booking.id, 1)

    withdraw_arrival(desk.actor, booking.id, 2)

    assert (booking.status, booking.arrived_at) == (BookingStatus.BOOKED, None)
    with pytest.raises(VisitSettled):
        withdraw_arrival(desk.actor, booking.id, 3)


def test_who_has_not_arrived_is_not_called(desk: Desk) -> None:
    booking = desk.book(1)
    with pytest.raises(VisitSettled):
        call(desk.actor, booking.id, 1)


def test_what_was_changed_since_it_was_read_is_refused(desk: Desk) -> None:
    booking = desk.book(1)
    arrive(desk.actor, booking.id, 1)
    with pytest.raises(StaleVersion):
        fulfil(desk.actor, booking.id, 1)


def test_the_expert_sees_who_comes_and_others_do_not(desk: Desk) -> None:
    booking: Booking = desk.book(1)
    assert [row.booking.id for row in list_day(desk.expert, desk.clinic.id).rows] == [booking.id]
    assert [one.clinic.id for one in list_desk_clinics(desk.expert, DAY)] == [desk.clinic.id]

    with pytest.raises(Forbidden):
        arrive(desk.expert, booking.id, 1)
    for actor in (desk.county.office, desk.county.recipient):
        with pytest.raises(Forbidden):
            list_day(actor, desk.clinic.id)
    elsewhere = acting(make_person(desk.county.other_township, roles=[Role.DESK]), Role.DESK)
    for actor in (desk.county.stranger, elsewhere, Actor()):
        with pytest.raises(ClinicNotFound):
            list_day(actor, desk.clinic.id)
        with pytest.raises(BookingNotFound):
            arrive(actor, booking.id, 1)
    assert list_desk_clinics(elsewhere, DAY) == []
