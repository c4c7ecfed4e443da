"""The approval desk with 5,000 claims waiting: statements after the session's own; and the year reconciled."""

from __future__ import annotations

import time
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from backend.console.gate import TOKEN
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.queries.reconciliation import reconcile
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.drafting import draft_claims
from backend.extensions import db
from backend.foundation.actor import Role
from benchmarks.county import HOSPITAL, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House
from benchmarks.subsidy_drafting import approve_rules, last_month, live_month
from tests.support.accounts import console_token_of
from tests.support.factories import make_person
from tests.support.rollback import Client
from tests.support.statements import counted_statements
from tests.support.subsidies import make_chain

WAITING = 5_000
_ROUNDS = 5
_MOST = 5
_HAND_IN = """UPDATE subsidy_claims
SET status = 'submitted', step = 1, round = 1, submitted_at = now(), chain_id = :chain_id, version = version + 1"""


def run(house: House) -> list[Figure]:
    """Open the desk as medical affairs do, then reconcile the year of all that waits.

    Raises:
        Broken: something is missing on the desk, or the year does not agree.
    """
    house.app.test_client_class = Client
    with house.app.app_context():
        send_doctors(WAITING)
        live_month(last_month())
        approve_rules()
        draft_claims(WAITING)
        hospital = db.session.scalars(select(Organisation).where(Organisation.code == HOSPITAL)).one()
        db.session.execute(text(_HAND_IN), {"chain_id": make_chain(hospital).id})
        db.session.commit()
        house.tidy()
        client = house.app.test_client()
        token = console_token_of(make_person(hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
        with client.session_transaction() as session:
            session[TOKEN] = token
        return [*_desk(client), *_year()]


def _desk(client: FlaskClient) -> list[Figure]:
    took = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        with counted_statements() as statements:
            answer = client.get("/console/claims")
        took.append(time.perf_counter() - begun)
    verify(expected=200, found=answer.status_code, of="status of the page")
    verify(expected=1, found=int(f"{WAITING:,}" in answer.text or str(WAITING) in answer.text), of="totals of all")
    after = [statement for statement in statements if "FROM sessions" not in statement]
    return [
        Figure(
            f"the desk with {WAITING:,} waiting, statements of the page",
            str(len(after)),
            f"≤ {_MOST}",
            len(after) <= _MOST,
        ),
        Figure("  its seconds", f"{median(took):.2f}"),
    ]


def _year() -> list[Figure]:
    claims = db.session.scalar(select(func.count(SubsidyClaim.id))) or 0
    begun = time.perf_counter()
    with counted_statements() as statements:
        year = reconcile(last_month().year)
    took = time.perf_counter() - begun
    verify(expected=claims, found=year.by_state[ClaimStatus.SUBMITTED].claims, of="claims of the year")
    verify(expected=0, found=year.found, of="mismatches")
    return [
        Figure(f"reconciling {claims:,} claims, statements", str(len(statements)), "≤ 1", len(statements) == 1),
        Figure("  its seconds", f"{took:.2f}"),
    ]
