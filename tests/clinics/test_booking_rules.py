"""What may be done with a booking, cell by cell, and which slots a new one takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from backend.domain.clinics.rules.bookings import (
    APPEAL_LABELS,
    CANCEL_LABELS,
    STATUS_LABELS,
    AppealDecision,
    BookingAction,
    BookingParty,
    BookingStatus,
    CancelReason,
    may_appeal,
    next_status,
    why_not_cancel,
)
from backend.domain.clinics.rules.limits import Limits, Refusal, Slots, Taken, clashes, find_slots

# By state and action: who may, and what becomes of it.
ALLOWED = {
    ("booked", "arrive"): ("desk", "arrived"),
    ("booked", "fulfil"): ("desk", "fulfilled"),
    ("booked", "mark_no_show"): ("desk", "noshow"),
    ("booked", "cancel"): ("patient desk", "cancelled"),
    ("booked", "move"): ("patient", "cancelled"),
    ("booked", "fall"): ("closer", "cancelled"),
    ("arrived", "withdraw_arrival"): ("desk", "booked"),
    ("arrived", "call"): ("desk expert", "arrived"),
    ("arrived", "fulfil"): ("desk expert", "fulfilled"),
    ("arrived", "cancel"): ("desk", "cancelled"),
    ("arrived", "fall"): ("closer", "cancelled"),
    ("noshow", "appeal"): ("patient", "noshow"),
    ("noshow", "decide_appeal"): ("desk", "noshow"),
}
LIMIT = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = date(2026, 3, 2)
CLINIC = uuid4()


@pytest.mark.parametrize(
    ("status", "action", "party"), list(product(BookingStatus, BookingAction, BookingParty)), ids=lambda one: one.value
)
def test_each_cell_of_the_table(status: BookingStatus, action: BookingAction, party: BookingParty) -> None:
    parties, after = ALLOWED.get((status.value, action.value), ("", ""))

    expected = BookingStatus(after) if party.value in parties.split() else None
    assert next_status(status, action, party) is expected


@pytest.mark.parametrize("status", BookingStatus)
def test_a_patient_cancels_what_is_booked_and_until_the_limit(status: BookingStatus) -> None:
    before, at = LIMIT - timedelta(microseconds=1), LIMIT

    assert (why_not_cancel(status, before, LIMIT) is None) is (status is BookingStatus.BOOKED)
    assert why_not_cancel(status, at, LIMIT) is not None


def test_one_appeals_once_and_against_a_no_show_only() -> None:
    assert [status for status in BookingStatus if may_appeal(status, has_appealed=False)] == [BookingStatus.NOSHOW]
    assert not may_appeal(BookingStatus.NOSHOW, has_appealed=True)


def test_every_state_and_reason_has_its_word() -> None:
    assert set(STATUS_LABELS) == set(BookingStatus)
    assert set(CANCEL_LABELS) == set(CancelReason)
    assert set(APPEAL_LABELS) == set(AppealDecision)


def taken(day: date = DAY, *, slots: tuple[int, int] = (1, 1), clinic_id: UUID | None = None, hour: int = 1) -> Taken:
    starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Taken(clinic_id or uuid4(), day, starts_at, starts_at + timedelta(hours=1), *slots)


def test_the_first_booking_takes_the_first_slots() -> None:
    assert find_slots(CLINIC, DAY, [], Limits(1, 1)) == Slots(1, 1)


def test_a_booking_takes_the_lowest_slot_that_is_free() -> None:
    earlier = [taken(slots=(1, 4)), taken(slots=(3, 1)), taken(date(2026, 3, 9), slots=(2, 2))]

    assert find_slots(CLINIC, DAY, earlier, Limits()) == Slots(2, 3)


def test_a_limit_a_day_counts_that_day_only() -> None:
    assert find_slots(CLINIC, DAY, [taken()], Limits(a_day=1)) is Refusal.DAY_LIMIT
    assert find_slots(CLINIC, DAY, [taken(date(2026, 3, 3))], Limits(a_day=1)) == Slots(1, 2)


def test_a_slot_that_came_free_below_one_past_the_limit_is_none_to_be_had() -> None:
    given_by_the_desk = [taken(slots=(2, 3))]
    assert find_slots(CLINIC, DAY, given_by_the_desk, Limits(a_day=1)) is Refusal.DAY_LIMIT
    assert find_slots(CLINIC, DAY, given_by_the_desk, Limits(a_month=1)) is Refusal.MONTH_LIMIT


def test_a_limit_a_month_counts_that_month_only() -> None:
    limits = Limits(a_month=2)
    earlier = [taken(date(2026, 3, 9)), taken(date(2026, 3, 10), slots=(1, 2))]

    assert find_slots(CLINIC, DAY, earlier, limits) is Refusal.MONTH_LIMIT
    assert find_slots(CLINIC, date(2026, 4, 1), earlier, limits) == Slots(1, 1)
    assert find_slots(CLINIC, date(2027, 3, 1), earlier, limits) == Slots(1, 1)


def test_a_clinic_is_booked_once() -> None:
    assert find_slots(CLINIC, DAY, [taken(clinic_id=CLINIC)], Limits()) is Refusal.ALREADY_BOOKED


def test_hours_clash_where_they_overlap_and_not_where_they_touch() -> None:
    nine = taken(hour=9)

    assert clashes(nine.ends_at - timedelta(minutes=1), nine.ends_at + timedelta(hours=1), [nine])
    assert not clashes(nine.ends_at, nine.ends_at + timedelta(hours=1), [nine])
    assert not clashes(nine.starts_at - timedelta(hours=1), nine.starts_at, [nine])
