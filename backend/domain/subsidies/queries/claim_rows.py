"""The statements behind a page of claims: what needs an eye is found for all of them, so that it can come first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Row,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased, joinedload

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.organisations.models import Setting
from backend.domain.organisations.queries.tree import lines_above
from backend.domain.subsidies.models.approvals import ApprovalStep
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyItem
from backend.domain.subsidies.queries.spending import shares_of
from backend.domain.subsidies.rules.amounts import withheld_text
from backend.domain.subsidies.rules.exceptions import (
    EXPLANATION_NOTED,
    QUIET,
    SCAN_NOTED,
    ClaimException,
    Noted,
    is_changed,
    note_budget,
    note_change,
    note_difference,
)
from backend.domain.subsidies.rules.statuses import ClaimStatus, LineSort
from backend.extensions import db

UNDECIDED: Final = (ClaimStatus.DRAFT, ClaimStatus.SUBMITTED, ClaimStatus.RETURNED)
"""Claims of which scan and budget are still asked."""
_A_MONTH: Final[ColumnElement[Any]] = literal_column("interval '1 month'")
_A_DAY: Final[ColumnElement[Any]] = literal_column("interval '1 day'")


@dataclass(frozen=True)
class ClaimRow:
    """A claim in a list: whose turn it is, what the month before came to, and what needs an eye."""

    claim: SubsidyClaim
    step_label: str | None
    last_month_fen: int | None
    exceptions: tuple[Noted, ...]

    @property
    def difference_fen(self) -> int | None:
        """Return how much it is above the month before."""
        return None if self.last_month_fen is None else self.claim.total_fen - self.last_month_fen


@dataclass(frozen=True)
class ClaimTotals:
    """What all claims of a filter come to, on this page and the others.

    `exceptional` are those that need an eye but for budgets, which are told claim by claim; `compared_fen` is the total
    of those that had a month before, which came to `last_month_fen`.
    """

    count: int = 0
    total_fen: int = 0
    exceptional: int = 0
    exceptional_fen: int = 0
    compared_fen: int = 0
    last_month_fen: int = 0

    @property
    def difference_fen(self) -> int:
        """Return how much the claims are above the month before, where there was one."""
        return self.compared_fen - self.last_month_fen


def read_rows(
    conditions: Sequence[ColumnElement[bool]], *, exceptions_first: bool = False, limit: int = 1, offset: int = 0
) -> tuple[list[ClaimRow], ClaimTotals]:
    """Return claims with what needs an eye, and what all that fulfil the conditions come to, in three statements."""
    statement = _flagged(conditions)
    order = [SubsidyClaim.month.desc(), SubsidyClaim.recipient_id, SubsidyClaim.id]
    if exceptions_first:
        order = [literal_column("exceptional").desc(), SubsidyClaim.month, SubsidyClaim.recipient_id, SubsidyClaim.id]
    ordered = statement.options(
        joinedload(SubsidyClaim.person), joinedload(SubsidyClaim.supporting), joinedload(SubsidyClaim.recipient)
    ).order_by(*order)
    rows = db.session.execute(ordered.limit(limit).offset(offset)).all()
    totals = _totals(rows[0]) if rows else _totals_alone(statement) if offset else ClaimTotals()
    return _with_exceptions(rows), totals


def scan_missing(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return the condition that keeps claims which pay for a month whose signed paper is asked for and not there.

    `conditions` are those of the claims that are asked about.
    """
    line, asked = aliased(SubsidyLine), _asked_for_scans(conditions)
    in_force = (
        select(asked.c.value)
        .where(
            asked.c.hospital_id == SubsidyClaim.supporting_id,
            asked.c.effective_on <= cast(line.month + _A_MONTH - _A_DAY, Date),
        )
        .order_by(asked.c.height, asked.c.effective_on.desc())
        .limit(1)
        .correlate(SubsidyClaim, line)
        .scalar_subquery()
    )
    # As a value, so that it is looked up sheet by sheet even where the planner knows nothing of the tables yet.
    scan_id = select(Timesheet.scan_id).where(Timesheet.id == line.timesheet_id).correlate(line).scalar_subquery()
    return exists().where(
        line.claim_id == SubsidyClaim.id,
        line.sort == LineSort.GRANT,
        line.amount_fen > 0,
        in_force == literal("是", JSONB),
        scan_id.is_(None),
    )


def _asked_for_scans(conditions: Sequence[ColumnElement[bool]]) -> CTE:
    """Select what was set about scans in the hospitals of claims and above them: a few rows, if any."""
    hospitals = select(SubsidyClaim.supporting_id).where(*conditions).distinct().correlate(None)
    above = lines_above(hospitals)
    return (
        select(above.c.of.label("hospital_id"), above.c.height, Setting.effective_on, Setting.value)
        .join(Setting, Setting.organisation_id == above.c.id)
        .where(Setting.key == "attendance.timesheet_needs_scan")
        .cte("asked_for_scans")
        .prefix_with("MATERIALIZED")
    )


