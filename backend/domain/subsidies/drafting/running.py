"""Running the statement of lines: to write claims with it, or to look at what would be due."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.domain.subsidies.drafting.lines import HOLDING, LINES_AS_BEFORE, LINES_ASSUMING, LINES_BY_DATE
from backend.extensions import db

_READ_COLUMNS = """SELECT id, timesheet_id, person_id, month, item_id, rule_id, exclusion, withheld, receipt_ids,
    amount_fen, CAST(halves AS text) AS halves, inputs FROM lines ORDER BY timesheet_id, position"""
_READ_BY_DATE = text(f"{LINES_ASSUMING} {_READ_COLUMNS}")
_READ_AS_BEFORE = text(f"{LINES_AS_BEFORE} {_READ_COLUMNS}")

_WRITE_CLAIMS = text(f"""{LINES_BY_DATE}, totals AS MATERIALIZED (
    SELECT uuidv7() AS claim_id, timesheet_id, sum(amount_fen) AS total_fen FROM lines GROUP BY timesheet_id
), claims AS (
    INSERT INTO subsidy_claims (id, kind, timesheet_id, dispatch_id, person_id, supporting_id, recipient_id, month,
        status, total_fen, drafted_at)
    SELECT t.claim_id, 'month', c.timesheet_id, c.dispatch_id, c.person_id, c.supporting_id, c.recipient_id, c.month,
        'draft', t.total_fen, :now
    FROM totals t JOIN chosen c USING (timesheet_id)
), kept AS (
    INSERT INTO subsidy_lines (id, claim_id, position, item_id, rule_id, person_id, month, timesheet_id, sort,
        amount_fen, inputs, withheld, exclusion, halves, in_force)
    SELECT l.id, t.claim_id, l.position, l.item_id, l.rule_id, l.person_id, l.month, l.timesheet_id, 'grant',
        l.amount_fen, l.inputs, l.withheld, l.exclusion, l.halves, l.withheld = ''
    FROM lines l JOIN totals t USING (timesheet_id)
), held AS (
    UPDATE subsidy_receipts r SET line_id = l.id
    FROM (SELECT id, unnest(receipt_ids) AS receipt_id FROM lines) AS l WHERE r.id = l.receipt_id
)
SELECT t.claim_id, c.person_id, c.month, t.total_fen, c.recipient_id
FROM totals t JOIN chosen c USING (timesheet_id)""")  # noqa: S608  (put together from constants)

# Countersigned months that no claim was ever drafted for and for which something is due: one of each person at a time.
_READY = text(f"""WITH RECURSIVE waiting AS MATERIALIZED (
    SELECT t.id, t.month, d.person_id, d.supporting_id, d.recipient_id
    FROM timesheets t JOIN dispatches d ON d.id = t.dispatch_id
    WHERE t.status = 'countersigned' AND NOT EXISTS (SELECT FROM subsidy_claims c WHERE c.timesheet_id = t.id)
), pairs AS MATERIALIZED (
    SELECT DISTINCT supporting_id, recipient_id, month FROM waiting
), {HOLDING}
SELECT DISTINCT ON (w.person_id) w.id, w.month, w.supporting_id
FROM waiting w JOIN (SELECT DISTINCT supporting_id, recipient_id, month FROM holding) AS h
    USING (supporting_id, recipient_id, month)
