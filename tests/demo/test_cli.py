"""`flask demo load` and `flask demo show`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from backend.cli.demo.county import PASSWORD
from backend.cli.demo.phones import BOUND, UNBOUND_TAIL, UNBOUND_TELEPHONE
from backend.domain.accounts.models import Account, Person
from backend.domain.accounts.queries import identity_tail_hash, telephone_hash
from backend.domain.accounts.service import log_in_console
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import find_duty
from backend.domain.imports.service import check_roster
from backend.domain.organisations.models import Agreement, Organisation, Setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM, Role
from backend.foundation.clock import SHANGHAI
from tests.imports.workbooks import SAMPLE

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def noon(app: Flask) -> Iterator[None]:
    """Let it be a Sunday at noon: somebody must be on duty on any day."""
    with time_machine.travel(SUNDAY_NOON):
        yield


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *arguments], catch_exceptions=False)


def count(model: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("noon")
def test_the_county_is_loaded_once(app: Flask) -> None:
    assert run(app, "load").exit_code == 0
    tables = (Organisation, Person, Dispatch, CheckIn, Agreement, Setting, Account)
    first = [count(table) for table in tables]
    assert first[0] == 8
    assert first[1] >= 60

    assert run(app, "load").exit_code == 0

    assert [count(table) for table in tables] == first


@pytest.mark.usefixtures("noon")
def test_this_morning_has_taps_of_every_verdict_and_leaves_the_phones_doctors_to_press(app: Flask) -> None:
    run(app, "load")

    today = clock.today()
    this_morning = db.session.scalars(select(CheckIn).where(CheckIn.duty_on == today)).all()
    assert this_morning
    assert {tap.verdict for tap in db.session.scalars(select(CheckIn))} == set(Verdict)
    numbers = {db.session.get_one(Person, tap.person_id).staff_number for tap in this_morning}
    assert numbers.isdisjoint(dict(BOUND))
    for number, _ in BOUND:
        doctor = db.session.scalars(select(Person).where(Person.staff_number == number)).one()
        assert find_duty(doctor.id, today) is not None


@pytest.mark.usefixtures("noon")
def test_a_later_load_fills_the_days_since(app: Flask) -> None:
    run(app, "load")

    with time_machine.travel(SUNDAY_NOON + timedelta(days=2)):
        run(app, "load")

        days = set(db.session.scalars(select(CheckIn.duty_on).distinct()))
        assert {clock.today(), clock.today() - timedelta(days=1)} <= days


@pytest.mark.usefixtures("noon")
def test_each_office_logs_in_with_what_is_shown(app: Flask) -> None:
    run(app, "load")
    shown = run(app, "show").output

    roles = {}
    for number in ("M0001", "D0001", "F0001", "B0001", "T0001", "admin"):
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
        "admin": Role.ADMIN,
    }


@pytest.mark.usefixtures("noon")
def test_the_unbound_doctor_is_there_to_be_bound(app: Flask) -> None:
    run(app, "load")

    doctor = db.session.scalars(select(Person).where(Person.telephone_hash == telephone_hash(UNBOUND_TELEPHONE))).one()
    assert doctor.identity_tail_hash == identity_tail_hash(doctor.id, UNBOUND_TAIL)
    assert db.session.scalar(select(func.count()).select_from(Account).where(Account.person_id == doctor.id)) == 0


@pytest.mark.usefixtures("noon")
def test_the_sample_roster_can_be_imported_beside_it(app: Flask) -> None:
    run(app, "load")

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
    assert count(Organisation) == 0


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-28", "2027-12-31", "2028-02-29"])
def test_it_loads_on_any_day_of_the_year(app: Flask, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{day}T09:00:00+08:00")):
        assert run(app, "load").exit_code == 0
