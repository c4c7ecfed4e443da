"""How a rotation covers its recipients: in advance by who is due, afterwards by what was concluded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.cover import CoveredDay, cover_of_rotation
from backend.domain.attendance.rules.cover import UNCOVERED, CoverState, judge_cover
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.dispatch.models import Dispatch, Rotation, Suspension
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.attendance.test_spot_checks import accepted_leave
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.statements import counted_statements

MONDAY = date(2026, 9, 7)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=offset) for offset in range(1, 5))
WEEK: dict[str, Any] = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=6)}


@pytest.mark.parametrize(
    ("standings", "state"),
    [
        ([], CoverState.PENDING),
        ([Standing.OPEN], CoverState.PENDING),
        ([Standing.NOT_CHECKED_IN, Standing.OPEN], CoverState.PENDING),
        ([Standing.NOT_CHECKED_IN], CoverState.NOBODY_CAME),
        ([Standing.ABSENT, Standing.NOT_COUNTED], CoverState.NOBODY_CAME),
        ([Standing.NOT_CHECKED_IN, Standing.IN_DOUBT], CoverState.DOUBTFUL),
        ([Standing.NOT_CHECKED_IN, Standing.CORRECTED], CoverState.SERVED),
        ([Standing.PRESENT, Standing.IN_DOUBT], CoverState.SERVED),
    ],
)
def test_a_day_that_has_passed_is_judged_by_what_was_concluded(standings: list[Standing], state: CoverState) -> None:
    assert judge_cover(True, due=True, available=True, passed=True, standings=standings) is state


@pytest.mark.parametrize(
    ("due", "available", "state"),
    [
        (True, True, CoverState.DUE),
        (True, False, CoverState.ALL_AWAY),
        (False, False, CoverState.UNPLANNED),
        (False, True, CoverState.UNPLANNED),
    ],
)
def test_a_day_to_come_is_judged_by_who_is_due(due: bool, available: bool, state: CoverState) -> None:
    assert judge_cover(True, due=due, available=available, passed=False, standings=[]) is state


def test_free_days_and_unloaded_calendars_are_never_uncovered() -> None:
    for due, available, passed in itertools.product((False, True), repeat=3):
        for working in (False, None):
            concluded = [Standing.NOT_CHECKED_IN]
            state = judge_cover(working, due=due, available=available, passed=passed, standings=concluded)
            assert state is (CoverState.FREE if working is False else CoverState.NOT_LOADED)
            assert state not in UNCOVERED


@pytest.fixture
def wednesday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 9, 9, 10, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def county(app: Flask, wednesday: None) -> County:
    return make_county()


@pytest.fixture
def rotation(county: County) -> Rotation:
    return Rotation(id=new_id(), supporting_id=county.hospital.id, name="2026年下半年")


def days_of(county: County, rotation: Rotation) -> dict[date, CoveredDay]:
    _, [cover] = cover_of_rotation(county.office, rotation.id)
    return {day.day: day for day in cover.days}


def conclude(dispatch: Dispatch, day: date, *standings: Standing) -> None:
    for shift, standing in zip((Shift.MORNING, Shift.AFTERNOON), standings, strict=False):
        row = DutyShift(
            dispatch_id=dispatch.id,
            duty_on=day,
            shift=shift,
            standing=standing,
            working=True,
            concluded_at=clock.now(),
        )
        db.session.add(row)
    db.session.commit()


def test_days_for_which_nobody_is_sent_are_named(county: County, rotation: Rotation) -> None:
    make_dispatch(county.doctor, county.township, rotation=rotation, pattern=WeeklyPattern.of([1, 2, 3, 4]), **WEEK)
    _, [cover] = cover_of_rotation(county.office, rotation.id)
    assert [(day.day, day.state) for day in cover.uncovered] == [(FRIDAY, CoverState.UNPLANNED)]


def test_leave_uncovers_a_day_only_if_nobody_else_is_there(county: County, rotation: Rotation) -> None:
    dispatch = make_dispatch(county.doctor, county.township, rotation=rotation, **WEEK)
    accepted_leave(dispatch, (THURSDAY, Shift.MORNING), (FRIDAY, Shift.MORNING))
    days = days_of(county, rotation)
    assert days[THURSDAY].state is CoverState.ALL_AWAY
    assert days[THURSDAY].people[0].absence is not None
    assert days[FRIDAY].state is CoverState.DUE  # the afternoon is not free

    make_dispatch(make_person(county.hospital, "沈雪远"), county.township, **WEEK)
    thursday = days_of(county, rotation)[THURSDAY]
    assert thursday.state is CoverState.DUE
    assert [(one.dispatch.person.name, one.in_team) for one in thursday.people] == [("吕芬春", True), ("沈雪远", False)]


def test_a_suspension_uncovers_days(county: County, rotation: Rotation) -> None:
    dispatch = make_dispatch(county.doctor, county.township, rotation=rotation, **WEEK)
    db.session.add(
        Suspension(id=new_id(), dispatch_id=dispatch.id, during=Range(THURSDAY, date(2026, 12, 1)), reason="产假")
    )
    db.session.commit()
    assert days_of(county, rotation)[THURSDAY].state is CoverState.ALL_AWAY
    assert days_of(county, rotation)[WEDNESDAY].state is CoverState.DUE


def test_days_that_have_passed_are_told_by_what_was_concluded(county: County, rotation: Rotation) -> None:
    dispatch = make_dispatch(county.doctor, county.township, rotation=rotation, **WEEK)
    assert days_of(county, rotation)[MONDAY].state is CoverState.PENDING
    conclude(dispatch, MONDAY, Standing.NOT_CHECKED_IN, Standing.PRESENT)
    conclude(dispatch, TUESDAY, Standing.NOT_CHECKED_IN, Standing.NOT_CHECKED_IN)
    days = days_of(county, rotation)
    assert (days[MONDAY].state, days[TUESDAY].state) == (CoverState.SERVED, CoverState.NOBODY_CAME)
    assert days[MONDAY].people[0].served
    assert days[WEDNESDAY].state is CoverState.DUE  # today is not over


def test_a_rotation_without_dispatches_covers_nothing(county: County, rotation: Rotation) -> None:
    db.session.add(rotation)
    db.session.commit()
    assert cover_of_rotation(county.office, rotation.id)[1] == []


def test_many_people_at_many_places_take_no_more_statements_than_one(county: County, rotation: Rotation) -> None:
    make_dispatch(county.doctor, county.township, rotation=rotation, **WEEK)
    actor, rotation_id = county.office, rotation.id

    def statements() -> int:
        db.session.expunge_all()
        with counted_statements() as counted:
            cover_of_rotation(actor, rotation_id)
        return len(counted)

    few = statements()
    for place in (county.township, county.other_township):
        for _ in range(4):
            make_dispatch(make_person(county.hospital), place, rotation=db.session.get(Rotation, rotation_id), **WEEK)
    assert statements() == few <= 8
