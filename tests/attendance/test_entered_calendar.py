"""Every place that asks whether a day is worked takes a year that was entered, and says so where none was."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.attendance.concluding import conclude_shifts, read_standings
from backend.domain.attendance.errors.spot_checks import SpotCheckNotNow
from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.board import today_board
from backend.domain.attendance.queries.leave import length_in
from backend.domain.attendance.queries.months import month_of
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.spot_checks import SpotCheckKind
from backend.domain.attendance.service.spot_checks import order_spot_check
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.service import YearDraft, enter_calendar_year
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.phone import make_phone

FREE = date(2041, 1, 1)  # a Tuesday
WORKED = date(2041, 1, 5)  # a Saturday


def enter(county: County) -> None:
    draft = YearDraft(
        year=2041, free_days=[FREE], worked_days=[WORKED], document_title="放假安排", document_number="1号"
    )
    enter_calendar_year(county.overseer, county.bureau.id, draft, 0)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(
        county.doctor,
        county.township,
        starts_on=date(2040, 12, 1),
        ends_on=date(2041, 3, 31),
        sites=[county.site],
    )


def test_the_board(county: County, dispatch: Dispatch) -> None:
    assert today_board(county.office, FREE).working is None
    enter(county)
    board = today_board(county.office, FREE)
    assert (board.working, board.holiday) == (False, "节假日")
    assert today_board(county.recipient, WORKED).working is True


def test_the_month(county: County, dispatch: Dispatch) -> None:
    enter(county)
    working = {day.day: day.working for day in month_of([dispatch], date(2040, 12, 31), WORKED)}
    assert (working[date(2040, 12, 31)], working[FREE], working[WORKED]) == (None, False, True)


def test_the_day_on_the_phone(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    enter(county)
    with time_machine.travel(datetime(2041, 1, 1, 9, 0, tzinfo=SHANGHAI), tick=False):
        today = client.get("/api/v1/me/today", headers=make_phone(county.doctor)).get_json()
    assert today["holiday_label"] == "节假日"


def test_the_lines_of_a_timesheet_by_the_calendar_of_each_hospital(county: County, dispatch: Dispatch) -> None:
    elsewhere = make_dispatch(
        make_person(county.foreign_hospital), county.township, starts_on=date(2040, 12, 1), ends_on=date(2041, 3, 31)
    )
    ids = [dispatch.id, elsewhere.id]
    assert {line.working for line in read_standings(ids, FREE, WORKED)} == {None}
    enter(county)
    lines = {(line.dispatch_id, line.duty_on): line.working for line in read_standings(ids, FREE, WORKED)}
    assert (dispatch.id, FREE) not in lines  # a free day on which nothing was done has no line
    assert lines[dispatch.id, WORKED] is True
    assert lines[elsewhere.id, FREE] is None
    conclude_shifts(ids, FREE, WORKED, closing=True)
    concluded = {(row.dispatch_id, row.duty_on): row.working for row in db.session.scalars(select(DutyShift))}
    assert concluded == lines


def test_the_length_of_leave(county: County, dispatch: Dispatch) -> None:
    span = LeaveSpan(FREE, Shift.MORNING, WORKED, Shift.NIGHT)
    assert length_in(dispatch, span).halves == 10
    enter(county)
    assert length_in(dispatch, span).halves == 8


def test_a_spot_check(county: County, dispatch: Dispatch) -> None:
    enter(county)
    with time_machine.travel(datetime(2041, 1, 1, 9, 0, tzinfo=SHANGHAI), tick=False), pytest.raises(SpotCheckNotNow):
        order_spot_check(county.office, dispatch.id, SpotCheckKind.PRESENCE)
    with time_machine.travel(datetime(2041, 1, 5, 9, 0, tzinfo=SHANGHAI), tick=False):
        assert order_spot_check(county.office, dispatch.id, SpotCheckKind.PRESENCE)
