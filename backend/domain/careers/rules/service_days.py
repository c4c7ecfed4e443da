"""Counting days of service: which of a stay count under a rule, which do not and why, and no day twice.

Everything is counted in half days, so that what counted and what did not always add up to twice the days of the span.
Days are ordinals (`date.toordinal`), which sets hold and compare fast: a hospital's list counts hundreds of thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from backend.domain.careers.rules.promotion import ServiceMeasure

Days = AbstractSet[int]
NONE: Days = frozenset()


class Excluded(StrEnum):
    """Why a day does not count; the first that applies, in this order."""

    NO_PAPER = "no_paper"
    TOO_SHORT = "too_short"
    NO_EVALUATION = "no_evaluation"
    SUSPENDED = "suspended"
    UNSIGNED = "unsigned"
    LEAVE = "leave"
    ABSENT = "absent"
    WEEK_NOT_KEPT = "week_not_kept"
    NOT_SERVED = "not_served"
    COUNTED_ELSEWHERE = "counted_elsewhere"


EXCLUDED_LABELS = {
    Excluded.NO_PAPER: "缺证明材料",
    Excluded.TOO_SHORT: "派驻时间过短",
    Excluded.NO_EVALUATION: "没有合格的鉴定",
    Excluded.SUSPENDED: "暂停派驻",
    Excluded.UNSIGNED: "考勤表未会签",
    Excluded.LEAVE: "请假",
    Excluded.ABSENT: "未在岗",
    Excluded.WEEK_NOT_KEPT: "当周天数不足",
    Excluded.NOT_SERVED: "无在岗记录",
    Excluded.COUNTED_ELSEWHERE: "与另一段重叠",
}


class Standing(StrEnum):
    """How the evaluation of a stay stands."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True)
class Stay:
    """One dispatch, or service elsewhere that was entered from a paper; it may lie in the future.

    `full` and `half` are days on which two halves or one were served; `leave` and `absent` those on which none was.
    `excused` has the halves of leave and of rest after nights on working days, by day: they lower what a week asks.
    Of earlier service only `served_days` is known. `evaluated_on` is the day from which a passed evaluation holds.
    """

    key: str
    place: str
    starts_on: date
    ends_on: date
    is_earlier: bool = False
    has_paper: bool = True
    is_visiting: bool = False
    suspended: Days = NONE
    signed: Days = NONE
    full: Days = NONE
    half: Days = NONE
    leave: Days = NONE
    absent: Days = NONE
    excused: Mapping[int, int] = field(default_factory=dict)
    working: Days = NONE
    served_days: int = 0
    evaluation: Standing = Standing.OPEN
    evaluated_on: date = date.min
    evaluation_label: str = ""

    @property
    def first(self) -> int:
        return self.starts_on.toordinal()

    @property
    def last(self) -> int:
        return self.ends_on.toordinal()


@dataclass(frozen=True)
class Conditions:
    """What of a rule decides which days count."""

    measure: ServiceMeasure
    minimum_dispatch_days: int | None = None
    days_a_week: int | None = None
    needs_evaluation: bool = False


@dataclass(frozen=True)
class Segment:
    """What a stay comes to under a rule, up to a day: `counted` and all of `excluded` are twice the days, in halves."""

    stay: Stay
    starts_on: date
    ends_on: date
    counted: int
    excluded: Mapping[Excluded, int]

    @property
    def days(self) -> int:
        """Count the days from the first to the last."""
        return (self.ends_on - self.starts_on).days + 1


def count_service(conditions: Conditions, stays: Iterable[Stay], on: date) -> list[Segment]:
    """Return what each stay comes to up to a day, the first first.

    Days that two stays share count once, for the dispatch that began first; service entered from papers comes last.
    """
    begun = [stay for stay in stays if (stay.ends_on if stay.is_earlier else stay.starts_on) <= on]
    begun.sort(key=lambda stay: (stay.is_earlier, stay.starts_on, stay.key))
    taken: dict[int, int] = {}
    segments = [_segment(conditions, stay, on, taken) for stay in begun]
    return sorted(segments, key=lambda segment: (segment.starts_on, segment.stay.key))


def _segment(conditions: Conditions, stay: Stay, on: date, taken: dict[int, int]) -> Segment:
    ends_on = min(stay.ends_on, on)
    left = set(range(stay.first, ends_on.toordinal() + 1))
    excluded: dict[Excluded, int] = {}
    for reason, days in _excluded_days(conditions, stay, on):
        hit = left & days
        if hit:
            excluded[reason] = excluded.get(reason, 0) + 2 * len(hit)
            left -= hit
    if conditions.measure is ServiceMeasure.SERVED_DAYS and stay.is_earlier:
        counted, shared = _of_paper(stay, left, taken)
    else:
        counted, shared = _of_days(stay, left, taken, whole=conditions.measure is ServiceMeasure.CALENDAR_DAYS)
    for reason, halves in (
        (Excluded.COUNTED_ELSEWHERE, shared),
        (Excluded.NOT_SERVED, 2 * len(left) - counted - shared),
    ):
        if halves:
            excluded[reason] = halves
    return Segment(stay, stay.starts_on, ends_on, counted, excluded)