ORDER BY w.person_id, w.month, w.id LIMIT :limit""")  # noqa: S608


@dataclass(frozen=True)
class Month:
    """A countersigned month of a dispatch of a hospital."""

    timesheet_id: UUID
    month: date
    supporting_id: UUID


@dataclass(frozen=True)
class DraftedClaim:
    """A claim that was just drafted."""

    claim_id: UUID
    person_id: UUID
    recipient_id: UUID
    month: date
    total_fen: int


@dataclass(frozen=True)
class DueLine:
    """What would be a line of a claim; `halves` as PostgreSQL writes a multirange."""

    id: UUID
    timesheet_id: UUID
    person_id: UUID
    month: date
    item_id: UUID
    rule_id: UUID
    exclusion: str
    withheld: str
    amount_fen: int
    inputs: Mapping[str, Any]
    halves: str | None
    receipt_ids: Sequence[UUID] | None


@dataclass(frozen=True, kw_only=True)
class Otherwise:
    """How the rules would be otherwise: `without` these versions, `beside` them rows of `subsidy_rules`.

    `assumed` are lines that pay before these months do; `ignored` are months whose lines do not count.
    """

    without: Collection[UUID] = ()
    beside: Sequence[Mapping[str, Any]] = ()
    assumed: Sequence[DueLine] = ()
    ignored: Collection[UUID] = ()


def hold_drafting() -> None:
    """Let nobody else draft, adjust, void or move receipts until the commit: who comes second sees what was done."""
    db.session.flush()  # what follows is read by statements that do not know of the session
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('subsidy_drafting'))"))


def ready_months(limit: int) -> list[Month]:
    """Return countersigned months without a claim for which a rule is approved, one of each person at most."""
    values = {"limit": limit, "without": [], "beside": "[]"}
    return [Month(row.id, row.month, row.supporting_id) for row in db.session.execute(_READY, values)]


def write_claims(months: Sequence[Month], calendar: WorkingCalendar, now: datetime) -> list[DraftedClaim]:
    """Draft the claims of these months, one of each person at most, with their lines; return them."""
    if not months:
        return []
    values = _values(months, calendar) | {"now": now}
    return [
        DraftedClaim(row.claim_id, row.person_id, row.recipient_id, row.month, int(row.total_fen))
        for row in db.session.execute(_WRITE_CLAIMS, values)
    ]


def due_lines(
    months: Sequence[Month],
    calendar: WorkingCalendar,
    *,
    otherwise: Otherwise | None = None,
    only_fares: bool = False,
    held_tickets: bool = False,
) -> list[DueLine]:
    """Return what is due for these months by the rules that hold, one of each person at most; nothing is written.

    `only_fares` leaves what else the month pays as it stands; `held_tickets` looks at the receipts that lines of the
    month hold already, instead of those that wait.
    """
    values = _values(months, calendar, otherwise) | {"only_fares": only_fares, "held_tickets": held_tickets}
    return _due(_READ_BY_DATE, values) if months else []


def due_as_before(months: Sequence[Month], calendar: WorkingCalendar) -> list[DueLine]:
    """Return what is due for the days of these months by the versions of rules that computed them before."""
    return _due(_READ_AS_BEFORE, _values(months, calendar)) if months else []


def _due(statement: Any, values: Mapping[str, Any]) -> list[DueLine]:
    return [DueLine(**row) for row in db.session.execute(statement, values).mappings()]


def _values(months: Sequence[Month], calendar: WorkingCalendar, otherwise: Otherwise | None = None) -> dict[str, Any]:
    otherwise = otherwise or Otherwise()
    first = min((month.month for month in months), default=date.min + timedelta(days=7)) - timedelta(days=6)
    last = last_of_month(max((month.month for month in months), default=first))
    working = {day: calendar.is_working_day(day) for day in days_between(first, last)}
    return {
        "timesheet_ids": [month.timesheet_id for month in months],
        "first": first,
        "last": last,
        "free_days": [day for day, is_working in working.items() if is_working is False],
        "unknown_days": [day for day, is_working in working.items() if is_working is None],
        "without": list(otherwise.without),
        "beside": json.dumps(list(otherwise.beside), default=str),
        "assumed": json.dumps([_assumed(line) for line in otherwise.assumed if line.halves]),
        "ignored": list(otherwise.ignored),
        "only_fares": False,
        "held_tickets": False,
    }


def _assumed(line: DueLine) -> dict[str, Any]:
    return {
        "person_id": str(line.person_id),
        "exclusion": line.exclusion,
        "halves": line.halves,
        "timesheet_id": str(line.timesheet_id),
    }
