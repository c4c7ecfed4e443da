"""The attendance of a day beside what was recorded of it: many days of many dispatches in one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from backend.domain.activities.queries.presence import presence_of
from backend.domain.activities.rules.presence import Presence, presence_on
from backend.domain.attendance.concluding import conclude_shifts, read_days, read_standings
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap

MONDAY, TUESDAY, WEDNESDAY, SUNDAY = (date(2026, 11, day) for day in (2, 3, 4, 8))
NOON = datetime(2026, 11, 9, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    pattern = WeeklyPattern.of(range(1, 6))
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 10, 1), pattern=pattern)


@pytest.mark.parametrize(
    ("standings", "presence"),
    [
        ([], Presence.UNKNOWN),
        ([Standing.PRESENT, Standing.NOT_CHECKED_IN], Presence.PRESENT),
        ([Standing.ABSENT, Standing.CORRECTED], Presence.PRESENT),
        ([Standing.OPEN, Standing.NOT_CHECKED_IN], Presence.OPEN),
        ([Standing.IN_DOUBT, Standing.LEAVE], Presence.OPEN),
        ([Standing.LEAVE, Standing.NIGHT_REST], Presence.LEAVE),
        ([Standing.LEAVE, Standing.NOT_CHECKED_IN], Presence.ABSENT),
        ([Standing.NOT_COUNTED], Presence.ABSENT),
        ([Standing.ABSENT], Presence.ABSENT),
    ],
)
def test_a_day_is_what_its_shifts_come_to(standings: list[Standing], presence: Presence) -> None:
    assert presence_on(standings) is presence


def test_days_of_many_dispatches_are_read_in_one_statement(county: County, dispatch: Dispatch) -> None:
    other = make_dispatch(
        make_person(county.hospital, "许文丽"), county.township, starts_on=MONDAY, pattern=WeeklyPattern.of(range(1, 6))
    )
    make_tap(dispatch, MONDAY)
    make_tap(dispatch, TUESDAY, outcome=Outcome.SUSPECT)
    make_tap(other, WEDNESDAY)
    conclude_shifts([dispatch.id], WEDNESDAY, WEDNESDAY, closing=True)
    pairs = [(dispatch.id, day) for day in (MONDAY, TUESDAY, SUNDAY)] + [(other.id, MONDAY), (other.id, WEDNESDAY)]
    with counted_statements() as statements:
        found = presence_of(pairs)
    assert len(statements) == 1
    assert found == {
        (dispatch.id, MONDAY): Presence.PRESENT,
        (dispatch.id, TUESDAY): Presence.OPEN,
        (dispatch.id, SUNDAY): Presence.UNKNOWN,
        (other.id, MONDAY): Presence.OPEN,
        (other.id, WEDNESDAY): Presence.PRESENT,
    }


def test_no_days_ask_nothing(app: Flask) -> None:
    with counted_statements() as statements:
        assert presence_of([]) == {}
    assert statements == []


def test_single_days_are_read_as_their_months_are(dispatch: Dispatch) -> None:
    make_tap(dispatch, MONDAY)
    make_tap(dispatch, TUESDAY, Shift.AFTERNOON)
    week = read_standings([dispatch.id], MONDAY, SUNDAY)
    days = read_days({(dispatch.id, line.duty_on) for line in week})
    assert sorted(days, key=lambda line: (line.duty_on, line.shift)) == sorted(
        week, key=lambda line: (line.duty_on, line.shift)
    )


def test_a_month_that_was_handed_in_tells_what_it_was_concluded_to_and_how_it_was_amended(
    county: County, dispatch: Dispatch
) -> None:
    make_tap(dispatch, TUESDAY)
    conclude_shifts([dispatch.id], MONDAY, WEDNESDAY, closing=True)
    sheet = Timesheet(
        dispatch_id=dispatch.id, month=date(2026, 11, 1), status=TimesheetStatus.SUBMITTED, submitted_at=NOON
    )
    db.session.add(sheet)
    db.session.commit()
    make_tap(dispatch, MONDAY)  # too late: the month tells what it told
    pairs = [(dispatch.id, MONDAY), (dispatch.id, TUESDAY)]
    assert list(presence_of(pairs).values()).count(Presence.PRESENT) == 1
    assert presence_of(pairs)[dispatch.id, MONDAY] is Presence.ABSENT
    for number, after in enumerate((Standing.PRESENT, Standing.ABSENT)):
        at = NOON.replace(minute=number)
        db.session.add(
            TimesheetAmendment(
                timesheet_id=sheet.id,
                duty_on=TUESDAY,
                shift=Shift.MORNING,
                before=Standing.PRESENT,
                after=after,
                reason="查实",
                status=RequestStatus.ACCEPTED,
                requested_by_person_id=county.medical_affairs.id,
                requested_at=at,
                decided_by_person_id=county.director.id,
                decided_at=at,
            )
        )
    db.session.commit()
    assert presence_of(pairs)[dispatch.id, TUESDAY] is Presence.ABSENT