def _flagged(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select claims with their flags, and the totals of all of them in each row."""
    told, before = _told_by_lines(), _month_before()
    found = (
        select(
            SubsidyClaim.id,
            SubsidyClaim.total_fen,
            (SubsidyClaim.explanation != "").label("explained"),
            and_(SubsidyClaim.status.in_(UNDECIDED), scan_missing(conditions)).label("scan_missing"),
            *(told.c.difference, told.c.withheld, before.c.last_month_fen),
        )
        .select_from(SubsidyClaim)
        .join(told, true())
        .join(before, true())
        .where(*conditions)
        .cte("flags")
        .prefix_with("MATERIALIZED")  # each flag is asked of each claim once
    )
    flags = found.c
    last = flags.last_month_fen
    changed = func.coalesce(func.abs(flags.total_fen - last) * 5 > func.abs(last), false())
    exceptional = or_(flags.difference, flags.withheld, flags.scan_missing, changed, flags.explained)
    step_label = (
        select(ApprovalStep.label)
        .where(ApprovalStep.chain_id == SubsidyClaim.chain_id, ApprovalStep.position == SubsidyClaim.step)
        .scalar_subquery()
    )
    return (
        select(SubsidyClaim, step_label.label("step_label"), last, flags.scan_missing)
        .add_columns(exceptional.label("exceptional"), *_sums(flags.total_fen, last, exceptional))
        .join_from(found, SubsidyClaim, SubsidyClaim.id == flags.id)
    )


def _sums(total: Any, last: Any, exceptional: ColumnElement[bool]) -> list[ColumnElement[Any]]:
    return [
        func.count().over().label("claims"),
        _sum(total).over().label("sum_fen"),
        func.count().filter(exceptional).over().label("exceptional_count"),
        _sum(total).filter(exceptional).over().label("exceptional_fen"),
        _sum(total).filter(last.is_not(None)).over().label("compared_fen"),
        _sum(last).over().label("last_fen"),
    ]


def _sum(column: Any) -> Any:
    return func.sum(column, type_=BigInteger)


def _told_by_lines() -> Any:
    line = aliased(SubsidyLine)
    difference = or_(line.sort == LineSort.REVERSAL, line.month != SubsidyClaim.month)
    withheld = line.withheld.not_in(("", *QUIET))
    return (
        select(
            func.coalesce(func.bool_or(difference), False).label("difference"),
            func.coalesce(func.bool_or(withheld), False).label("withheld"),
        )
        .where(line.claim_id == SubsidyClaim.id)
        .lateral("told")
    )


def _month_before() -> Any:
    earlier = aliased(SubsidyClaim)
    return (
        select(cast(func.sum(earlier.total_fen), BigInteger).label("last_month_fen"))
        .where(
            earlier.person_id == SubsidyClaim.person_id,
            earlier.month == cast(SubsidyClaim.month - _A_MONTH, Date),
            earlier.dispatch_id == SubsidyClaim.dispatch_id,
            earlier.status != ClaimStatus.REJECTED,
        )
        .lateral("month_before")
    )


def _totals(row: Row[Any]) -> ClaimTotals:
    sums = (row.sum_fen, row.exceptional_count, row.exceptional_fen, row.compared_fen, row.last_fen)
    return ClaimTotals(row.claims, *(int(value or 0) for value in sums))


def _totals_alone(statement: Select[Any]) -> ClaimTotals:
    row = db.session.execute(statement.limit(1)).first()
    return _totals(row) if row is not None else ClaimTotals()


def _with_exceptions(rows: Sequence[Row[Any]]) -> list[ClaimRow]:
    notes = _notes_of_lines({row[0].id: row[0] for row in rows})
    budgets = _notes_of_budgets([row[0].id for row in rows if row[0].status in UNDECIDED])
    return [
        ClaimRow(
            row[0],
            row.step_label,
            row.last_month_fen,
            (
                *notes[row[0].id],
                *((SCAN_NOTED,) if row.scan_missing else ()),
                *budgets[row[0].id],
                *_note_of_change(row[0].total_fen, row.last_month_fen),
                *((EXPLANATION_NOTED,) if row[0].explanation else ()),
            ),
        )
        for row in rows
    ]


def _note_of_change(total_fen: int, last_month_fen: int | None) -> tuple[Noted, ...]:
    if last_month_fen is None or not is_changed(total_fen, last_month_fen):
        return ()
    return (note_change(total_fen, last_month_fen),)


def _notes_of_lines(claims: dict[UUID, SubsidyClaim]) -> defaultdict[UUID, list[Noted]]:
    notes: defaultdict[UUID, list[Noted]] = defaultdict(list)
    if not claims:
        return notes
    statement = (
        select(SubsidyLine.claim_id, SubsidyLine.month, SubsidyLine.sort, SubsidyLine.amount_fen, SubsidyLine.withheld)
        .add_columns(SubsidyLine.inputs, SubsidyItem.name)
        .join(SubsidyItem, SubsidyItem.id == SubsidyLine.item_id)
        .where(SubsidyLine.claim_id.in_(claims))
        .order_by(SubsidyLine.claim_id, SubsidyLine.position)
    )
    of_earlier: defaultdict[UUID, list[int]] = defaultdict(list)
    for line in db.session.execute(statement):
        if line.sort is LineSort.REVERSAL or line.month != claims[line.claim_id].month:
            of_earlier[line.claim_id].append(line.amount_fen)
        if line.withheld and line.withheld not in QUIET:
            text = f"{line.name}未发：{withheld_text(line.inputs, line.withheld)}"
            notes[line.claim_id].append(Noted(ClaimException.WITHHELD, text))
    for claim_id, amounts in of_earlier.items():
        notes[claim_id].insert(0, note_difference(amounts))
    return notes


def _notes_of_budgets(claim_ids: Collection[UUID]) -> defaultdict[UUID, list[Noted]]:
    notes: defaultdict[UUID, list[Noted]] = defaultdict(list)
    for share in shares_of(claim_ids):
        if share.is_too_much:
            notes[share.claim_id].append(note_budget(share.programme, share.year, share.left_fen))
    return notes
