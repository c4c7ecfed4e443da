"""A year is reconciled in one statement, and each way in which sums can disagree is found and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.subsidies.queries.reconciliation import Mismatch, StateSum, reconcile
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.reconciling import reconcile_recent
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.subsidies import make_claim, make_item, make_month, make_programme, make_rule

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    """A dispatch with a claim that is paid and one that waits."""
    sent = make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER, ends_on=date(2026, 12, 31))
    rule = make_rule(make_item(make_programme(county.bureau)))
    make_claim(sent, SEPTEMBER, rule=rule, status=ClaimStatus.PAID)
    make_claim(sent, OCTOBER, rule=rule, status=ClaimStatus.SUBMITTED)
    return sent


def test_a_year_is_told_by_state_with_what_is_granted_paid_and_owed_in_one_statement(
    county: County, dispatch: Dispatch
) -> None:
    with counted_statements() as statements:
        year = reconcile(2026, [county.hospital.id])
    assert len(statements) == 1
    assert year.by_state == {ClaimStatus.PAID: StateSum(1, 10000), ClaimStatus.SUBMITTED: StateSum(1, 10000)}
    assert (year.granted_fen, year.taken_back_fen, year.paid_fen, year.owed_fen) == (20000, 0, 10000, 10000)
    assert year.is_clean
    assert reconcile(2025).by_state == reconcile(2026, [county.foreign_hospital.id]).by_state == {}


@pytest.mark.parametrize(
    ("damage", "mismatch"),
    [
        ("UPDATE subsidy_claims SET total_fen = total_fen + 1 WHERE status = 'submitted'", Mismatch.CLAIM_TOTAL),
        (
            "UPDATE subsidy_claims SET status = 'paid', step = NULL, paid_at = now(), approved_at = now(), "
            "payment_id = (SELECT id FROM payments) WHERE status = 'submitted'",
            Mismatch.PAYMENT_TOTAL,
        ),
        (
            "UPDATE subsidy_claims SET status = 'paying', step = NULL, approved_at = now(), "
            "payment_id = (SELECT id FROM payments) WHERE status = 'submitted'",
            Mismatch.PAYMENT_STATE,
        ),
        ("UPDATE subsidy_lines SET in_force = false", Mismatch.IN_FORCE),
        (
            "UPDATE subsidy_claims SET timesheet_id = (SELECT id FROM timesheets WHERE status = 'submitted') "
            "WHERE status = 'submitted'",
            Mismatch.NOT_COUNTERSIGNED,
        ),
    ],
)
def test_what_does_not_agree_is_found_and_finance_is_told_once(
    county: County, dispatch: Dispatch, damage: str, mismatch: Mismatch
) -> None:
    finance = make_person(county.hospital, "钱会", roles=[Role.FINANCE])
    make_month(dispatch, date(2026, 11, 1), status=TimesheetStatus.SUBMITTED)
    db.session.execute(text(damage))

    found = reconcile_recent()[1]
    reconcile_recent()

    assert mismatch in {finding.mismatch for finding in found.findings}
    told = db.session.scalars(select(InboxItem).where(InboxItem.kind == NoticeKind.SUBSIDY_MISMATCH)).all()
    assert [item.person_id for item in told] == [finance.id]
    assert "find_subsidy_mismatch" in db.session.scalars(select(AuditEvent.action)).all()
