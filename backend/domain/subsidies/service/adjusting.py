"""Computing months again after amendments and evaluations: the old line is taken back whole, a new one granted.

Nothing that was computed is edited. The differences come into the person's next claim of the same hospital; where
none comes, into a claim of their own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update

from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.attendance.rules.weeks import first_of_weeks
from backend.domain.careers.rules.evaluations import PASSED
from backend.domain.organisations.queries import calendar_of
from backend.domain.subsidies.drafting.running import DueLine, Month, due_as_before
from backend.domain.subsidies.models.claims import SubsidyAdjustment, SubsidyClaim, SubsidyLine
from backend.domain.subsidies.rules.statuses import LineSort
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id

# An amended day belongs to a second month where its week ends in the next one. What was not paid because another
# posting of the month was, may be due once that was taken back or refused.
_RAISE = text("""
INSERT INTO subsidy_adjustments (id, timesheet_id, cause, source_id, raised_at)
SELECT uuidv7(), found.timesheet_id, found.cause, found.source_id, :now
FROM (
    SELECT touched.id AS timesheet_id, 'amendment' AS cause, a.id AS source_id
    FROM timesheet_amendments a
    JOIN timesheets t ON t.id = a.timesheet_id
    JOIN timesheets touched ON touched.dispatch_id = t.dispatch_id AND (touched.month = t.month
        OR touched.month BETWEEN a.duty_on AND a.duty_on + CAST(7 - extract(isodow FROM a.duty_on) AS integer))
    WHERE a.status = 'accepted'
    UNION ALL
    SELECT t.id, 'evaluation', e.id
    FROM evaluations e JOIN timesheets t ON t.dispatch_id = e.dispatch_id
    WHERE e.status = 'completed' AND e.grade = ANY(:passed)
    UNION ALL
    SELECT l.timesheet_id, 'amendment', taken.id
    FROM subsidy_lines l
    JOIN dispatches d ON d.person_id = l.person_id
    JOIN timesheets other ON other.dispatch_id = d.id AND other.month = l.month AND other.id <> l.timesheet_id
    JOIN subsidy_lines taken ON taken.timesheet_id = other.id AND taken.exclusion = l.exclusion
        AND CASE taken.sort WHEN 'reversal' THEN NOT taken.voided ELSE taken.voided AND taken.amount_fen > 0 END
    WHERE l.withheld = 'already_paid' AND NOT l.voided
) AS found
WHERE EXISTS (
    SELECT FROM subsidy_lines l JOIN subsidy_rules r ON r.id = l.rule_id
    WHERE l.timesheet_id = found.timesheet_id AND l.sort = 'grant' AND NOT l.voided
        AND (found.cause = 'amendment' OR r.needs_evaluation)
)
ON CONFLICT (timesheet_id, source_id) DO NOTHING""")

_WAITING = text("""
SELECT DISTINCT c.id AS claim_id, t.id AS timesheet_id, t.month, c.supporting_id
FROM subsidy_adjustments a
JOIN timesheets t ON t.id = a.timesheet_id
JOIN dispatches d ON d.id = t.dispatch_id
JOIN subsidy_claims c ON c.person_id = d.person_id AND c.supporting_id = d.supporting_id
WHERE a.claim_id IS NULL AND c.id = ANY(:claim_ids)
ORDER BY c.id, t.month, t.id""")

_PAID = text("""
SELECT l.id, l.item_id, l.amount_fen, CAST(l.halves AS text) AS halves, l.rule_id, l.person_id, l.month,
    l.timesheet_id, l.inputs, l.exclusion
FROM subsidy_lines l JOIN subsidy_items i ON i.id = l.item_id
WHERE l.timesheet_id = :timesheet_id AND l.in_force AND i.kind <> 'return_fare'""")

_WRITE = text("""
INSERT INTO subsidy_lines (id, claim_id, position, item_id, rule_id, person_id, month, timesheet_id, sort, amount_fen,
    inputs, withheld, exclusion, halves, in_force, reverses_id)
