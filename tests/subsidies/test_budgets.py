"""Budgets: who sets them, what claims use of them, and the chart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.console.budgets.chart import chart_of
from backend.domain.subsidies.errors.rules import BudgetInvalid
from backend.domain.subsidies.models.programmes import SubsidyBudget, SubsidyProgramme, SubsidyRule
from backend.domain.subsidies.queries.budgets import BudgetOfYear, Use, budgets_of, get_budget
from backend.domain.subsidies.rules.statuses import ClaimStatus
from backend.domain.subsidies.service.budgets import set_budget
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, NotFound, StaleVersion
from backend.foundation.money import LARGEST_FEN
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.subsidies import DOCUMENT, make_claim, make_item, make_programme, make_rule

PAPER: dict[str, Any] = dict(DOCUMENT)
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def finance(county: County) -> Actor:
    return acting(make_person(county.hospital, "钱财务", roles=[Role.FINANCE]), Role.FINANCE)


@pytest.fixture
def rule(county: County) -> SubsidyRule:
    """Ten yuan a day: each claim of `make_claim` comes to 100 yuan."""
    return make_rule(make_item(make_programme(county.hospital)))


def claim_in(county: County, rule: SubsidyRule, month: date, status: ClaimStatus) -> None:
    doctor = make_person(county.hospital)
    dispatch = make_dispatch(doctor, county.township, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    make_claim(dispatch, month, status=status, rule=rule)


def test_what_waits_is_approved_and_is_paid_is_told_apart_by_month(
    county: County, finance: Actor, rule: SubsidyRule
) -> None:
    set_budget(finance, rule.item.programme_id, 2026, 50_000, **PAPER)
    for month, status in [
        (JANUARY, ClaimStatus.PAID),
        (JANUARY, ClaimStatus.PAYING),
        (JANUARY, ClaimStatus.SUBMITTED),
        (MARCH, ClaimStatus.APPROVED),
        (MARCH, ClaimStatus.SUBMITTED),
        (MARCH, ClaimStatus.DRAFT),
        (MARCH, ClaimStatus.RETURNED),
        (MARCH, ClaimStatus.REJECTED),
    ]:
        claim_in(county, rule, month, status)
    claim_in(county, make_rule(make_item(make_programme(county.hospital, "另一项目"))), MARCH, ClaimStatus.PAID)
    year = get_budget(finance, rule.item.programme_id, 2026)
    assert year.months[0] == Use(committed_fen=10_000, approved_fen=10_000, paid_fen=10_000)
    assert year.months[2] == Use(committed_fen=10_000, approved_fen=10_000)
    assert year.running[11] == year.total == Use(20_000, 20_000, 10_000)
    assert (year.left_fen, year.left_after_committed_fen) == (20_000, 0)
    assert get_budget(finance, rule.item.programme_id, 2025).total == Use()


def test_a_budget_is_changed_only_as_it_was_read(finance: Actor, rule: SubsidyRule) -> None:
    programme_id = rule.item.programme_id
    first = set_budget(finance, programme_id, 2026, 50_000, **PAPER)
    with pytest.raises(StaleVersion):
        set_budget(finance, programme_id, 2026, 60_000, **PAPER)
    second = set_budget(finance, programme_id, 2026, 60_000, **PAPER, version=first.version)
    with pytest.raises(StaleVersion):
        set_budget(finance, programme_id, 2026, 70_000, **PAPER, version=second.version - 1)
    assert [row.amount_fen for row in db.session.query(SubsidyBudget)] == [60_000]


@pytest.mark.parametrize(
    ("year", "fen", "document"),
    [
        (2026, -1, PAPER),
        (2026, LARGEST_FEN + 1, PAPER),
        (1999, 1, PAPER),
        (2026, 1, dict.fromkeys(PAPER, "")),
    ],
)
def test_what_makes_no_budget_is_refused(
    finance: Actor, rule: SubsidyRule, year: int, fen: int, document: dict[str, Any]
) -> None:
    with pytest.raises(BudgetInvalid):
        set_budget(finance, rule.item.programme_id, year, fen, **document)


def test_finance_sets_what_others_of_the_office_read(county: County, finance: Actor, rule: SubsidyRule) -> None:
    with pytest.raises(Forbidden):
        set_budget(county.office, rule.item.programme_id, 2026, 1, **PAPER)
    with pytest.raises(NotFound):
        set_budget(county.stranger, rule.item.programme_id, 2026, 1, **PAPER)
    above = make_programme(county.bureau, "县级补助")
    assert [one.programme.id for one in budgets_of(county.office, 2026)] == [above.id, rule.item.programme_id]
    with pytest.raises(Forbidden):
        set_budget(finance, above.id, 2026, 1, **PAPER)
    with pytest.raises(Forbidden):
        budgets_of(county.visitor, 2026)


def year_of(amount_fen: int | None, *months: Use) -> BudgetOfYear:
    budget = None if amount_fen is None else SubsidyBudget(amount_fen=amount_fen)
    return BudgetOfYear(SubsidyProgramme(name="补助"), 2026, budget, (*months, *[Use()] * (12 - len(months))))


def test_columns_stand_on_each_other_and_reach_the_budget_when_it_is_used_up() -> None:
    chart = chart_of(year_of(60_000, Use(paid_fen=20_000), Use(10_000, 10_000, 20_000)), 2)
    assert [bar.part for bar in chart.bars] == ["paid", "paid", "approved", "committed"]
    paid, approved, committed = chart.bars[1:]
    assert (approved.y + approved.height, committed.y + committed.height) == pytest.approx(
        (paid.y, approved.y), abs=0.2
    )
    assert committed.y == pytest.approx(chart.budget_y, abs=0.2)
    assert chart.bars[0].height * 2 == pytest.approx(paid.height, abs=0.2)


def test_a_chart_without_sums_or_budget_still_has_its_lines() -> None:
    chart = chart_of(year_of(None), 12)
    assert (chart.bars, chart.budget_y) == ((), None)
    assert [tick.label for tick in chart.ticks] == ["0 元", "1 元"]
    assert chart_of(year_of(20_000_000), 12).ticks[-1].label == "20 万元"
