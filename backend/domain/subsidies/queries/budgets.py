"""Reading budgets: what is committed, approved and paid of each, by programme, year and month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from uuid import UUID

from sqlalchemy import extract, func, select

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import require_list_right
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyItem, SubsidyProgramme
from backend.domain.subsidies.queries.rules import programmes_in_sight, require_programme_right
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound

_COMMITTED, _APPROVED, _PAID = "committed_fen", "approved_fen", "paid_fen"
_CHARGED_AS = {
    ClaimStatus.SUBMITTED: _COMMITTED,
    ClaimStatus.APPROVED: _APPROVED,
    ClaimStatus.PAYING: _APPROVED,
    ClaimStatus.PAID: _PAID,
}


@dataclass(frozen=True)
class Use:
    """Fen of claims that wait for decisions, that are approved and not paid, and that are paid."""

    committed_fen: int = 0
    approved_fen: int = 0
    paid_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.committed_fen + self.approved_fen + self.paid_fen

    @property
    def spent_fen(self) -> int:
        """What the budget cannot give again: approved, whether paid or not."""
        return self.approved_fen + self.paid_fen

    def __add__(self, other: Use) -> Use:
        return Use(
            self.committed_fen + other.committed_fen,
            self.approved_fen + other.approved_fen,
            self.paid_fen + other.paid_fen,
        )


@dataclass(frozen=True)
class BudgetOfYear:
    """A programme in a year: its budget, if one is set, and what each month's claims used of it."""

    programme: SubsidyProgramme
    year: int
    budget: SubsidyBudget | None
    months: tuple[Use, ...]  # twelve

    @property
    def total(self) -> Use:
        return sum(self.months, Use())

    @property
    def running(self) -> tuple[Use, ...]:
        """What was used up to and with each month."""
        return tuple(accumulate(self.months))

    @property
    def amount_fen(self) -> int | None:
        return self.budget.amount_fen if self.budget else None

    @property
    def left_fen(self) -> int | None:
        """What can still be approved: claims that wait have not used anything up yet."""
        return None if self.amount_fen is None else self.amount_fen - self.total.spent_fen

    @property
    def left_after_committed_fen(self) -> int | None:
        """What would be left if all that waits were approved."""
        return None if self.left_fen is None else self.left_fen - self.total.committed_fen


def budgets_of(actor: Actor, year: int) -> list[BudgetOfYear]:
    """Return the programmes whose rules hold for the actor's organisation, a bureau's also below it, in a year.

    Raises:
        Forbidden: the current role reads no budgets.
    """
    parties = require_list_right(actor, Action.READ, Resource.SUBSIDY_BUDGET)
    statement = (
        select(SubsidyProgramme)
        .join(SubsidyProgramme.organisation)
        .where(programmes_in_sight(actor, parties))
        .order_by(Organisation.code, SubsidyProgramme.name)
    )
    return _of_year(list(db.session.scalars(statement)), year)


def get_budget(actor: Actor, programme_id: UUID, year: int, action: Action = Action.READ) -> BudgetOfYear:
    """Return a programme in a year.

    Raises:
        NotFound, Forbidden: its budget is not the actor's to read, or to set.
    """
    programme = db.session.get(SubsidyProgramme, programme_id)
    if programme is None:
        raise NotFound
    require_programme_right(actor, action, programme.organisation_id, Resource.SUBSIDY_BUDGET)
    return _of_year([programme], year)[0]


def uses_of(programme_ids: Collection[UUID], year: int) -> Mapping[tuple[UUID, int], Use]:
    """Return what the claims of a year's months use of these programmes, by programme and month, in one statement."""
    month = extract("month", SubsidyClaim.month)
    statement = (
        select(SubsidyItem.programme_id, month, SubsidyClaim.status, func.sum(SubsidyLine.amount_fen))
        .select_from(SubsidyClaim)
        .join(SubsidyLine, SubsidyLine.claim_id == SubsidyClaim.id)
        .join(SubsidyItem, SubsidyItem.id == SubsidyLine.item_id)
        .where(
            SubsidyClaim.month.between(date(year, 1, 1), date(year, 12, 1)),
            SubsidyClaim.status.in_(_CHARGED_AS),
            SubsidyItem.programme_id.in_(programme_ids),
        )
        .group_by(SubsidyItem.programme_id, month, SubsidyClaim.status)
    )
    found: dict[tuple[UUID, int], Use] = {}
    for programme_id, number, status, fen in db.session.execute(statement):
        key = programme_id, int(number)
        found[key] = found.get(key, Use()) + Use(**{_CHARGED_AS[status]: int(fen)})
    return found


def _of_year(programmes: Sequence[SubsidyProgramme], year: int) -> list[BudgetOfYear]:
    ids = [programme.id for programme in programmes]
    uses = uses_of(ids, year)
    statement = select(SubsidyBudget).where(SubsidyBudget.programme_id.in_(ids), SubsidyBudget.year == year)
    budgets = {budget.programme_id: budget for budget in db.session.scalars(statement)}
    return [
        BudgetOfYear(
            programme,
            year,
            budgets.get(programme.id),
            tuple(uses.get((programme.id, month), Use()) for month in range(1, 13)),
        )
        for programme in programmes
    ]
