"""What clinics ask of somebody in their current role: those of today, and calls after a closure."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from flask import Flask

from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.queries.fallen import list_fallen
from backend.domain.clinics.queries.todo import ClinicTodo, clinic_todo_of
from backend.domain.clinics.rules.closures import CallOutcome, ClosureReason, Remedy
from backend.domain.clinics.service.calls import record_call
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person
from tests.support.statements import counted_statements

ALL_DAY = ((time(0, 0), time(23, 59)),)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def desk(county: County) -> Actor:
    return acting(make_person(county.township, "周文", roles=[Role.DESK]), Role.DESK)


@pytest.fixture
def duty(county: County) -> Actor:
    return acting(make_person(county.hospital, "孙志强", roles=[Role.DUTY]), Role.DUTY)


@pytest.fixture
def tomorrow(county: County) -> Clinic:
    """Return tomorrow's clinic, which two people have booked who have no WeChat."""
    clinic = make_clinic(county.doctor, county.site)
    for number in (1, 2):
        make_booking(clinic, make_patient(), number=number)
    db.session.commit()
    return clinic


def test_everybody_counts_the_clinics_of_today_that_are_theirs(county: County, desk: Actor, duty: Actor) -> None:
    make_clinic(county.doctor, county.site, held_on=clock.today(), periods=ALL_DAY)
    make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=1), periods=ALL_DAY)
    colleague = acting(make_person(county.hospital, "马福"), Role.STAFF)

    for actor in (county.visitor, county.office, county.recipient, desk, duty):
        assert clinic_todo_of(actor).clinics_today == 1
    for actor in (county.stranger, colleague):
        assert clinic_todo_of(actor).clinics_today == 0


@pytest.mark.parametrize("role", list(Role))
def test_today_can_be_read_in_every_role(county: County, role: Role) -> None:
    actor = acting(make_person(county.township, roles=[role]), role)
    assert clinic_todo_of(actor) == ClinicTodo(0, 0)


def test_a_clinic_that_is_closed_is_not_held(county: County, desk: Actor) -> None:
    clinic = make_clinic(county.doctor, county.site, held_on=clock.today(), periods=ALL_DAY)
    assert clinic_todo_of(desk).clinics_today == 1
    close_clinic(desk, clinic.id, clinic.version, ClosureDraft(ClosureReason.ILL, arrived_remedy=Remedy.REMOTE))
    assert clinic_todo_of(desk).clinics_today == 0


def test_calls_are_the_desks_until_they_are_ticked_off(
    county: County, desk: Actor, duty: Actor, tomorrow: Clinic
) -> None:
    closure = close_clinic(county.office, tomorrow.id, tomorrow.version, ClosureDraft(ClosureReason.ILL))
    elsewhere = acting(make_person(county.other_township, roles=[Role.DESK]), Role.DESK)
    assert clinic_todo_of(desk).closures_to_call == 2
    assert [clinic_todo_of(actor).closures_to_call for actor in (elsewhere, duty, county.recipient)] == [0, 0, 0]

    first = list_fallen(closure.id)[0]
    record_call(desk, closure.id, first.booking_id, first.version, CallOutcome.INFORMED)
    assert clinic_todo_of(desk).closures_to_call == 1


def test_calls_are_of_who_was_named_and_not_the_desks(desk: Actor, duty: Actor, tomorrow: Clinic) -> None:
    named = ClosureDraft(ClosureReason.ROAD, caller_person_id=duty.person_id)
    close_clinic(duty, tomorrow.id, tomorrow.version, named)

    assert clinic_todo_of(duty).closures_to_call == 2
    assert clinic_todo_of(desk).closures_to_call == 0


def test_who_has_no_person_costs_no_statement(app: Flask) -> None:
    with counted_statements() as statements:
        assert clinic_todo_of(Actor()) == ClinicTodo(0, 0)
    assert statements == []
