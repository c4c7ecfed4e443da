"""What may be asked to be corrected."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attendance.rules.corrections import CorrectedTap, CorrectionLimits, why_not_correction
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.rules import Shift
from backend.foundation.clock import SHANGHAI

DAY = date(2026, 9, 2)
NOW = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)
EIGHT = datetime(2026, 9, 2, 8, 0, tzinfo=SHANGHAI)
HALVES = (Shift.MORNING, Shift.AFTERNOON)


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def refusal(
    happened_at: datetime = EIGHT,
    *,
    shift: Shift = Shift.MORNING,
    duty_on: date = DAY,
    now: datetime = NOW,
    claimed: tuple[Shift, ...] = HALVES,
    used: int = 0,
    limits: CorrectionLimits | None = None,
) -> str | None:
    tap = CorrectedTap(duty_on, shift, CheckInKind.IN, happened_at)
    error = why_not_correction(tap, now, claimed=claimed, used=used, limits=limits or CorrectionLimits())
    return error.code if error else None


def test_a_missing_tap_of_a_duty_may_be_corrected() -> None:
    assert refusal() is None


@pytest.mark.parametrize("claimed", [(), (Shift.AFTERNOON,)])
def test_only_a_shift_that_was_due(claimed: tuple[Shift, ...]) -> None:
    assert refusal(claimed=claimed) == "not_on_duty"


def test_nothing_that_has_not_happened() -> None:
    assert refusal(at(9, 1, day=NOW.date()), duty_on=NOW.date()) == "correction_in_future"
    assert refusal(at(9, 0, day=NOW.date()), duty_on=NOW.date()) is None
    assert refusal(duty_on=NOW.date() + timedelta(days=1)) == "correction_in_future"


@pytest.mark.parametrize(("days_back", "expected"), [(None, None), (1, None), (0, "correction_too_old")])
def test_only_within_the_days_that_a_document_settles(days_back: int | None, expected: str | None) -> None:
    assert refusal(limits=CorrectionLimits(days_back=days_back)) == expected


@pytest.mark.parametrize(("a_month", "expected"), [(None, None), (3, None), (2, "corrections_used_up")])
def test_only_as_often_as_a_document_settles(a_month: int | None, expected: str | None) -> None:
    assert refusal(used=2, limits=CorrectionLimits(a_month=a_month)) == expected


def test_days_count_across_the_end_of_a_february() -> None:
    now = at(9, day=date(2028, 3, 1))
    limits = CorrectionLimits(days_back=1)
    assert refusal(at(8, day=date(2028, 2, 29)), duty_on=date(2028, 2, 29), now=now, limits=limits) is None
    assert refusal(at(8, day=date(2028, 2, 28)), duty_on=date(2028, 2, 28), now=now, limits=limits) is not None


@pytest.mark.parametrize(
    ("happened_at", "shift", "plausible"),
    [
        (at(0, 0), Shift.MORNING, True),
        (at(23, 59), Shift.AFTERNOON, True),
        (at(23, 59, day=DAY - timedelta(days=1)), Shift.MORNING, False),
        (at(0, 1, day=DAY + timedelta(days=1)), Shift.AFTERNOON, False),
        (at(18), Shift.NIGHT, True),
        (at(8, day=DAY + timedelta(days=1)), Shift.NIGHT, True),
        (at(8), Shift.NIGHT, False),
        (at(8, day=DAY + timedelta(days=2)), Shift.NIGHT, False),
    ],
)
def test_the_time_must_belong_to_the_shift_and_a_night_goes_into_the_next_day(
    happened_at: datetime, shift: Shift, plausible: bool
) -> None:
    now = NOW + timedelta(days=3)
    expected = None if plausible else "correction_time_implausible"
    assert refusal(happened_at, shift=shift, now=now, claimed=tuple(Shift)) == expected


@given(
    st.dates(date(2024, 2, 1), date(2028, 3, 31)),
    st.sampled_from(Shift),
    st.timedeltas(timedelta(days=-2), timedelta(days=3)),
)
def test_what_is_taken_lies_within_a_day_and_a_half_of_the_duty(duty_on: date, shift: Shift, off: timedelta) -> None:
    midnight = at(0, day=duty_on)
    taken = refusal(midnight + off, shift=shift, duty_on=duty_on, now=midnight + timedelta(days=9), claimed=(shift,))
    assert taken is not None or timedelta() <= off <= timedelta(hours=36)
