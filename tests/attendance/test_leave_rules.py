"""From when to when leave is, how long that is, and who must grant it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.access.rules import Party
from backend.domain.attendance.concluding import EPOCH
from backend.domain.attendance.rules.leave import (
    LeaveSpan,
    LeaveState,
    is_long,
    lacks_proof,
    length_of,
    needs_supporting,
    shift_number,
    span_of,
    state_after_grant,
    why_not_cancel_leave,
)
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.dispatch.rules import SHIFTS, Shift, WeeklyPattern, days_between
from backend.domain.organisations.rules.working_days import WorkingCalendar

MORNING, AFTERNOON, NIGHT = Shift
CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2004, 1, 1), date(2032, 12, 31))
PATTERNS = st.sets(st.tuples(st.integers(1, 7), st.sampled_from(Shift))).map(
    lambda claims: WeeklyPattern(frozenset(claims))
)


@st.composite
def spans(draw: st.DrawFn) -> LeaveSpan:
    """Leave of up to some months, over month borders, leap days and new years as they come."""
    first = draw(st.integers(shift_number(date(2004, 1, 1), MORNING), shift_number(date(2032, 12, 31), NIGHT)))
    return span_of((first, first + draw(st.integers(1, 400))))


def span(starts_on: str, starts_with: Shift, ends_on: str, ends_with: Shift) -> LeaveSpan:
    return LeaveSpan(date.fromisoformat(starts_on), starts_with, date.fromisoformat(ends_on), ends_with)


def test_shifts_are_numbered_from_the_morning_on_which_standings_count_them() -> None:
    assert shift_number(EPOCH, MORNING) == 0
    assert shift_number(EPOCH + timedelta(days=1), AFTERNOON) == 4


@given(spans())
def test_a_span_is_read_back_as_it_was_written(one: LeaveSpan) -> None:
    assert span_of(one.numbers) == one
    assert not one.is_backwards


@given(spans(), DAYS, st.sampled_from(Shift))
def test_a_shift_is_free_between_the_first_and_the_last(one: LeaveSpan, day: date, shift: Shift) -> None:
    order = (day, SHIFTS.index(shift))
    first = (one.starts_on, SHIFTS.index(one.starts_with))
    last = (one.ends_on, SHIFTS.index(one.ends_with))
    assert one.covers(day, shift) == (first <= order <= last)


@given(spans(), spans())
def test_two_spans_share_a_number_only_if_they_share_a_shift(one: LeaveSpan, other: LeaveSpan) -> None:
    share = max(one.numbers[0], other.numbers[0]) < min(one.numbers[1], other.numbers[1])
    first, last = min(one.starts_on, other.starts_on), max(one.ends_on, other.ends_on)
    candidates = [first, last, one.starts_on, one.ends_on, other.starts_on, other.ends_on]
    assert share == any(one.covers(day, shift) and other.covers(day, shift) for day in candidates for shift in SHIFTS)


@given(spans(), PATTERNS)
def test_length_is_what_is_claimed_within_the_span_and_days_count_working_halves(
    one: LeaveSpan, pattern: WeeklyPattern
) -> None:
    length = length_of(one, pattern.shifts_on, CALENDAR.is_working_day)
    free = [
        (day, shift)
        for day in days_between(one.starts_on, one.ends_on)
        for shift in pattern.shifts_on(day)
        if one.covers(day, shift)
    ]
    assert length.shifts == len(free)
    assert length.halves == sum(shift is not NIGHT and CALENDAR.is_working_day(day) is not False for day, shift in free)


@given(spans(), PATTERNS, st.integers(1, 399))
def test_the_parts_of_a_span_are_as_long_as_the_whole(one: LeaveSpan, pattern: WeeklyPattern, cut: int) -> None:
    first, after = one.numbers
    middle = min(first + cut, after)
    parts = [part for part in ((first, middle), (middle, after)) if part[0] < part[1]]
    lengths = [length_of(span_of(part), pattern.shifts_on, CALENDAR.is_working_day) for part in parts]
    whole = length_of(one, pattern.shifts_on, CALENDAR.is_working_day)
    assert (sum(part.shifts for part in lengths), sum(part.halves for part in lengths)) == (whole.shifts, whole.halves)


@given(spans(), PATTERNS)
def test_whole_days_are_those_of_which_nothing_is_left(one: LeaveSpan, pattern: WeeklyPattern) -> None:
    whole = length_of(one, pattern.shifts_on, CALENDAR.is_working_day).whole_days
    for day in days_between(one.starts_on, one.ends_on):
        left = [shift for shift in pattern.shifts_on(day) if not one.covers(day, shift)]
        assert bool(whole and whole[0] <= day <= whole[1]) == (not left)


@pytest.mark.parametrize(
    ("one", "label"),
    [
        (span("2026-11-03", MORNING, "2026-11-04", AFTERNOON), "11月3日上午至11月4日下午"),
        (span("2026-11-03", NIGHT, "2026-11-03", NIGHT), "11月3日夜班"),
        (span("2028-02-29", MORNING, "2028-03-01", MORNING), "2月29日上午至3月1日上午"),
        (span("2026-12-31", AFTERNOON, "2027-01-01", MORNING), "12月31日下午至2027年1月1日上午"),
    ],
)
def test_a_span_is_told_in_chinese(one: LeaveSpan, label: str) -> None:
    assert one.label == label


@pytest.mark.parametrize(
    ("one", "halves"),
    [
        (span("2026-09-02", MORNING, "2026-09-02", MORNING), 1),
        (span("2026-09-04", AFTERNOON, "2026-09-07", MORNING), 2),  # over a weekend
        (span("2026-09-25", MORNING, "2026-09-28", NIGHT), 2),  # 中秋, of which Friday is free
        (span("2028-02-28", MORNING, "2028-03-01", AFTERNOON), 6),  # a leap day of a year that is not loaded
        (span("2026-09-05", MORNING, "2026-09-06", NIGHT), 0),
    ],
)
def test_days_are_counted_in_working_halves(one: LeaveSpan, halves: int) -> None:
    assert length_of(one, WeeklyPattern.every_day().shifts_on, CALENDAR.is_working_day).halves == halves


def test_a_span_that_ends_before_it_begins_is_told() -> None:
    assert span("2026-09-03", MORNING, "2026-09-02", NIGHT).is_backwards
    assert span("2026-09-02", AFTERNOON, "2026-09-02", MORNING).is_backwards
    with pytest.raises(ValueError, match="no shift"):
        span_of((7, 7))


@pytest.mark.parametrize(
    ("halves", "days", "needs"), [(6, 3, False), (7, 3, True), (0, 0, False), (1, 0, True), (1, None, True)]
)
def test_beyond_the_recipients_days_both_are_asked(halves: int, days: int | None, needs: bool) -> None:
    assert needs_supporting(halves, days) is needs


@pytest.mark.parametrize(
    ("kind", "halves", "days", "long"),
    [
        (LeaveKind.SICK, 61, 30, True),
        (LeaveKind.SICK, 60, 30, False),
        (LeaveKind.SICK, 400, None, False),
        (LeaveKind.MATERNITY, 1, None, True),
        (LeaveKind.MATERNITY, 1, 30, True),
    ],
)
def test_long_leave_is_told_by_a_rule_and_maternity_leave_always_is(
    kind: LeaveKind, halves: int, days: int | None, long: bool
) -> None:
    assert is_long(kind, halves, days) is long


REQUESTED, ACCEPTED = RequestStatus.REQUESTED, RequestStatus.ACCEPTED


@pytest.mark.parametrize(
    ("both", "by_recipient", "by_supporting", "party", "after"),
    [
        (False, False, False, Party.RECIPIENT, ACCEPTED),
        (False, False, False, Party.SUPPORTING, None),
        (True, False, False, Party.RECIPIENT, REQUESTED),
        (True, False, False, Party.SUPPORTING, None),
        (True, True, False, Party.SUPPORTING, ACCEPTED),
        (True, True, False, Party.RECIPIENT, None),
        (True, True, True, Party.SUPPORTING, None),
    ],
)
def test_the_recipient_grants_first_and_the_supporting_hospital_where_it_must(
    both: bool, by_recipient: bool, by_supporting: bool, party: Party, after: RequestStatus | None
) -> None:
    assert state_after_grant(LeaveState(REQUESTED, both, by_recipient, by_supporting), party) is after


@pytest.mark.parametrize("status", [status for status in RequestStatus if status is not REQUESTED])
@pytest.mark.parametrize("party", [Party.RECIPIENT, Party.SUPPORTING])
def test_what_is_decided_is_not_granted(status: RequestStatus, party: Party) -> None:
    for state in (LeaveState(status, True, False, False), LeaveState(status, True, True, False)):
        assert state_after_grant(state, party) is None


@pytest.mark.parametrize(
    ("status", "days_before", "code"),
    [
        (REQUESTED, -30, None),
        (ACCEPTED, 1, None),
        (ACCEPTED, 0, "leave_began"),
        (RequestStatus.REJECTED, 5, "request_decided"),
        (RequestStatus.CANCELLED, 5, "request_decided"),
    ],
)
def test_leave_is_given_up_until_the_day_before_it_begins(
    status: RequestStatus, days_before: int, code: str | None
) -> None:
    today = date(2026, 9, 2)
    refusal = why_not_cancel_leave(status, today + timedelta(days=days_before), today)
    assert (refusal.code if refusal else None) == code


def test_sick_leave_of_more_than_two_days_is_shown_as_without_a_paper() -> None:
    assert lacks_proof(LeaveKind.SICK, 5, 0)
    assert not lacks_proof(LeaveKind.SICK, 4, 0)
    assert not lacks_proof(LeaveKind.SICK, 5, 1)
    assert not lacks_proof(LeaveKind.ANNUAL, 50, 0)
