"""Weekly patterns, states of a dispatch, and the conditions of a programme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache

from backend.domain.accounts.rules import age_on
from backend.domain.organisations.rules.titles import title_rank


class DispatchKind(StrEnum):
    """How somebody is sent."""

    POSTED = "posted"
    VISITING = "visiting"


class DispatchState(StrEnum):
    """Where a dispatch stands on a day; derived from its dates, FHIR R4 has no word for it."""

    PLANNED = "planned"
    CURRENT = "current"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Shift(StrEnum):
    """A part of a duty day; a day counts in halves, a night belongs to the day on which it starts."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"


KIND_LABELS = {DispatchKind.POSTED: "长期派驻", DispatchKind.VISITING: "定期坐诊"}
STATE_LABELS = {
    DispatchState.PLANNED: "未开始",
    DispatchState.CURRENT: "进行中",
    DispatchState.ENDED: "已结束",
    DispatchState.CANCELLED: "已取消",
}
SHIFT_LABELS = {Shift.MORNING: "上午", Shift.AFTERNOON: "下午", Shift.NIGHT: "夜班"}
WEEKDAY_LABELS = "一二三四五六日"
SHIFTS = tuple(Shift)
_HALVES_OF_A_WEEK = 7 * len(SHIFTS)

WeekdayShift = tuple[int, Shift]  # ISO weekday 1–7 and a shift


@dataclass(frozen=True)
class WeeklyPattern:
    """The weekday halves that a dispatch claims."""

    claims: frozenset[WeekdayShift]

    @classmethod
    def of(cls, weekdays: Iterable[int], shifts: Iterable[Shift] = (Shift.MORNING, Shift.AFTERNOON)) -> WeeklyPattern:
        """Return the same shifts on each of these ISO weekdays."""
        shifts = tuple(shifts)
        return cls(frozenset((weekday, shift) for weekday in weekdays for shift in shifts))

    @classmethod
    def every_day(cls) -> WeeklyPattern:
        """Return mornings and afternoons of the whole week: what a posting claims by default."""
        return cls.of(range(1, 8))

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the claimed shifts of a day, in their order."""
        return tuple(shift for shift in SHIFTS if (day.isoweekday(), shift) in self.claims)

    def as_numbers(self) -> list[tuple[int, int]]:
        """Return the claims as half-open ranges of (weekday − 1) × 3 + shift, as the database keeps them."""
        numbers = sorted((weekday - 1) * 3 + SHIFTS.index(shift) for weekday, shift in self.claims)
        ranges: list[tuple[int, int]] = []
        for number in numbers:
            if ranges and ranges[-1][1] == number:
                ranges[-1] = (ranges[-1][0], number + 1)
            else:
                ranges.append((number, number + 1))
        return ranges

    @classmethod
    def from_numbers(cls, ranges: Iterable[tuple[int, int]]) -> WeeklyPattern:
        """Read back what `as_numbers` gave.

        Raises:
            ValueError: a number is no weekday half.
        """
        numbers = [number for low, high in ranges for number in range(low, high)]
        if any(not 0 <= number < _HALVES_OF_A_WEEK for number in numbers):
            raise ValueError("not a weekday half")
        return cls(frozenset((number // 3 + 1, SHIFTS[number % 3]) for number in numbers))

    @classmethod
    @lru_cache
    def from_multirange(cls, text: str) -> WeeklyPattern:
        """Read the claims as the database writes them, {[0,2),[3,5)}; few of the possible ones are in use."""
        return cls.from_numbers((int(low), int(high)) for low, high in re.findall(r"(\d+),(\d+)", text))

    def label(self) -> str:
        """Return the pattern in Chinese: 每天, or 周三、周五, with the shifts where they are not both halves."""
        by_shifts: dict[tuple[Shift, ...], list[int]] = {}
        for weekday in range(1, 8):
            shifts = tuple(shift for shift in SHIFTS if (weekday, shift) in self.claims)
            if shifts:
                by_shifts.setdefault(shifts, []).append(weekday)
        return "；".join(_label_of_days(days) + _label_of_shifts(shifts) for shifts, days in by_shifts.items())


def _label_of_days(days: list[int]) -> str:
    return "每天" if len(days) == 7 else "、".join(f"周{WEEKDAY_LABELS[day - 1]}" for day in days)


def _label_of_shifts(shifts: tuple[Shift, ...]) -> str:
    if shifts == (Shift.MORNING, Shift.AFTERNOON):
        return ""
    return " " + "、".join(SHIFT_LABELS[shift] for shift in shifts)


def state_on(day: date, starts_on: date, ends_on: date, *, cancelled: bool) -> DispatchState:
    """Return where a dispatch of these dates stands on a day."""
    if cancelled:
        return DispatchState.CANCELLED
    if day < starts_on:
        return DispatchState.PLANNED
    return DispatchState.CURRENT if day <= ends_on else DispatchState.ENDED


# From when a tap counts for the next shift: arriving after noon is for the afternoon, leaving until 13:30 is
# still from the morning.
_AFTERNOON_ARRIVALS = time(12, 0)
_AFTERNOON_DEPARTURES = time(13, 30)
_NIGHT_STARTS = time(18, 0)


def shift_at(local_time: time, *, leaving: bool, claimed: tuple[Shift, ...]) -> Shift | None:
    """Return the claimed shift that a tap at this local time is for, None when no shift is claimed.

    The clock proposes; where that shift is not claimed, the nearest claimed one is taken, the earlier of two.
    """
    if not claimed:
        return None
    noon = _AFTERNOON_DEPARTURES if leaving else _AFTERNOON_ARRIVALS
    place = sum(local_time >= start for start in (noon, _NIGHT_STARTS))
    return min(claimed, key=lambda shift: (abs(SHIFTS.index(shift) - place), SHIFTS.index(shift)))


@dataclass(frozen=True)
class Conditions:
    """What a programme asks of those who are sent; None: nothing is asked."""

    minimum_title: str | None = None
    maximum_age: int | None = None


def unmet_conditions(conditions: Conditions, *, title: str, born_on: date | None, starts_on: date) -> list[str]:
    """Say in Chinese which conditions somebody does not meet on the first day, empty when all are met."""
    unmet = []
    if conditions.minimum_title is not None:
        asked, held = title_rank(conditions.minimum_title), title_rank(title)
        if held is None or (asked is not None and held < asked):
            unmet.append(f"职称要求{conditions.minimum_title}及以上，现为{title or '未填写'}")
    if conditions.maximum_age is not None:
        if born_on is None:
            unmet.append(f"年龄要求不超过{conditions.maximum_age}周岁，出生日期未填写")
        elif age_on(starts_on, born_on) > conditions.maximum_age:
            unmet.append(f"年龄要求不超过{conditions.maximum_age}周岁，派驻时{age_on(starts_on, born_on)}周岁")
    return unmet


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield each day from the first to the last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


TRANSITIONS: Mapping[tuple[DispatchState, str], DispatchState] = {
    (DispatchState.PLANNED, "change"): DispatchState.PLANNED,
    (DispatchState.PLANNED, "cancel"): DispatchState.CANCELLED,
    (DispatchState.CURRENT, "change"): DispatchState.CURRENT,
    (DispatchState.CURRENT, "end_early"): DispatchState.ENDED,
    (DispatchState.CURRENT, "substitute"): DispatchState.ENDED,
    (DispatchState.PLANNED, "substitute"): DispatchState.CANCELLED,
}
"""What may be done with a dispatch, and where it stands afterwards."""
