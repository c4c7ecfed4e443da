"""`flask demo load` and `flask demo show`."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from backend.cli.demo.county import PASSWORD
from backend.cli.demo.phones import BOUND, UNBOUND_TAIL, UNBOUND_TELEPHONE
from backend.domain.accounts.models import Account, Person
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.service import log_in_console
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.timesheets import Sheet, list_timesheets
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus, month_of_day
from backend.domain.attendance.service.timesheets import return_timesheet
from backend.domain.dispatch.queries import find_duty
from backend.domain.imports.service import check_roster
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Actor, Role
from tests.demo.conftest import SUNDAY_NOON, run
from tests.imports.workbooks import SAMPLE
from tests.support.factories import acting


def rows_of_tables() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def director() -> Actor:
    return acting(db.session.scalars(select(Person).where(Person.staff_number == "T0001")).one(), Role.DIRECTOR)


def to_sign() -> list[Sheet]:
    last_month = month_of_day(month_of_day(clock.today()) - timedelta(days=1))
    return list(list_timesheets(director(), last_month, status=TimesheetStatus.SUBMITTED).items)


def test_the_county_is_loaded_once(app: Flask) -> None:
    with time_machine.travel(SUNDAY_NOON, tick=False):
        assert run(app, "load").exit_code == 0
        before = rows_of_tables()
        assert before["organisations"] == 8
        assert before["people"] >= 60

        assert run(app, "load").exit_code == 0

        assert rows_of_tables() == before


def test_this_morning_leaves_the_phones_doctors_to_press(county: Flask) -> None:
    today = clock.today()
    this_morning = db.session.scalars(select(CheckIn).where(CheckIn.duty_on == today)).all()

    assert this_morning  # of a Sunday, too
    assert {tap.verdict for tap in db.session.scalars(select(CheckIn))} == set(Verdict)
    numbers = {db.session.get_one(Person, tap.person_id).staff_number for tap in this_morning}
    assert numbers.isdisjoint(dict(BOUND))
    for number, _ in BOUND:
        doctor = db.session.scalars(select(Person).where(Person.staff_number == number)).one()
        assert find_duty(doctor.id, today) is not None


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


def test_each_office_logs_in_with_what_is_shown(county: Flask) -> None:
    shown = run(county, "show").output

    roles = {}
    for number in ("M0001", "D0001", "F0001", "B0001", "T0001", "T0002", "admin"):
        assert number in shown
        session = log_in_console(organisation_code=None, staff_number=number, password=PASSWORD, address="127.0.0.1")
        roles[number] = session.actor.role
    assert PASSWORD in shown
    assert roles == {
        "M0001": Role.MEDICAL_AFFAIRS,
        "D0001": Role.DEAN,
        "F0001": Role.FINANCE,
        "B0001": Role.BUREAU,
        "T0001": Role.DIRECTOR,
        "T0002": Role.DELEGATE,
        "admin": Role.ADMIN,
    }


def test_the_unbound_doctor_is_there_to_be_bound(county: Flask) -> None:
    doctor = db.session.scalars(select(Person).where(Person.telephone_hash == telephone_hash(UNBOUND_TELEPHONE))).one()

    assert doctor.identity_tail_hash == identity_tail_hash(doctor.id, UNBOUND_TAIL)
    assert db.session.scalar(select(func.count()).select_from(Account).where(Account.person_id == doctor.id)) == 0


def test_the_sample_roster_can_be_imported_beside_it(county: Flask) -> None:
    report = check_roster(SYSTEM, SAMPLE)

    assert [finding.sentence() for finding in report.findings.errors] == []


def test_production_refuses_it(app: Flask) -> None:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(before, environment="production")
    try:
        result = run(app, "load")
    finally:
        app.config["SETTINGS"] = before

    assert result.exit_code != 0
    assert rows_of_tables()["organisations"] == 0


@pytest.mark.parametrize("at", ["2026-01-02T09:00", "2026-03-01T00:03", "2026-10-07T18:30", "2027-01-02T09:00"])
def test_sheets_of_last_month_wait_on_any_day_of_the_year(app: Flask, at: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{at}:00+08:00")):
        assert run(app, "load").exit_code == 0

        assert sum(sheet.is_clean for sheet in to_sign()) >= 6


@pytest.mark.parametrize("day", ["2027-12-31", "2028-02-29"])
def test_it_loads_in_years_whose_calendar_is_not_known_and_hands_nothing_in(app: Flask, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{day}T09:00:00+08:00")):
        assert run(app, "load").exit_code == 0

        assert rows_of_tables()["timesheets"] == 0
        assert rows_of_tables()["check_ins"] > 1000
