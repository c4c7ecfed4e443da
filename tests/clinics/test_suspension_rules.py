"""Three no-shows in ninety days suspend booking by phone for thirty, where a document says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from backend.domain.clinics.rules.suspension import NoShow, SuspensionTerms, suspended_until

TERMS = SuspensionTerms(noshows=3, within_days=90, for_days=30)
FIRST = date(2026, 3, 2)


def missed(*days_later: int) -> list[NoShow]:
    """Return no-shows so many days after the first, each marked on its day."""
    days = [FIRST + timedelta(days=later) for later in days_later]
    return [NoShow(day, day) for day in days]


def test_two_suspend_nothing() -> None:
    assert suspended_until(missed(0, 10), TERMS) is None


def test_the_third_suspends_for_thirty_days_from_its_mark() -> None:
    assert suspended_until(missed(0, 10, 20), TERMS) == FIRST + timedelta(days=50)
    late = [*missed(0, 10), NoShow(FIRST + timedelta(days=20), FIRST + timedelta(days=25))]
    assert suspended_until(late, TERMS) == FIRST + timedelta(days=55)


@pytest.mark.parametrize(("last", "suspended"), [(89, True), (90, False)])
def test_the_window_is_ninety_days_the_last_included(last: int, suspended: bool) -> None:
    assert (suspended_until(missed(0, 1, last), TERMS) is not None) is suspended


def test_a_fourth_begins_the_thirty_days_anew() -> None:
    assert suspended_until(missed(0, 10, 20, 60), TERMS) == FIRST + timedelta(days=90)


def test_the_order_in_which_they_were_marked_does_not_matter() -> None:
    assert suspended_until(reversed(missed(0, 10, 20)), TERMS) == FIRST + timedelta(days=50)


@pytest.mark.parametrize("unset", ["noshows", "within_days", "for_days"])
def test_without_a_document_nobody_is_suspended(unset: str) -> None:
    assert suspended_until(missed(0, 1, 2, 3), replace(TERMS, **{unset: None})) is None
