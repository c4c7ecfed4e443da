"""Leave (请假): its span from shift to shift, how long it is, who must grant it, and when it may be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.access.rules import Party
from backend.domain.attendance.errors.requests import LeaveBegan, RequestDecided
from backend.domain.attendance.rules.requests import REQUEST_TRANSITIONS, LeaveKind, RequestAction, RequestStatus
from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, Shift, days_between
from backend.foundation.errors import BangfuError

_EPOCH = date(2000, 1, 1)
"""The day whose morning is shift number 0."""

PROOF_EXPECTED_AFTER_HALVES = 4
"""Sick leave of more than two days comes with a paper, or is shown as without."""


@dataclass(frozen=True)
class LeaveSpan:
    """From the first shift that is free to the last one."""

    starts_on: date
    starts_with: Shift
    ends_on: date
    ends_with: Shift

    @property
    def numbers(self) -> tuple[int, int]:
        """The shifts as half-open range of their numbers since 2000-01-01, three a day; empty if it ends too early."""
        return shift_number(self.starts_on, self.starts_with), shift_number(self.ends_on, self.ends_with) + 1

    @property
    def is_backwards(self) -> bool:
        """Whether it would end before it begins."""
        first, after = self.numbers
        return after <= first

    def covers(self, day: date, shift: Shift) -> bool:
        """Tell whether a shift is free."""
        first, after = self.numbers
        return first <= shift_number(day, shift) < after

    @property
    def label(self) -> str:
        """The span in Chinese: 11月3日上午至11月4日下午."""
        begins = f"{self.starts_on.month}月{self.starts_on.day}日{SHIFT_LABELS[self.starts_with]}"
        if (self.starts_on, self.starts_with) == (self.ends_on, self.ends_with):
            return begins
        year = f"{self.ends_on.year}年" if self.ends_on.year != self.starts_on.year else ""
        return f"{begins}至{year}{self.ends_on.month}月{self.ends_on.day}日{SHIFT_LABELS[self.ends_with]}"


def shift_number(day: date, shift: Shift) -> int:
    """Return the number of a shift since 2000-01-01, three a day."""
    return (day - _EPOCH).days * len(SHIFTS) + SHIFTS.index(shift)


def span_of(numbers: tuple[int, int]) -> LeaveSpan:
    """Read back what `LeaveSpan.numbers` gave.

    Raises:
        ValueError: the range is empty.
    """
    first, last = numbers[0], numbers[1] - 1
    if last < first:
        raise ValueError("no shift")
    return LeaveSpan(*_shift_of(first), *_shift_of(last))


def _shift_of(number: int) -> tuple[date, Shift]:
    return _EPOCH + timedelta(days=number // len(SHIFTS)), SHIFTS[number % len(SHIFTS)]


@dataclass(frozen=True)
class LeaveLength:
    """How much leave takes away: claimed shifts, and the halves of working days among them, in which days count."""

    shifts: int
    halves: int
    whole_days: tuple[date, date] | None  # the first and the last day that are free altogether


def length_of(
    span: LeaveSpan, shifts_on: Callable[[date], Iterable[Shift]], is_working_day: Callable[[date], bool | None]
) -> LeaveLength:
    """Count what a span takes away from a dispatch that claims these shifts.

    A free day takes none; a day of a year whose calendar is not loaded counts as it is claimed. Days on which
    nothing is claimed belong to whole days that they lie among.
    """
    shifts = halves = 0
    whole: list[date] = []
    for day in days_between(span.starts_on, span.ends_on):
        claimed = tuple(shifts_on(day))
        free = [shift for shift in claimed if span.covers(day, shift)]
        shifts += len(free)
        if is_working_day(day) is not False:
            halves += sum(shift is not Shift.NIGHT for shift in free)
        if len(free) == len(claimed):
            whole.append(day)
    return LeaveLength(shifts, halves, (whole[0], whole[-1]) if whole else None)


def needs_supporting(halves: int, days_of_recipient: int | None) -> bool:
    """Tell whether the recipient alone may not grant it; without a rule both always must."""
    return days_of_recipient is None or halves > 2 * days_of_recipient


def is_long(kind: LeaveKind, halves: int, long_days: int | None) -> bool:
    """Tell whether it suspends the dispatch: maternity leave always, other leave by a rule."""
    return kind is LeaveKind.MATERNITY or (long_days is not None and halves > 2 * long_days)


@dataclass(frozen=True)
class LeaveState:
    """Where a request for leave stands, and who has granted it."""

    status: RequestStatus
    needs_supporting: bool
    granted_by_recipient: bool
    granted_by_supporting: bool


def state_after_grant(state: LeaveState, party: Party) -> RequestStatus | None:
    """Return where leave stands once this party grants it too; None where that party's word is not asked for now.

    The recipient comes first; where it is longer than the recipient alone may grant, the supporting hospital comes
    after.
    """
    if (state.status, RequestAction.ACCEPT) not in REQUEST_TRANSITIONS:
        return None
    if party is Party.RECIPIENT and not state.granted_by_recipient:
        return RequestStatus.REQUESTED if state.needs_supporting else RequestStatus.ACCEPTED
    asked = state.needs_supporting and state.granted_by_recipient and not state.granted_by_supporting
    return RequestStatus.ACCEPTED if party is Party.SUPPORTING and asked else None


def why_not_cancel_leave(status: RequestStatus, starts_on: date, today: date) -> BangfuError | None:
    """Return what stands in the way of giving leave up, None when nothing does.

    What is not decided may be given up at any time, what was granted until the day before it begins.
    """
    if status is RequestStatus.REQUESTED:
        return None
    if status is not RequestStatus.ACCEPTED:
        return RequestDecided()
    return None if today < starts_on else LeaveBegan()


def lacks_proof(kind: LeaveKind, halves: int, attachments: int) -> bool:
    """Tell whether a paper would be expected, and none is there."""
    return kind is LeaveKind.SICK and halves > PROOF_EXPECTED_AFTER_HALVES and not attachments
