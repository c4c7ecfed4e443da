"""Today's board with 1,000 people sent out: statements after the session's own, and CPU of the page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import select

from backend.console.gate import TOKEN
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation.actor import Role
from benchmarks.county import HOSPITAL, keep_taps, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House
from tests.support.accounts import console_token_of
from tests.support.factories import make_person
from tests.support.rollback import Client
from tests.support.statements import counted_statements

PEOPLE = 1000
_ROUNDS = 5
_MAXIMUM_STATEMENTS = 3
_PAGE: Mapping[str, str] = {}
_REFRESH = {"HX-Request": "true", "HX-Target": "board"}


def run(house: House) -> list[Figure]:
    """Ask for the page as the office does, then for the part that refreshes itself.

    Raises:
        Broken: the board does not show everybody.
    """
    house.app.test_client_class = Client
    with house.app.app_context():
        send_doctors(PEOPLE)
        keep_taps(days_ago=range(5))
        house.tidy()
        client = house.app.test_client()
        _log_in(client)
        return [*_figures(client, "page", _PAGE), *_figures(client, "refresh", _REFRESH)]


def _log_in(client: FlaskClient) -> None:
    hospital = db.session.scalars(select(Organisation).where(Organisation.code == HOSPITAL)).one()
    token = console_token_of(make_person(hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
    with client.session_transaction() as session:
        session[TOKEN] = token


def _figures(client: FlaskClient, name: str, headers: Mapping[str, str]) -> list[Figure]:
    took = []
    for _ in range(_ROUNDS):
        begun = time.process_time()
        with counted_statements() as statements:
            answer = client.get("/console/today", headers=dict(headers))
        took.append(time.process_time() - begun)
    verify(expected=200, found=answer.status_code, of="status of the page")
    verify(expected=1, found=answer.text.count(f"<b>{PEOPLE}</b> 人"), of="boards that show everybody")
    after = [statement for statement in statements if "FROM sessions" not in statement]
    return [
        Figure(
            f"today for {PEOPLE:,} people, statements of the {name}",
            str(len(after)),
            f"≤ {_MAXIMUM_STATEMENTS}",
            len(after) <= _MAXIMUM_STATEMENTS,
        ),
        Figure("  CPU without the database's, ms", f"{median(took) * 1000:.0f}"),
    ]
