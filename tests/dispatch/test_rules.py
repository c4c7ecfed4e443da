"""Rules of dispatches: patterns, shifts by the clock, conditions."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.accounts.rules import age_on
from backend.domain.dispatch.rules import (
    Conditions,
    DispatchState,
    Shift,
    WeeklyPattern,
    shift_at,
    state_on,
    unmet_conditions,
)

BOTH_HALVES = (Shift.MORNING, Shift.AFTERNOON)
claims = st.frozensets(st.tuples(st.integers(1, 7), st.sampled_from(Shift)))


@given(claims)
def test_a_pattern_reads_back_from_the_numbers_that_the_database_keeps(claimed: frozenset[tuple[int, Shift]]) -> None:
    pattern = WeeklyPattern(claimed)
    assert WeeklyPattern.from_numbers(pattern.as_numbers()) == pattern


@given(claims, claims)
def test_two_patterns_share_a_half_just_when_their_ranges_overlap(
    one: frozenset[tuple[int, Shift]], two: frozenset[tuple[int, Shift]]
) -> None:
    overlap = any(
        low < other_high and other_low < high
        for low, high in WeeklyPattern(one).as_numbers()
        for other_low, other_high in WeeklyPattern(two).as_numbers()
    )
    assert overlap == bool(one & two)


@pytest.mark.parametrize("ranges", [[(-1, 2)], [(20, 22)]])
def test_numbers_outside_a_week_are_no_pattern(ranges: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="weekday half"):
        WeeklyPattern.from_numbers(ranges)


@pytest.mark.parametrize(
    ("pattern", "label"),
    [
        (WeeklyPattern.every_day(), "每天"),
        (WeeklyPattern.of([3, 5]), "周三、周五"),
        (WeeklyPattern.of([3], [Shift.MORNING]), "周三 上午"),
        (WeeklyPattern(frozenset({(3, Shift.MORNING), (5, Shift.AFTERNOON)})), "周三 上午；周五 下午"),
        (WeeklyPattern.of([1], Shift), "周一 上午、下午、夜班"),
    ],
)
def test_a_pattern_is_named_as_offices_name_it(pattern: WeeklyPattern, label: str) -> None:
    assert pattern.label() == label


@pytest.mark.parametrize(
    ("at", "leaving", "claimed", "shift"),
    [
        (time(5, 43), False, BOTH_HALVES, Shift.MORNING),
        (time(5, 43), False, tuple(Shift), Shift.MORNING),
        (time(7, 30), False, BOTH_HALVES, Shift.MORNING),
        (time(11, 59), False, BOTH_HALVES, Shift.MORNING),
        (time(12, 0), False, BOTH_HALVES, Shift.AFTERNOON),
        (time(12, 5), True, BOTH_HALVES, Shift.MORNING),
        (time(13, 30), True, BOTH_HALVES, Shift.AFTERNOON),
        (time(18, 30), True, BOTH_HALVES, Shift.AFTERNOON),
        (time(18, 30), False, tuple(Shift), Shift.NIGHT),
        (time(15, 0), False, (Shift.MORNING,), Shift.MORNING),
        (time(9, 0), False, (Shift.NIGHT,), Shift.NIGHT),
        (time(9, 0), False, (), None),
    ],
)
def test_the_clock_proposes_a_shift_and_the_nearest_claimed_one_is_taken(
    at: time, leaving: bool, claimed: tuple[Shift, ...], shift: Shift | None
) -> None:
    assert shift_at(at, leaving=leaving, claimed=claimed) is shift


@pytest.mark.parametrize(
    ("day", "cancelled", "state"),
    [
        (date(2026, 8, 31), False, DispatchState.PLANNED),
        (date(2026, 9, 1), False, DispatchState.CURRENT),
        (date(2027, 2, 28), False, DispatchState.CURRENT),
        (date(2027, 3, 1), False, DispatchState.ENDED),
        (date(2026, 9, 1), True, DispatchState.CANCELLED),
    ],
)
def test_first_and_last_day_belong_to_the_dispatch(day: date, cancelled: bool, state: DispatchState) -> None:
    assert state_on(day, date(2026, 9, 1), date(2027, 2, 28), cancelled=cancelled) is state


def test_age_counts_completed_years_also_on_a_leap_day() -> None:
    born_on = date(1980, 2, 29)
    assert age_on(date(2026, 2, 28), born_on) == 45
    assert age_on(date(2026, 3, 1), born_on) == 46


def test_conditions_name_what_is_asked_and_what_is_held() -> None:
    conditions = Conditions(minimum_title="主治医师", maximum_age=55)
    unmet = unmet_conditions(conditions, title="住院医师", born_on=date(1960, 1, 1), starts_on=date(2026, 9, 1))
    assert unmet == ["职称要求主治医师及以上，现为住院医师", "年龄要求不超过55周岁，派驻时66周岁"]


def test_a_title_of_another_profession_with_the_same_rank_meets_the_condition() -> None:
    conditions = Conditions(minimum_title="主治医师")
    assert unmet_conditions(conditions, title="主管护师", born_on=None, starts_on=date(2026, 9, 1)) == []


def test_nothing_asked_is_nothing_unmet() -> None:
    assert unmet_conditions(Conditions(), title="", born_on=None, starts_on=date(2026, 9, 1)) == []
