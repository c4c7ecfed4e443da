"""The month of 2,000 dispatches: statements of the office's page, and memory of the job that exports it."""

from __future__ import annotations

import time
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from backend.console.gate import TOKEN
from backend.domain.accounts.models import Person
from backend.domain.attendance.service.exports import request_month
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from benchmarks.county import HOSPITAL, keep_taps, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House
from benchmarks.making import make_apart
from tests.support.accounts import console_token_of
from tests.support.factories import make_person
from tests.support.rollback import Client
from tests.support.statements import counted_statements

DISPATCHES = 2000
_MAXIMUM_STATEMENTS = 5


def run(house: House) -> list[Figure]:
    """Ask for the month's page as the office does, then let the job make the file of all.

    Raises:
        Broken: the page or the file does not have everybody.
    """
    house.app.test_client_class = Client
    with house.app.app_context():
        send_doctors(DISPATCHES)
        keep_taps(days_ago=range(30))
        house.tidy()
        office = _office()
        month = (clock.today() - timedelta(days=15)).replace(day=1)
        return [*_page(house.app.test_client(), office, month), *_export(house, office, month)]


def _office() -> Person:
    hospital = db.session.scalars(select(Organisation).where(Organisation.code == HOSPITAL)).one()
    return make_person(hospital, roles=[Role.MEDICAL_AFFAIRS])


def _page(client: FlaskClient, office: Person, month: date) -> list[Figure]:
    with client.session_transaction() as session:
        session[TOKEN] = console_token_of(office, Role.MEDICAL_AFFAIRS)
    for _warm in range(2):
        begun = time.process_time()
        with counted_statements() as statements:
            answer = client.get("/console/timesheets", query_string={"month": f"{month:%Y-%m}"})
        took = time.process_time() - begun
    verify(expected=200, found=answer.status_code, of="status of the page")
    after = [statement for statement in statements if "FROM sessions" not in statement]
    return [
        Figure(
            f"the month of {DISPATCHES:,} dispatches, statements of the page",
            str(len(after)),
            f"≤ {_MAXIMUM_STATEMENTS}",
            len(after) <= _MAXIMUM_STATEMENTS,
        ),
        Figure("  CPU without the database's, ms", f"{took * 1000:.0f}"),
    ]


def _export(house: House, office: Person, month: date) -> list[Figure]:
    actor = Actor(person_id=office.id, role=Role.MEDICAL_AFFAIRS, organisation_id=office.organisation_id)
    made = make_apart(request_month(actor, month).id, house)
    verify(expected=DISPATCHES, found=made.rows, of="rows of the file")
    return made.figures("  its export")
