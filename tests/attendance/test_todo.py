"""What waits for somebody: counted beside today, and the sheets of all months in one list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.service.timesheets import submit_timesheet
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern, days_between
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap, make_taps

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
WEEK = (date(2026, 9, 28), date(2026, 10, 9))
NOTHING = {
    "timesheets_to_sign": 0,
    "requests_to_decide": 0,
    "exceptions_open": 0,
    "clinics_today": 0,
    "closures_to_call": 0,
    "activities_to_sign": 0,
    "claims_to_submit": 0,
    "claims_to_approve": 0,
    "evaluations_waiting": 0,
}


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def lived(county: County) -> Dispatch:
    """Two weeks over the border of two months, each shift served."""
    first, last = WEEK
    pattern = WeeklyPattern.of(range(1, 6))
    dispatch = make_dispatch(county.doctor, county.township, starts_on=first, ends_on=last, pattern=pattern)
    make_taps(dispatch, [day for day in days_between(first, last) if day.isoweekday() < 6])
    return dispatch


def hand_in(county: County, dispatch: Dispatch, *months: date) -> None:
    for month in months:
        submit_timesheet(county.visitor, dispatch.id, month, 0)


def waiting(client: FlaskClient, headers: dict[str, str], **query: object) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/timesheets", query_string={"status": "submitted", **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(item["month"], item["person"]["name"]) for item in answer.get_json()["items"]]


def test_the_sheets_of_all_months_wait_in_one_list_the_earliest_first(
    client: FlaskClient, county: County, lived: Dispatch
) -> None:
    hand_in(county, lived, OCTOBER, SEPTEMBER)
    director = phone_of(county.director, Role.DIRECTOR)
    assert waiting(client, director) == [("2026-09", "吕芬春"), ("2026-10", "吕芬春")]
    assert waiting(client, director, page=2, page_size=1) == [("2026-10", "吕芬春")]
    assert waiting(client, director, month="2026-10") == [("2026-10", "吕芬春")]


def test_the_list_of_all_months_is_for_what_waits_only(client: FlaskClient, county: County) -> None:
    director = phone_of(county.director, Role.DIRECTOR)
    for query in ({}, {"status": "countersigned"}):
        answer = client.get("/api/v1/timesheets", query_string=query, headers=director)
        assert (answer.status_code, list(answer.get_json()["error"]["fields"])) == (422, ["month"])


def test_nothing_of_other_hospitals_waits(client: FlaskClient, county: County, lived: Dispatch) -> None:
    hand_in(county, lived, SEPTEMBER)
    assert waiting(client, phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS, county.foreign_hospital)) == []


def test_what_waits_for_a_director_is_counted_beside_today(
    client: FlaskClient, county: County, lived: Dispatch
) -> None:
    hand_in(county, lived, SEPTEMBER, OCTOBER)
    other = make_dispatch(county.doctor, county.township, starts_on=date(2026, 10, 26), pattern=WeeklyPattern.of([6]))
    make_tap(other, date(2026, 10, 31), Shift.MORNING, Outcome.SUSPECT)
    today = client.get("/api/v1/me/today", headers=phone_of(county.director, Role.DIRECTOR)).get_json()
    assert today["todo"] == NOTHING | {"timesheets_to_sign": 2, "exceptions_open": 1}


def test_who_decides_nothing_is_asked_nothing(client: FlaskClient, county: County, lived: Dispatch) -> None:
    hand_in(county, lived, SEPTEMBER)
    staff = phone_of(county.doctor)
    with counted_statements() as statements:
        today = client.get("/api/v1/me/today", headers=staff).get_json()
    assert today["todo"] == NOTHING
    assert not any("count(" in statement and "timesheets" in statement for statement in statements)
