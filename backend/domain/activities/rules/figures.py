"""Figures of activity records: over which days, by what, as what, and against the same period a year before."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backend.domain.activities.rules.amounts import Amount

_A_DAY = timedelta(days=1)
MEASURES = (
    *("records", "imported", "waiting"),
    *("quantity", "quantity_reported", "quantity_at_least", "quantity_about"),
    *("person_times", "person_times_reported", "person_times_at_least", "person_times_about"),
)
MEASURES_BEFORE = tuple(name for name in MEASURES if name not in ("imported", "waiting"))
"""What is counted of records, each so that it can be added up; `_reported`, `_at_least` and `_about` count records.

Of the period before, what was imported or waits is not told.
"""


class By(StrEnum):
    """What figures are told apart by."""

    KIND = "kind"
    ORGANISATION = "organisation"  # the recipient
    ORGANISATION_AND_KIND = "organisation_and_kind"
    MONTH = "month"
    PERSON = "person"
    DEPARTMENT = "department"
    TECHNIQUE = "technique"  # new techniques, by name and by whom


class Grain(StrEnum):
    """In what a stretch of days is counted: whole years and months are rolled up, days are not."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class Stretch:
    """Days in a row that are counted in one grain, the last one included."""

    grain: Grain
    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """Days in a row, the last one included."""

    first: date
    last: date

    @property
    def before(self) -> Period:
        """The same period a year before: whole months for whole months, else 28 February for the 29th."""
        last = _a_year_before(self.last)
        if self.first.day == 1 and _is_last_of_month(self.last):
            last = _last_of_month(last)
        return Period(_a_year_before(self.first), last)

    def stretches(self, *, years: bool = True) -> list[Stretch]:
        """Return it as few stretches, each in the widest grain, months at most unless `years`."""
        return _split(self, [Grain.YEAR, Grain.MONTH] if years else [Grain.MONTH])


@dataclass(frozen=True)
class Totals:
    """What the records of one period come to; imported ones are among the records, waiting ones are not."""

    records: int = 0
    imported: int = 0
    waiting: int = 0
    quantity: Amount = field(default_factory=Amount)
    person_times: Amount = field(default_factory=Amount)


def change_percent(now: int | None, before: int | None) -> float | None:
    """Return the change in per cent of what was before, to one decimal; None without both, or from 0."""
    if now is None or not before:
        return None
    return round((now - before) * 100 / before, 1)


def first_of_month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(day: date) -> date:
    """Return the first day of the month after a day's."""
    return _last_of_month(day) + _A_DAY


def _split(period: Period, grains: list[Grain]) -> list[Stretch]:
    if period.first > period.last:
        return []
    if not grains:
        return [Stretch(Grain.DAY, period.first, period.last)]
    grain, *finer = grains
    first, after = _begin(grain, period.first), _begin(grain, period.last + _A_DAY, later=False)
    if first >= after:
        return _split(period, finer)
    return [
        *_split(Period(period.first, first - _A_DAY), finer),
        Stretch(grain, first, after - _A_DAY),
        *_split(Period(after, period.last), finer),
    ]


def _begin(grain: Grain, day: date, *, later: bool = True) -> date:
    """Return the first beginning of a year or month from a day on, or the last one until it."""
    begun = date(day.year, 1 if grain is Grain.YEAR else day.month, 1)
    if begun == day or not later:
        return begun
    return date(day.year + 1, 1, 1) if grain is Grain.YEAR else month_after(day)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, calendar.monthrange(day.year - 1, day.month)[1]))


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _is_last_of_month(day: date) -> bool:
    return day == _last_of_month(day)
