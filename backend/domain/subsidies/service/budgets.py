"""Budgets: what a programme may spend on the months of a year, with its document."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.subsidies.errors.rules import BudgetInvalid
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyProgramme
from backend.domain.subsidies.queries.rules import require_programme_right
from backend.domain.subsidies.rules.terms import why_not_document
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import NotFound, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.money import LARGEST_FEN
from backend.foundation.transaction import refusals, transaction


def set_budget(
    actor: Actor,
    programme_id: UUID,
    year: int,
    amount_fen: int,
    *,
    document_title: str,
    document_number: str,
    version: int | None = None,
) -> SubsidyBudget:
    """Set or change what a programme may spend in a year; `version` is of the budget that was read, None for none.

    Raises:
        NotFound, Forbidden: it is not the actor's programme to set a budget for.
        BudgetInvalid: the sum, the year or the document makes no budget.
        StaleVersion: it was set or changed since it was read.
    """
    with transaction() as session:
        programme = db.session.get(SubsidyProgramme, programme_id)
        if programme is None:
            raise NotFound
        require_programme_right(actor, Action.WRITE, programme.organisation_id, Resource.SUBSIDY_BUDGET)
        _require_budget(year, amount_fen, document_title, document_number)
        budget = _budget_as_read(programme_id, year, version)
        before = budget.amount_fen
        budget.amount_fen = amount_fen
        budget.document_title, budget.document_number = document_title.strip(), document_number.strip()
        budget.set_by_person_id, budget.set_at = actor.person_id, clock.now()
        with refusals({"subsidy_budgets_programme_id_year_key": StaleVersion}):
            session.add(budget)
        record_event(
            actor,
            "set_budget",
            "subsidy_budget",
            budget.id,
            organisation_id=programme.organisation_id,
            year=year,
            before_fen=before,
            amount_fen=amount_fen,
        )
        return budget


def _budget_as_read(programme_id: UUID, year: int, version: int | None) -> SubsidyBudget:
    statement = select(SubsidyBudget).where(SubsidyBudget.programme_id == programme_id, SubsidyBudget.year == year)
    budget = db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if (budget.version if budget else None) != version:
        raise StaleVersion
    if budget is None:
        return SubsidyBudget(id=new_id(), programme_id=programme_id, year=year, version=1)
    budget.version += 1
    return budget


def _require_budget(year: int, amount_fen: int, title: str, number: str) -> None:
    wrong = why_not_document(title, number)
    if not 2000 <= year <= 2099:
        wrong = "year", "请填写2000年至2099年的年度。"
    elif not 0 <= amount_fen <= LARGEST_FEN:
        wrong = "amount", "预算金额不能小于0，也不能大得不合常理。"
    if wrong is not None:
        name, text = wrong
        raise BudgetInvalid(text, fields={name: [text]})
