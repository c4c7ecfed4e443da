"""What is left of the budgets of programmes, by year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select, tuple_
from sqlalchemy.orm import aliased

from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyItem, SubsidyProgramme
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db

SPENT: Final = (ClaimStatus.APPROVED, ClaimStatus.PAYING, ClaimStatus.PAID)
"""Claims that have used up a budget."""


@dataclass(frozen=True)
class Share:
    """What one claim takes from a budget, and what is left of that before it is approved."""

    claim_id: UUID
    programme_id: UUID
    programme: str
    year: int
    amount_fen: int
    left_fen: int

    @property
    def is_too_much(self) -> bool:
        """Tell whether it cannot be approved: what takes nothing can be, whatever is left."""
        return 0 < self.amount_fen > self.left_fen


def shares_of(claim_ids: Collection[UUID]) -> list[Share]:
    """Return what these claims take from each budget that there is, in one statement."""
    if not claim_ids:
        return []
    year = year_of(SubsidyClaim.month)
    parts = (
        select(SubsidyLine.claim_id, SubsidyItem.programme_id, year.label("year"))
        .add_columns(func.sum(SubsidyLine.amount_fen).label("amount_fen"))
        .join(SubsidyClaim, SubsidyClaim.id == SubsidyLine.claim_id)
        .join(SubsidyItem, SubsidyItem.id == SubsidyLine.item_id)
        .where(SubsidyLine.claim_id.in_(claim_ids))
        .group_by(SubsidyLine.claim_id, SubsidyItem.programme_id, year)
        .cte("parts")
    )
    line, claim, item = aliased(SubsidyLine), aliased(SubsidyClaim), aliased(SubsidyItem)
    spent_year = year_of(claim.month)
    spent = (
        select(item.programme_id, spent_year.label("year"), func.sum(line.amount_fen).label("fen"))
        .join(claim, claim.id == line.claim_id)
        .join(item, item.id == line.item_id)
        .where(
            claim.status.in_(SPENT),
            tuple_(item.programme_id, spent_year).in_(select(parts.c.programme_id, parts.c.year)),
        )
        .group_by(item.programme_id, spent_year)
        .cte("spent")
    )
    statement = (
        select(
            parts.c.claim_id,
            parts.c.programme_id,
            SubsidyProgramme.name,
            parts.c.year,
            parts.c.amount_fen,
            SubsidyBudget.amount_fen - func.coalesce(spent.c.fen, 0),
        )
        .join(
            SubsidyBudget, (SubsidyBudget.programme_id == parts.c.programme_id) & (SubsidyBudget.year == parts.c.year)
        )
        .join(SubsidyProgramme, SubsidyProgramme.id == parts.c.programme_id)
        .outerjoin(spent, (spent.c.programme_id == parts.c.programme_id) & (spent.c.year == parts.c.year))
        .order_by(parts.c.claim_id, SubsidyProgramme.name)
    )
    return [
        Share(claim_id, programme_id, name, of_year, int(amount_fen), int(left_fen))
        for claim_id, programme_id, name, of_year, amount_fen, left_fen in db.session.execute(statement)
    ]


def year_of(month: Any) -> ColumnElement[int]:
    """Return the year whose budget a month is charged to."""
    return cast(extract("year", month), Integer)
