"""Days are closed after the cut-off, once, batch by batch, and go on where a killed job stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from backend.domain.attendance.concluding import close_shifts
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.attendance.service import closing
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_setting
from tests.support.timesheets import make_tap

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 10, 4, tzinfo=SHANGHAI), tick=False):
        yield make_county()


def send(county: County, name: str = "吕芬春") -> Dispatch:
    return make_dispatch(
        make_person(county.hospital, name), county.township, starts_on=MONDAY, pattern=WeeklyPattern.of(range(1, 8))
    )


def closed_days() -> list[date]:
    statement = select(DayClosing.day).where(DayClosing.finished_at.is_not(None)).order_by(DayClosing.day)
    return list(db.session.scalars(statement))


def standings(day: date) -> list[Standing]:
    rows = select(DutyShift.standing).where(DutyShift.duty_on == day).order_by(DutyShift.dispatch_id, DutyShift.shift)
    return list(db.session.scalars(rows))


def test_without_a_rule_a_day_stays_open_for_seven_days(county: County) -> None:
    make_tap(send(county), MONDAY)
    assert closing.close_days(date(2026, 11, 9)) == 0
    assert closing.close_days(date(2026, 11, 10)) == 1
    assert closed_days() == [MONDAY]
    assert sorted(standings(MONDAY)) == [Standing.NOT_CHECKED_IN, Standing.PRESENT]


def test_a_programme_says_for_how_long_a_tap_may_be_late(county: County) -> None:
    make_setting(county.bureau, "attendance.late_upload_days", 3)
    make_tap(send(county), MONDAY)
    closing.close_days(date(2026, 11, 8))
    assert closed_days() == [MONDAY, TUESDAY, WEDNESDAY]


def test_where_nobody_taps_closing_begins_when_a_dispatch_was_entered(county: County) -> None:
    send(county).created_at = datetime(2026, 11, 4, 9, tzinfo=SHANGHAI)
    db.session.commit()
    closing.close_days(date(2026, 11, 13))
    assert closed_days() == [WEDNESDAY, date(2026, 11, 5)]


def test_what_was_over_before_it_was_entered_is_not_called_missed(county: County) -> None:
    ledger = make_dispatch(county.doctor, county.township, starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30))
    ledger.created_at = datetime(2026, 11, 4, 9, tzinfo=SHANGHAI)
    db.session.commit()
    assert closing.close_days(date(2026, 12, 1)) == 0


def test_a_closed_day_is_not_closed_again(county: County) -> None:
    make_tap(send(county), MONDAY)
    closing.close_days(date(2026, 11, 10))
    assert closing.close_day(county.hospital.id, MONDAY) is False


def test_a_job_that_was_killed_half_way_goes_on_where_it_stopped(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_BATCH", 2)
    dispatches = [send(county, f"医生{number}") for number in range(5)]
    make_tap(dispatches[0], MONDAY)
    begun: list[object] = []

    def dies_in_the_second_batch(*which: Any, **more: Any) -> None:
        begun.append(more["after"])
        if len(begun) == 2:
            raise KeyboardInterrupt
        close_shifts(*which, **more)

    monkeypatch.setattr(closing, "close_shifts", dies_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        closing.close_days(date(2026, 11, 10))
    assert len(standings(MONDAY)) == 4
    assert closed_days() == []
    assert closing.close_days(date(2026, 11, 10)) == 1
    ids = sorted(dispatch.id for dispatch in dispatches)
    assert begun == [None, ids[1], ids[1], ids[3]]
    assert len(standings(MONDAY)) == 10


def test_what_a_day_says_before_it_is_closed_is_open_and_afterwards_not_checked_in(county: County) -> None:
    dispatch = send(county)
    make_tap(dispatch, MONDAY, Shift.AFTERNOON)
    closing.close_days(date(2026, 11, 10))
    assert db.session.scalar(select(func.count()).where(DutyShift.duty_on == TUESDAY)) == 0
    assert Standing.NOT_CHECKED_IN in standings(MONDAY)
