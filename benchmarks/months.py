"""The month of 2,000 dispatches: statements of the office's page, and memory of the job that exports it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

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
from benchmarks.figures import Figure, peak_megabytes, verify
from benchmarks.house import House
from dev.places import ROOT
from tests.support.accounts import console_token_of
from tests.support.factories import make_person
from tests.support.rollback import Client
from tests.support.statements import counted_statements

DISPATCHES = 2000
_MAXIMUM_STATEMENTS = 5
_MAXIMUM_MEGABYTES = 60


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
    export_id = request_month(actor, month).id
    measured = _measure_apart(export_id, house.environment)
    verify(expected=DISPATCHES, found=measured["rows"], of="rows of the file")
    megabytes = measured["megabytes"]
    return [
        Figure(
            "  its export, MB above idle",
            f"{megabytes:.0f}",
            f"≤ {_MAXIMUM_MEGABYTES}",
            megabytes <= _MAXIMUM_MEGABYTES,
        ),
        Figure("  its export, seconds", f"{measured['seconds']:.1f}"),
    ]


def _measure_apart(export_id: UUID, environment: Mapping[str, str]) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.months", str(export_id)],
        env=dict(environment),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    measured: dict[str, Any] = json.loads(child.stdout)
    return measured


def _measure(export_id: UUID) -> dict[str, Any]:
    from sqlalchemy import text  # noqa: PLC0415  (what is idle includes what the application imports)

    from backend.app import create_app  # noqa: PLC0415
    from backend.domain.exports.models import Export  # noqa: PLC0415
    from backend.jobs.exports import make_export  # noqa: PLC0415

    with create_app().app_context():
        db.session.execute(text("SELECT 1"))
        idle = peak_megabytes()
        begun = time.perf_counter()
        make_export(str(export_id))
        seconds = time.perf_counter() - begun
        peak = peak_megabytes()
        rows = db.session.get_one(Export, export_id).rows
        return {"seconds": seconds, "megabytes": peak - idle, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(_measure(UUID(sys.argv[1]))))
