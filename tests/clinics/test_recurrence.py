"""Days on which clinics come out of a pattern: weekdays, single dates, and market days of the lunar calendar."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from backend.domain.clinics.rules.recurrence import (
    BRANCHES,
    MarketBranches,
    MarketDigits,
    Recurrence,
    SingleDates,
    Weekly,
    branch_of,
    days_of,
    lunar_day,
    lunar_label,
)

FIRST, LAST = date(2026, 11, 9), date(2026, 12, 8)  # the tenth lunar month of 2026, which has thirty days


def days(recurrence: Recurrence, *without: date) -> list[str]:
    return [f"{day.month}-{day.day}" for day in days_of(recurrence, FIRST, LAST, without=without)]


def test_the_spring_festival_is_the_first_of_the_first_month() -> None:
    for day in (date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6)):
        assert lunar_day(day) == 1


def test_a_market_that_falls_on_threes_and_eights_is_held_six_times_in_a_lunar_month() -> None:
    assert days(MarketDigits(frozenset({3, 8}))) == ["11-11", "11-16", "11-21", "11-26", "12-1", "12-6"]


def test_a_market_on_tens_is_held_on_the_tenth_the_twentieth_and_the_thirtieth() -> None:
    assert days(MarketDigits(frozenset({0}))) == ["11-18", "11-28", "12-8"]


def test_a_short_lunar_month_has_no_thirtieth() -> None:
    month = days_of(MarketDigits(frozenset({0})), date(2027, 1, 8), date(2027, 2, 5))  # the twelfth month of 2026
    assert [lunar_day(day) for day in month] == [10, 20]


def test_market_days_go_on_over_a_leap_month() -> None:
    span = days_of(MarketDigits(frozenset({5})), date(2025, 7, 25), date(2025, 8, 22))  # the second sixth month
    assert [str(day) for day in span] == ["2025-07-29", "2025-08-08", "2025-08-18"]


def test_a_market_by_branches_returns_every_twelve_days() -> None:
    horse = days_of(MarketBranches(frozenset("午")), date(2026, 1, 1), date(2026, 12, 31))
    assert {(after - before).days for before, after in itertools.pairwise(horse)} == {12}
    assert branch_of(date(1949, 10, 1)) == "子"  # 甲子
    assert branch_of(date(2024, 2, 10)) == "辰"  # 甲辰
    assert {branch_of(FIRST + timedelta(days=offset)) for offset in range(12)} == set(BRANCHES)


def test_weekdays_and_single_dates_come_out_in_their_order_without_those_left_out() -> None:
    assert days(Weekly(frozenset({3, 5})), date(2026, 11, 11)) == [
        *("11-13", "11-18", "11-20", "11-25", "11-27", "12-2", "12-4"),
    ]
    assert days(SingleDates(frozenset({date(2026, 12, 1), date(2026, 11, 10), date(2027, 1, 1)}))) == ["11-10", "12-1"]


@pytest.mark.parametrize(
    ("recurrence", "label"),
    [
        (Weekly(frozenset({5, 3})), "每周三、周五"),
        (MarketDigits(frozenset({8, 3})), "农历逢三、逢八"),
        (MarketDigits(frozenset({0, 5})), "农历逢五、逢十"),
        (MarketBranches(frozenset("午子")), "逢子、逢午日"),
    ],
)
def test_a_pattern_is_called_as_people_call_it(recurrence: Recurrence, label: str) -> None:
    assert recurrence.label() == label


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 9), "初一 · 亥日"),
        (date(2026, 11, 18), "初十 · 申日"),
        (date(2026, 11, 19), "十一 · 酉日"),
        (date(2026, 11, 28), "二十 · 午日"),
        (date(2026, 11, 29), "廿一 · 未日"),
        (date(2026, 12, 8), "三十 · 辰日"),
    ],
)
def test_a_lunar_day_is_written_as_on_a_calendar(day: date, label: str) -> None:
    assert lunar_label(day) == label
