"""Terms of rules: what fits which item, whole months, and which version ends which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import (
    Months,
    RuleTerms,
    condition_texts,
    ended_by,
    gap_after,
    sum_text,
    why_not_months,
    why_not_terms,
)

PER_DAY, PER_MONTH, FARE = ItemKind
JANUARY, MARCH, JUNE, OCTOBER = (date(2026, month, 1) for month in (1, 3, 6, 10))


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        (PER_DAY, {"amount_fen": 1000}),
        (PER_DAY, {"amount_fen": 1000, "cap_days": 22, "cap_fen": 22000, "days_a_week": 3, "minimum_days": 3}),
        (PER_MONTH, {"amount_fen": 60001, "minimum_days": 10, "needs_evaluation": True}),
        (FARE, {"interval_months": 2}),
        (FARE, {"interval_months": 12, "cap_fen": 30000}),
    ],
)
def test_these_terms_hold_together(kind: ItemKind, terms: dict[str, Any]) -> None:
    assert why_not_terms(kind, RuleTerms(**terms)) is None


@pytest.mark.parametrize(
    ("kind", "terms", "field"),
    [
        (PER_DAY, {}, "amount_fen"),
        (PER_DAY, {"amount_fen": -1000}, "amount_fen"),
        (PER_DAY, {"amount_fen": 1001}, "amount_fen"),  # half a day would not be whole fen
        (PER_DAY, {"amount_fen": 1000, "interval_months": 2}, "interval_months"),
        (PER_DAY, {"amount_fen": 1000, "cap_days": 32}, "cap_days"),
        (PER_DAY, {"amount_fen": 1000, "cap_days": 3, "minimum_days": 4}, "cap_days"),
        (PER_MONTH, {"amount_fen": 60000, "cap_fen": 1}, "cap_fen"),
        (PER_MONTH, {"amount_fen": 60000, "days_a_week": 8}, "days_a_week"),
        (PER_MONTH, {"amount_fen": 10**9}, "amount_fen"),
        (FARE, {}, "interval_months"),
        (FARE, {"interval_months": 13}, "interval_months"),
        (FARE, {"interval_months": 2, "amount_fen": 5000}, "amount_fen"),
        (FARE, {"interval_months": 2, "cap_fen": 0}, "cap_fen"),
    ],
)
def test_what_does_not_fit_is_named(kind: ItemKind, terms: dict[str, Any], field: str) -> None:
    wrong = why_not_terms(kind, RuleTerms(**terms))
    assert wrong is not None
    assert wrong[0] == field


def test_rules_hold_for_whole_months() -> None:
    assert why_not_months(MARCH, None) is None
    assert why_not_months(MARCH, JUNE) is None
    assert (why_not_months(date(2026, 3, 2), None) or ("",))[0] == "starts_on"
    assert (why_not_months(MARCH, MARCH) or ("",))[0] == "until"
    assert (why_not_months(MARCH, date(2026, 6, 2)) or ("",))[0] == "until"


def test_months_are_said_with_the_last_one() -> None:
    assert Months(MARCH, None).text() == "2026年3月起"
    assert Months(MARCH, JUNE).text() == "2026年3月至2026年5月"
    assert Months(date(2025, 12, 1), JANUARY).text() == "2025年12月"


def test_a_version_that_begins_later_ends_the_one_before() -> None:
    assert ended_by(Months(JANUARY, None), Months(JUNE, None)) == Months(JANUARY, JUNE)
    assert ended_by(Months(JANUARY, OCTOBER), Months(JUNE, None)) == Months(JANUARY, JUNE)


def test_versions_that_do_not_meet_leave_each_other_alone() -> None:
    assert ended_by(Months(JANUARY, JUNE), Months(JUNE, None)) == Months(JANUARY, JUNE)
    assert ended_by(Months(JUNE, None), Months(JANUARY, JUNE)) == Months(JUNE, None)


@pytest.mark.parametrize("later", [Months(JUNE, None), Months(MARCH, None), Months(MARCH, date(2026, 7, 1))])
def test_whatever_else_would_change_months_of_a_version_that_stands(later: Months) -> None:
    assert ended_by(Months(JUNE, OCTOBER), later) is None


def test_a_version_that_ends_sooner_leaves_months_that_nothing_pays() -> None:
    assert gap_after(Months(JANUARY, None), Months(MARCH, JUNE)) == Months(JUNE, None)
    assert gap_after(Months(JANUARY, OCTOBER), Months(MARCH, JUNE)) == Months(JUNE, OCTOBER)
    assert gap_after(Months(JANUARY, JUNE), Months(MARCH, OCTOBER)) is None
    assert gap_after(Months(JANUARY, None), Months(MARCH, None)) is None


def test_terms_are_said_in_words() -> None:
    terms = RuleTerms(amount_fen=1000, cap_days=22, days_a_week=3)
    assert sum_text(PER_DAY, terms) == "每天 10.00 元"
    assert "每月最多计 22 天" in condition_texts(PER_DAY, terms)
    assert sum_text(FARE, RuleTerms(interval_months=2)) == "每 2 个月报销一次往返路费"
    assert condition_texts(FARE, RuleTerms(interval_months=2, cap_fen=30000)) == (
        "凭票据据实报销",
        "每次最多 300.00 元",
    )
