"""`flask demo load` and `flask demo show`."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.timesheets import Sheet, list_timesheets
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus, month_of_day
from backend.domain.attendance.service.timesheets import return_timesheet
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from tests.demo.conftest import SUNDAY_NOON, run
from tests.support.factories import acting


def rows_of_tables() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def director() -> Actor:
    return acting(db.session.scalars(select(Person).where(Person.staff_number == "T0001")).one(), Role.DIRECTOR)


def to_sign() -> list[Sheet]:
    last_month = month_of_day(month_of_day(clock.today()) - timedelta(days=1))
    return list(list_timesheets(director(), last_month, status=TimesheetStatus.SUBMITTED).items)


@pytest.mark.slow  # the story loads it in the suite
def test_the_county_is_loaded_once(app: Flask) -> None:
    with time_machine.travel(SUNDAY_NOON, tick=False):
        assert run(app, "load").exit_code == 0
        before = rows_of_tables()
        assert before["organisations"] == 8
        assert before["people"] >= 60

        assert run(app, "load").exit_code == 0

        assert rows_of_tables() == before


@pytest.mark.slow
def test_a_later_load_fills_the_days_since_and_keeps_what_people_did(app: Flask) -> None:
    with time_machine.travel(SUNDAY_NOON):
        run(app, "load")
        chosen = to_sign()[0].timesheet
        assert chosen
        return_timesheet(director(), chosen.id, chosen.version, reason="请核对夜班")

    with time_machine.travel(SUNDAY_NOON + timedelta(days=9)):
        run(app, "load")

        days = set(db.session.scalars(select(CheckIn.duty_on).distinct()))
        assert {clock.today(), clock.today() - timedelta(days=1), date(2026, 11, 24)} <= days
    assert chosen.status is TimesheetStatus.RETURNED
    closed = db.session.scalars(select(DutyShift.standing).where(DutyShift.duty_on == date(2026, 11, 24))).all()
    assert closed.count(Standing.PRESENT) > 20


def test_production_refuses_it(app: Flask) -> None:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(before, environment="production")
    try:
        result = run(app, "load")
    finally:
        app.config["SETTINGS"] = before

    assert result.exit_code != 0
    assert rows_of_tables()["organisations"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("at", ["2026-03-01T00:03", "2026-10-07T18:30", "2027-01-02T09:00"])
def test_sheets_of_last_month_wait_on_any_day_of_the_year(app: Flask, at: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{at}:00+08:00")):
        assert run(app, "load").exit_code == 0

        assert sum(sheet.is_clean for sheet in to_sign()) >= 6


@pytest.mark.slow
def test_it_loads_in_a_year_whose_calendar_is_not_known_and_hands_nothing_in(app: Flask) -> None:
    with time_machine.travel(datetime.fromisoformat("2028-02-29T09:00:00+08:00")):
        assert run(app, "load").exit_code == 0

        assert rows_of_tables()["timesheets"] == 0
        assert rows_of_tables()["check_ins"] > 1000
