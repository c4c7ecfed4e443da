"""China's working days, by the State Council's calendar with its moved working days (调休).

A library knows the years up to the last one that was published when it was released. A later year is entered from
the State Council's document, or is not known: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import chinese_calendar

_HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_SATURDAY = 6


@dataclass(frozen=True)
class EnteredYear:
    """A year as the State Council's document has it: weekdays that are free, Saturdays and Sundays that are worked."""

    free_days: frozenset[date]
    worked_days: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day of this year is worked."""
        return day in self.worked_days or (not is_weekend(day) and day not in self.free_days)


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of China: those of the library, and of the years that were entered beyond it."""

    entered: Mapping[int, EnteredYear] = field(default_factory=lambda: MappingProxyType({}))

    def is_working_day(self, day: date) -> bool | None:
        """Tell whether a day is worked; None where its year is not loaded."""
        if is_published(day.year):
            return bool(chinese_calendar.is_workday(day))
        year = self.entered.get(day.year)
        return year.is_working_day(day) if year is not None else None

    def holiday_name(self, day: date) -> str | None:
        """Return the Chinese name of the public holiday that a free day belongs to, if any."""
        if is_published(day.year):
            free, name = chinese_calendar.get_holiday_detail(day)
            return _HOLIDAY_NAMES.get(name) if free and name else None
        year = self.entered.get(day.year)
        return "节假日" if year is not None and day in year.free_days else None


def is_published(year: int) -> bool:
    """Tell whether the library knows a year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def unpublished_years(first: date, last: date) -> list[int]:
    """Return the years of a period that the library does not know."""
    return [year for year in range(first.year, last.year + 1) if not is_published(year)]


def is_weekend(day: date) -> bool:
    """Tell whether a day is a Saturday or a Sunday."""
    return day.isoweekday() >= _SATURDAY


def why_not_year(year: int, free_days: Collection[date], worked_days: Collection[date]) -> dict[str, list[str]]:
    """Say in Chinese what is wrong with the days of a year, by field; empty when nothing is."""
    wrong: dict[str, list[str]] = {}
    if not free_days:
        wrong["free_days"] = ["请至少录入一个放假的工作日。"]
    for name, days, is_wrong, text in (
        ("free_days", free_days, is_weekend, "本来就是周末，无需录入为放假"),
        ("worked_days", worked_days, lambda day: not is_weekend(day), "不是周末，无需录入为上班"),
    ):
        for refused, why in ((_outside(days, year), f"不是{year}年的日期"), (filter(is_wrong, days), text)):
            listed = "、".join(f"{day.month}月{day.day}日" for day in sorted(refused))
            if listed:
                wrong.setdefault(name, []).append(f"{listed}{why}。")
    return wrong


def _outside(days: Iterable[date], year: int) -> list[date]:
    return [day for day in days if day.year != year]