VALUES (:id, :claim_id, :position, :item_id, :rule_id, :person_id, :month, :timesheet_id, :sort, :amount_fen,
    CAST(:inputs AS jsonb), :withheld, :exclusion, CAST(:halves AS int4multirange), :in_force, :reverses_id)""")


@dataclass(frozen=True)
class Change:
    """How a month that was computed comes out now: what is taken back, and what is granted instead."""

    taken_back: Sequence[Any]
    granted: Sequence[DueLine]

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.taken_back or self.granted)


def raise_adjustments() -> None:
    """Note the months that an accepted amendment or a passed evaluation has touched since they were computed."""
    db.session.execute(_RAISE, {"now": clock.now(), "passed": sorted(PASSED)})


def take_in(claim_ids: Collection[UUID]) -> None:
    """Take the differences that wait for the people of these claims into them, and settle what changes nothing."""
    if not claim_ids:
        return
    for row in db.session.execute(_WAITING, {"claim_ids": list(claim_ids)}).all():
        month = Month(row.timesheet_id, row.month, row.supporting_id)
        if change := change_of(month):
            write_change(row.claim_id, change)
        settle(month.timesheet_id, row.claim_id)


def change_of(month: Month) -> Change:
    """Compute a month again, by the versions of rules that it was computed by and its days as they are now."""
    calendar = calendar_of(month.supporting_id, first_of_weeks(month.month), last_of_month(month.month))
    due = {line.item_id: line for line in due_as_before([month], calendar)}
    paid = {row.item_id: row for row in db.session.execute(_PAID, {"timesheet_id": month.timesheet_id})}
    changed = [
        item_id for item_id, line in due.items() if (line.amount_fen, line.halves) != _sum_and_time(paid.get(item_id))
    ]
    return Change([paid[item_id] for item_id in changed if item_id in paid], [due[item_id] for item_id in changed])


def write_change(claim_id: UUID, change: Change) -> None:
    """Write the lines of a change into a claim, and add them to its total."""
    ids = [line.id for line in change.taken_back]
    db.session.execute(update(SubsidyLine).where(SubsidyLine.id.in_(ids)).values(in_force=False))
    rows = [*_reversals(change), *_grants(change.granted)]
    write_lines(claim_id, rows)
    added = sum(row["amount_fen"] for row in rows)
    this = SubsidyClaim.id == claim_id
    db.session.execute(update(SubsidyClaim).where(this).values(total_fen=SubsidyClaim.total_fen + added))


def write_lines(claim_id: UUID, rows: Iterable[dict[str, Any]]) -> None:
    """Write lines at the end of a claim; its total is left as it is."""
    last = db.session.scalar(select(func.max(SubsidyLine.position)).where(SubsidyLine.claim_id == claim_id)) or 0
    placed = [row | {"claim_id": claim_id, "position": last + number} for number, row in enumerate(rows, 1)]
    if placed:
        db.session.execute(_WRITE, placed)


def settle(timesheet_id: UUID, claim_id: UUID) -> None:
    """Let nothing wait for a month any more: this claim has it."""
    waiting = SubsidyAdjustment.timesheet_id == timesheet_id, SubsidyAdjustment.claim_id.is_(None)
    db.session.execute(update(SubsidyAdjustment).where(*waiting).values(claim_id=claim_id))


def grant_row(line: DueLine) -> dict[str, Any]:
    """Return a line that is due as a row, all but its place in a claim."""
    return {
        "id": line.id,
        "item_id": line.item_id,
        "rule_id": line.rule_id,
        "person_id": line.person_id,
        "month": line.month,
        "timesheet_id": line.timesheet_id,
        "sort": LineSort.GRANT,
        "amount_fen": line.amount_fen,
        "inputs": json.dumps(line.inputs, ensure_ascii=False),
        "withheld": line.withheld,
        "exclusion": line.exclusion,
        "halves": line.halves,
        "in_force": not line.withheld,
        "reverses_id": None,
    }


def _grants(lines: Sequence[DueLine]) -> list[dict[str, Any]]:
    return [grant_row(line) for line in lines]


def _reversals(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "item_id": line.item_id,
            "rule_id": line.rule_id,
            "person_id": line.person_id,
            "month": line.month,
            "timesheet_id": line.timesheet_id,
            "sort": LineSort.REVERSAL,
            "amount_fen": -line.amount_fen,
            "inputs": json.dumps(line.inputs, ensure_ascii=False),
            "withheld": "",
            "exclusion": line.exclusion,
            "halves": None,
            "in_force": False,
            "reverses_id": line.id,
        }
        for line in change.taken_back
    ]


def _sum_and_time(line: Any) -> tuple[int, str | None]:
    return (line.amount_fen, line.halves) if line is not None else (0, None)
