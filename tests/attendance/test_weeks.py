"""The weeks of a dispatch: how many days one must be there, against a plain count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attendance.queries.timesheets import get_sheet
from backend.domain.attendance.queries.weeks import weeks_of_sheet
from backend.domain.attendance.rules.taps import CheckInKind, Fix
from backend.domain.attendance.rules.timesheets import Line, Standing, last_of_month
from backend.domain.attendance.rules.weeks import first_of_weeks, weeks_of
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.dispatch.rules import DispatchKind, Shift, days_between
from backend.domain.organisations.rules.places import Point
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch

OCTOBER = date(2026, 10, 1)
CALENDAR = WorkingCalendar()
ALWAYS = (date(2026, 1, 1), date(2026, 12, 31))
MORNING, AFTERNOON, NIGHT = Shift
PRESENT, LEAVE = Standing.PRESENT, Standing.LEAVE


def whole(day: date, standing: Standing = PRESENT) -> list[Line]:
    return [Line(duty_on=day, shift=shift, standing=standing) for shift in (MORNING, AFTERNOON)]


def test_a_week_belongs_to_the_month_in_which_it_ends() -> None:
    weeks = weeks_of([], CALENDAR, OCTOBER, *ALWAYS)
    assert [week.starts_on for week in weeks] == [
        date(2026, 9, 28),
        date(2026, 10, 5),
        date(2026, 10, 12),
        date(2026, 10, 19),
    ]
    assert first_of_weeks(OCTOBER) == date(2026, 9, 28)
    # The National Day takes its days, and Saturday the 10th is worked in exchange.
    assert [week.working_days for week in weeks] == [3, 3, 5, 5]
    assert [week.required_days for week in weeks] == [2, 2, 3, 3]


def test_three_days_of_five_are_enough_and_two_and_a_half_are_not() -> None:
    monday = date(2026, 10, 12)
    three = [line for day in range(3) for line in whole(monday + timedelta(days=day))]
    assert [week.is_met for week in weeks_of(three, CALENDAR, OCTOBER, *ALWAYS)] == [False, False, True, False]
    assert not weeks_of(three[:-1], CALENDAR, OCTOBER, *ALWAYS)[2].is_met


def test_leave_takes_from_what_is_required_and_duty_on_a_free_day_counts() -> None:
    monday = date(2026, 10, 12)
    lines = [*whole(monday, LEAVE), *whole(monday + timedelta(days=1), LEAVE), *whole(monday + timedelta(days=5))]
    week = weeks_of(lines, CALENDAR, OCTOBER, *ALWAYS)[2]
    assert (week.leave_halves, week.required_days, week.served_halves, week.is_met) == (4, 2, 2, False)


def test_leave_on_a_free_day_takes_nothing() -> None:
    saturday = date(2026, 10, 17)
    assert weeks_of(whole(saturday, LEAVE), CALENDAR, OCTOBER, *ALWAYS)[2].leave_halves == 0


def test_the_rest_after_a_night_is_no_absence() -> None:
    monday = date(2026, 10, 12)
    lines = [line for day in range(5) for line in whole(monday + timedelta(days=day), Standing.NIGHT_REST)]
    week = weeks_of(lines, CALENDAR, OCTOBER, *ALWAYS)[2]
    assert (week.rest_halves, week.required_days, week.is_met) == (10, 0, True)


def test_days_outside_of_the_dispatch_are_not_asked_for() -> None:
    weeks = weeks_of([], CALENDAR, OCTOBER, date(2026, 10, 15), date(2026, 10, 19))
    assert [(week.working_days, week.required_days) for week in weeks] == [(2, 2), (1, 1)]


def test_nothing_is_said_of_a_week_that_reaches_into_a_calendar_that_is_not_loaded() -> None:
    january = date(2041, 1, 1)
    assert weeks_of([], CALENDAR, january, date(2040, 1, 1), date(2042, 1, 1)) == []


@given(
    st.dates(date(2005, 2, 1), date(2026, 11, 30)).map(lambda day: day.replace(day=1)),
    st.randoms(use_true_random=False),
    st.integers(-10, 40),
    st.integers(0, 60),
)
def test_the_weeks_are_a_plain_count(month: date, random: object, offset: int, length: int) -> None:
    starts_on = month + timedelta(days=offset)
    ends_on = starts_on + timedelta(days=length)
    days = [day for day in days_between(first_of_weeks(month), last_of_month(month)) if starts_on <= day <= ends_on]
    lines = [
        Line(duty_on=day, shift=shift, standing=random.choice(list(Standing)))  # type: ignore[attr-defined]
        for day in days
        for shift in Shift
        if random.random() < 0.8  # type: ignore[attr-defined]
    ]

    weeks = weeks_of(lines, CALENDAR, month, starts_on, ends_on)

    sundays = {day + timedelta(days=7 - day.isoweekday()) for day in days}
    told = [sunday for sunday in sorted(sundays) if sunday <= last_of_month(month) and sunday >= month]
    assert [week.starts_on for week in weeks] == [sunday - timedelta(days=6) for sunday in told]
    for week in weeks:
        of_week = [day for day in days if week.starts_on <= day < week.starts_on + timedelta(days=7)]
        worked = [day for day in of_week if CALENDAR.is_working_day(day)]
        halves = [line for line in lines if line.duty_on in of_week and line.shift is not NIGHT]
        spared = [
            line for line in halves if line.duty_on in worked and line.standing in (Standing.LEAVE, Standing.NIGHT_REST)
        ]
        served = [line for line in halves if line.standing in (Standing.PRESENT, Standing.CORRECTED)]
        assert week.working_days == len(worked)
        assert week.served_halves == len(served)
        # In tenths of a day, so that nothing is lost: 3/5 of a half day are 3 tenths.
        assert week.required_days == ceil(max(0, 2 * len(worked) - len(spared)) * 3 / 10 - 1e-9)
        assert week.is_met == (len(served) / 2 >= week.required_days)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def test_the_first_week_of_a_sheet_counts_the_days_before_the_month(county: County) -> None:
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 31), sites=[county.site]
    )
    with time_machine.travel(datetime(2026, 9, 30, 8, 0, tzinfo=SHANGHAI), tick=False):
        here, nonce = Fix(Point(103.2, 27.3), 20), issue_nonce(county.visitor, "key-00001").nonce
        tap = Tap(dispatch_id=dispatch.id, kind=CheckInKind.IN, key="key-00001", fix=here, nonce=nonce)
        record_tap(county.visitor, tap)
    with time_machine.travel(datetime(2026, 10, 20, 8, 0, tzinfo=SHANGHAI), tick=False):
        weeks = weeks_of_sheet(get_sheet(county.office, dispatch.id, OCTOBER))
    assert (weeks[0].starts_on, weeks[0].working_days) == (date(2026, 9, 28), 3)
    assert [week.served_halves for week in weeks[:2]] == [1, 0]


def test_no_days_are_asked_of_who_visits_on_single_days(county: County) -> None:
    dispatch = make_dispatch(
        county.doctor,
        county.township,
        kind=DispatchKind.VISITING,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 10, 31),
    )
    assert weeks_of_sheet(get_sheet(county.office, dispatch.id, OCTOBER)) == []