def _of_days(stay: Stay, left: set[int], taken: dict[int, int], *, whole: bool) -> tuple[int, int]:
    """Return the halves that these days count, and those that another stay counted already.

    A day of a posting counts `whole` by the calendar; one who visits is there only on the days that were served.
    """
    if whole:
        there = left & (stay.full | stay.half) if stay.is_visiting else left
        halves = dict.fromkeys(there, 2)
    else:
        halves = dict.fromkeys(left & stay.full, 2) | dict.fromkeys(left & stay.half, 1)
    counted = sum(halves.values())
    shared = 0
    for day in halves.keys() & taken.keys():
        more = max(0, halves[day] + taken[day] - 2)
        shared += more
        halves[day] += taken[day] - more
    taken.update(halves)
    return counted - shared, shared


def _of_paper(stay: Stay, left: set[int], taken: Mapping[int, int]) -> tuple[int, int]:
    """Return the halves that a paper adds to what dispatches in its span counted: nobody knows that days differ."""
    told = 2 * stay.served_days if left else 0
    shared = min(told, sum(taken[day] for day in left & taken.keys()))
    return told - shared, shared


def _excluded_days(conditions: Conditions, stay: Stay, on: date) -> Iterator[tuple[Excluded, Days]]:
    every = range(stay.first, stay.last + 1)
    elapsed = (min(stay.ends_on, on) - stay.starts_on).days + 1
    if not stay.has_paper:
        yield Excluded.NO_PAPER, set(every)
    if conditions.minimum_dispatch_days is not None and elapsed < conditions.minimum_dispatch_days:
        yield Excluded.TOO_SHORT, set(every)
    if conditions.needs_evaluation and (stay.evaluation is not Standing.PASSED or stay.evaluated_on > on):
        yield Excluded.NO_EVALUATION, set(every)
    if stay.is_earlier:
        return
    yield Excluded.SUSPENDED, stay.suspended
    yield Excluded.UNSIGNED, set(every) - stay.signed
    weeks = conditions.days_a_week is not None and not stay.is_visiting
    open_days, missed_days = _weeks(stay, conditions.days_a_week or 0) if weeks else (NONE, NONE)
    yield Excluded.UNSIGNED, open_days
    yield Excluded.LEAVE, stay.leave
    yield Excluded.ABSENT, stay.absent
    yield Excluded.WEEK_NOT_KEPT, missed_days


def _weeks(stay: Stay, days_a_week: int) -> tuple[set[int], set[int]]:
    """Return the days of weeks that cannot be judged yet, and of those in which too few days were served.

    Asked are so many fifths of the week's working days less leave, rounded up, of the days that lie in the stay and
    outside of its suspensions; a week is judged once all of them are countersigned.
    """
    open_days: set[int] = set()
    missed_days: set[int] = set()
    monday = stay.first - (stay.first - 1) % 7  # ordinal 1 was a Monday
    for start in range(monday, stay.last + 1, 7):
        week = set(range(max(start, stay.first), min(start + 6, stay.last) + 1)) - stay.suspended
        if not week <= stay.signed:
            open_days |= week
        elif _served_halves(stay, week) < 2 * _required_days(stay, week, days_a_week):
            missed_days |= week
    return open_days, missed_days


def _served_halves(stay: Stay, days: set[int]) -> int:
    return 2 * len(days & stay.full) + len(days & stay.half)


def _required_days(stay: Stay, week: set[int], days_a_week: int) -> int:
    due = 2 * len(week & stay.working) - sum(stay.excused.get(day, 0) for day in week)
    return -(-days_a_week * max(0, due) // 10)


def hopeful(stay: Stay, on: date) -> Stay:
    """Return a stay as it would be if all that is still open went well.

    Every month countersigned, every working day to come of a posting served, the evaluation passed when it ends; of
    one who visits nothing is foretold.
    """
    if stay.is_earlier:
        return stay
    to_come = set(range(on.toordinal() + 1, stay.last + 1)) & stay.working if not stay.is_visiting else set()
    told = stay.half | stay.leave | stay.absent | stay.suspended
    is_open = stay.evaluation is Standing.OPEN
    return replace(
        stay,
        signed=frozenset(range(stay.first, stay.last + 1)),
        full=stay.full | (to_come - told),
        evaluation=Standing.PASSED if is_open else stay.evaluation,
        evaluated_on=max(stay.ends_on, on) if is_open else stay.evaluated_on,
    )
