"""Drafting the claims of 20,000 countersigned months, against inserting the finished rows from where they lie."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from sqlalchemy import func, select, text

from backend.domain.attendance.rules.timesheets import last_of_month, month_of_day
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.domain.subsidies.drafting.running import hold_drafting, ready_months
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.service.drafting import draft, draft_claims
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction
from benchmarks.county import HOSPITAL, send_doctors
from benchmarks.figures import Broken, Figure, verify
from benchmarks.house import House
from tests.support.subsidies import make_item, make_programme, make_rule

MONTHS = 20_000
_LINES = 3
_ROUNDS = 3
_MOST = 3.0

_LIVE = (
    "UPDATE dispatches SET starts_on = :month",
    """INSERT INTO duty_shifts (dispatch_id, duty_on, shift, standing, working, concluded_at)
    SELECT d.id, day, shift, CASE WHEN hashtext(CAST(d.id AS text) || day) % 10 = 0 THEN 'not_checked_in'
        ELSE 'present' END, true, now()
    FROM dispatches d, unnest(CAST(:days AS date[])) AS day, unnest(ARRAY['morning', 'afternoon']) AS shift""",
    """INSERT INTO timesheets (id, dispatch_id, month, status, submitted_at, countersigned_at,
        countersigned_by_person_id, verification_code)
    SELECT uuidv7(), id, :month, 'countersigned', now(), now(), person_id, CAST(id AS text) FROM dispatches""",
    """INSERT INTO subsidy_receipts (id, dispatch_id, person_id, supporting_id, number, spent_on, amount_fen)
    SELECT uuidv7(), id, person_id, supporting_id, CAST(id AS text), :month, 3650 FROM dispatches""",
)
_STAGE = (
    "RESET ROLE",  # the application's may neither make tables nor empty them
    "CREATE TABLE IF NOT EXISTS staged_claims AS SELECT * FROM subsidy_claims",
    "CREATE TABLE IF NOT EXISTS staged_lines AS SELECT * FROM subsidy_lines",
    "CREATE TABLE IF NOT EXISTS staged_receipts AS SELECT * FROM subsidy_receipts",
)


def run(house: House) -> list[Figure]:
    """Draft the month of 20,000 people by three items, one of them by the week and one against receipts.

    Raises:
        Broken: a month has no claim, or a line is missing, or hardly anything is paid.
    """
    with house.app.app_context():
        send_doctors(MONTHS)
        month = last_month()
        live_month(month)
        approve_rules()
        house.tidy()
        drafted, copied = [], []
        for _ in range(_ROUNDS):
            _empty()
            drafted.append(_seconds(_draft))
            _verify()
            _empty()
            copied.append(_seconds(_copy))
        _empty()
        told = _seconds(lambda: draft_claims(MONTHS))
    ratio = median(ours / ceiling for ours, ceiling in zip(drafted, copied, strict=True))
    return [
        Figure(
            f"drafting {MONTHS:,} months, times INSERT … SELECT of the finished rows",
            f"{ratio:.1f}",
            f"≤ {_MOST:g}",
            ratio <= _MOST,
        ),
        Figure("  seconds, drafting / the ceiling", f"{median(drafted):.2f} / {median(copied):.2f}"),
        Figure("  seconds with a notice to each of them", f"{told:.2f}"),
    ]


def last_month() -> date:
    """Return the first day of the month that is over."""
    return month_of_day(month_of_day(clock.today()) - timedelta(days=1))


def live_month(month: date) -> None:
    """Let every doctor have lived a month that was countersigned, with a ticket of its first day; commit."""
    calendar = WorkingCalendar()
    days = [day for day in days_between(month, last_of_month(month)) if calendar.is_working_day(day)]
    for statement in _LIVE:
        db.session.execute(text(statement), {"month": month, "days": days})
    db.session.commit()


def approve_rules() -> None:
    """Let the hospital pay by the day, by the month and return fares."""
    programme = make_programme(db.session.scalars(select(Organisation).where(Organisation.code == HOSPITAL)).one())
    make_rule(make_item(programme), days_a_week=3, cap_days=22)
    make_rule(make_item(programme, ItemKind.PER_MONTH, priority=1), minimum_days=10)
    make_rule(make_item(programme, ItemKind.RETURN_FARE, priority=2), cap_fen=20000)


def _draft() -> None:
    with transaction():
        hold_drafting()
        draft(ready_months(MONTHS))


def _copy() -> None:
    """Insert the finished rows into the same tables: the same indexes, checks, exclusion and foreign keys."""
    db.session.execute(text("INSERT INTO subsidy_claims SELECT * FROM staged_claims"))
    db.session.execute(text("INSERT INTO subsidy_lines SELECT * FROM staged_lines"))
    db.session.commit()


def _verify() -> None:
    verify(expected=MONTHS, found=db.session.scalar(select(func.count(SubsidyClaim.id))) or 0, of="claims")
    verify(expected=MONTHS * _LINES, found=db.session.scalar(select(func.count(SubsidyLine.id))) or 0, of="lines")
    paying = db.session.scalar(select(func.count(SubsidyLine.id)).where(SubsidyLine.in_force)) or 0
    if paying < MONTHS * _LINES * 0.9:
        raise Broken(f"only {paying} lines pay")
    for statement in _STAGE:
        db.session.execute(text(statement))
    db.session.commit()


def _empty() -> None:
    db.session.execute(text("RESET ROLE"))
    db.session.execute(text("CREATE TABLE IF NOT EXISTS kept_receipts AS SELECT * FROM subsidy_receipts"))
    db.session.execute(text("TRUNCATE subsidy_claims, subsidy_lines, subsidy_receipts CASCADE"))
    db.session.execute(text("INSERT INTO subsidy_receipts SELECT * FROM kept_receipts"))
    db.session.commit()


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
