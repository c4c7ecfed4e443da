"""Reconciling a year: what is paid, owed and taken back against the sum of the lines, in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db

SHOWN = 200
"""At most so many mismatches are named; `Reconciliation.found` counts all."""


class Mismatch(StrEnum):
    """What does not agree."""

    CLAIM_TOTAL = "claim_total"
    PAYMENT_TOTAL = "payment_total"
    PAYMENT_STATE = "payment_state"
    REVERSAL = "reversal"
    IN_FORCE = "in_force"
    PAID_TWICE = "paid_twice"
    NOT_COUNTERSIGNED = "not_countersigned"


MISMATCH_LABELS: Mapping[Mismatch, str] = {
    Mismatch.CLAIM_TOTAL: "申领合计与明细之和不符",
    Mismatch.PAYMENT_TOTAL: "发放金额与申领之和不符",
    Mismatch.PAYMENT_STATE: "申领状态与发放状态不符",
    Mismatch.REVERSAL: "冲回与原项目不符",
    Mismatch.IN_FORCE: "项目的效力与冲回、申领状态不符",
    Mismatch.PAID_TWICE: "同一时间重复发放",
    Mismatch.NOT_COUNTERSIGNED: "考勤表没有会签",
}


@dataclass(frozen=True)
class Finding:
    """Something that does not agree: of which claim, and the two sums or counts in fen that should be equal."""

    mismatch: Mismatch
    claim_id: UUID
    expected: int
    found: int

    @property
    def label(self) -> str:
        return MISMATCH_LABELS[self.mismatch]


@dataclass(frozen=True)
class StateSum:
    """How many claims stand so, and what they come to in fen."""

    claims: int
    total_fen: int


@dataclass(frozen=True)
class Reconciliation:
    """A year: sums by state, what was granted and taken back, what was paid, and all that does not agree."""

    year: int
    by_state: Mapping[ClaimStatus, StateSum]
    granted_fen: int  # by lines of claims that were not refused
    taken_back_fen: int  # below nothing
    paid_fen: int  # by payments that the bank made, of the claims of this year
    findings: Sequence[Finding]
    found: int

    @property
    def owed_fen(self) -> int:
        """What was granted, less what was taken back and paid."""
        return self.granted_fen + self.taken_back_fen - self.paid_fen

    @property
    def is_clean(self) -> bool:
        """Tell whether all sums agree."""
        return self.found == 0


_RECONCILE = text("""
WITH claims AS MATERIALIZED (
    SELECT c.id, c.status, c.total_fen, c.payment_id, c.timesheet_id, c.month FROM subsidy_claims c
    WHERE c.month >= :first AND c.month < :after
        AND (CAST(:organisation_ids AS uuid[]) IS NULL OR c.supporting_id = ANY(CAST(:organisation_ids AS uuid[])))
), lines AS MATERIALIZED (
    SELECT l.id, l.claim_id, c.status, l.sort, l.amount_fen, l.in_force, l.voided, l.reverses_id, l.person_id,
        l.item_id, l.rule_id, l.timesheet_id, l.exclusion, l.halves
    FROM claims c JOIN subsidy_lines l ON l.claim_id = c.id
), sums AS (
    SELECT claim_id, sum(amount_fen) AS total_fen,
        sum(amount_fen) FILTER (WHERE sort = 'grant' AND status <> 'rejected') AS granted_fen,
        sum(amount_fen) FILTER (WHERE sort = 'reversal' AND status <> 'rejected') AS taken_back_fen
    FROM lines GROUP BY claim_id
), paid AS MATERIALIZED (
    SELECT p.id, p.status, p.amount_fen, of_it.total_fen, of_it.claim_id
    FROM (SELECT DISTINCT payment_id FROM claims WHERE payment_id IS NOT NULL) AS these
    JOIN payments p ON p.id = these.payment_id
    JOIN (
        SELECT payment_id, sum(total_fen) AS total_fen, (array_agg(id))[1] AS claim_id
        FROM subsidy_claims WHERE payment_id IS NOT NULL GROUP BY payment_id
    ) AS of_it ON of_it.payment_id = p.id
), taking AS MATERIALIZED (
    SELECT DISTINCT reverses_id FROM subsidy_lines WHERE reverses_id IS NOT NULL AND NOT voided
), findings AS MATERIALIZED (
    SELECT 'claim_total' AS mismatch, c.id AS claim_id, coalesce(s.total_fen, 0) AS expected, c.total_fen AS found
    FROM claims c LEFT JOIN sums s ON s.claim_id = c.id WHERE c.total_fen <> coalesce(s.total_fen, 0)
    UNION ALL
    SELECT 'payment_total', claim_id, total_fen, amount_fen FROM paid WHERE amount_fen <> total_fen
    UNION ALL
    SELECT 'payment_state', c.id, c.total_fen, coalesce(p.amount_fen, 0)
    FROM claims c LEFT JOIN paid p ON p.id = c.payment_id
    WHERE c.status IN ('paying', 'paid') AND (p.status = 'paid') IS DISTINCT FROM (c.status = 'paid')
        OR c.status = 'paying' AND p.status IS DISTINCT FROM 'waiting'
    UNION ALL
    SELECT 'reversal', l.claim_id, -o.amount_fen, l.amount_fen
    FROM lines l JOIN subsidy_lines o ON o.id = l.reverses_id
    WHERE NOT l.voided AND (o.in_force OR (l.amount_fen, l.person_id, l.item_id, l.rule_id, l.timesheet_id)
        <> (-o.amount_fen, o.person_id, o.item_id, o.rule_id, o.timesheet_id))
    UNION ALL
    SELECT 'in_force', l.claim_id, CAST(NOT l.in_force AS integer), CAST(l.in_force AS integer)
    FROM lines l LEFT JOIN taking ON taking.reverses_id = l.id
    WHERE l.voided <> (l.status = 'rejected')
        OR l.in_force <> (l.sort = 'grant' AND l.amount_fen > 0 AND NOT l.voided AND taking.reverses_id IS NULL)
    UNION ALL
    SELECT 'paid_twice', l.claim_id, 0, l.amount_fen
    FROM lines l JOIN subsidy_lines o ON o.person_id = l.person_id AND o.exclusion = l.exclusion
    WHERE l.in_force AND o.in_force AND o.id < l.id AND o.halves && l.halves
    UNION ALL
    SELECT 'not_countersigned', c.id, 0, c.total_fen
    FROM claims c JOIN timesheets t ON t.id = c.timesheet_id WHERE t.status <> 'countersigned'
), states AS (
    SELECT status, count(*) AS claims, sum(total_fen) AS total_fen FROM claims GROUP BY status
)
SELECT
    (SELECT jsonb_object_agg(status, jsonb_build_array(claims, total_fen)) FROM states) AS by_state,
    (SELECT jsonb_build_array(coalesce(sum(granted_fen), 0), coalesce(sum(taken_back_fen), 0)) FROM sums) AS sums,
    (SELECT coalesce(sum(c.total_fen), 0) FROM claims c JOIN paid p ON p.id = c.payment_id WHERE p.status = 'paid')
        AS paid_fen,
    (SELECT jsonb_agg(jsonb_build_array(mismatch, claim_id, expected, found))
        FROM (SELECT * FROM findings ORDER BY mismatch, claim_id LIMIT :shown) AS named) AS findings,
    (SELECT count(*) FROM findings) AS found""")


def reconcile(year: int, organisation_ids: Collection[UUID] | None = None) -> Reconciliation:
    """Reconcile the claims of a year's months, of these supporting hospitals or of all, in one statement."""
    values = {
        "first": date(year, 1, 1),
        "after": date(year + 1, 1, 1),
        "organisation_ids": None if organisation_ids is None else list(organisation_ids),
        "shown": SHOWN,
    }
    row = db.session.execute(_RECONCILE, values).one()
    granted, taken_back = row.sums
    return Reconciliation(
        year=year,
        by_state={ClaimStatus(name): StateSum(*sums) for name, sums in (row.by_state or {}).items()},
        granted_fen=granted,
        taken_back_fen=taken_back,
        paid_fen=int(row.paid_fen),
        findings=[_finding(one) for one in row.findings or ()],
        found=row.found,
    )


def _finding(told: Sequence[Any]) -> Finding:
    mismatch, claim_id, expected, found = told
    return Finding(Mismatch(mismatch), UUID(claim_id), expected, found)
