"""On which days clinics are held: weekdays, single dates, or the market days (逢集) of the lunar calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lunardate import LunarDate

from backend.domain.dispatch.rules import WEEKDAY_LABELS, days_between

BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FIRST_CYCLE = date(2000, 1, 7)
"""A day 甲子, with which the count of sixty days begins anew; 1 October 1949 was one as well."""
_TENS = ("初", "十", "廿", "三")
_DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Weekly:
    """The same weekdays each week, ISO 1–7."""

    weekdays: frozenset[int]

    def falls_on(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return day.isoweekday() in self.weekdays

    def label(self) -> str:
        """Return it in Chinese: 每周三、周五."""
        return "每" + "、".join(f"周{WEEKDAY_LABELS[weekday - 1]}" for weekday in sorted(self.weekdays))


@dataclass(frozen=True)
class SingleDates:
    """Days that were named one by one."""

    days: frozenset[date]

    def falls_on(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return day in self.days

    def label(self) -> str:
        """Return it in Chinese: 指定日期."""
        return "指定日期"


@dataclass(frozen=True)
class MarketDigits:
    """Market days by the last digit of the lunar day, 0 for 初十, 二十 and 三十: 逢三逢八 is 初三, 初八, 十三 …"""

    digits: frozenset[int]

    def falls_on(self, day: date) -> bool:
        """Tell whether the market is held on a day."""
        return lunar_day(day) % 10 in self.digits

    def label(self) -> str:
        """Return it in Chinese: 农历逢三、逢八."""
        ordered = sorted(self.digits, key=lambda digit: digit or 10)
        return "农历" + "、".join(f"逢{_DIGITS[(digit - 1) % 10]}" for digit in ordered)


@dataclass(frozen=True)
class MarketBranches:
    """Market days by the branch of the day, which returns every twelve days: 逢子、逢午."""

    branches: frozenset[str]

    def falls_on(self, day: date) -> bool:
        """Tell whether the market is held on a day."""
        return branch_of(day) in self.branches

    def label(self) -> str:
        """Return it in Chinese: 逢子、逢午日."""
        return "、".join(f"逢{branch}" for branch in BRANCHES if branch in self.branches) + "日"


Recurrence = Weekly | SingleDates | MarketDigits | MarketBranches


def days_of(recurrence: Recurrence, first: date, last: date, *, without: Iterable[date] = ()) -> tuple[date, ...]:
    """Return the days from the first to the last, both included, on which it falls; some may be left out."""
    left_out = frozenset(without)
    return tuple(day for day in days_between(first, last) if recurrence.falls_on(day) and day not in left_out)


def lunar_day(day: date) -> int:
    """Return the day of its lunar month, 1–30, in the years 1900 to 2099."""
    return int(LunarDate.from_solar_date(day.year, day.month, day.day).day)


def lunar_label(day: date) -> str:
    """Return the lunar day in Chinese, with the branch by which markets go: 初三 · 午日."""
    number = lunar_day(day)
    tens = "二" if number == 20 else _TENS[0 if number == 10 else number // 10]
    return f"{tens}{_DIGITS[(number - 1) % 10]} · {branch_of(day)}日"


def branch_of(day: date) -> str:
    """Return the branch (地支) of a day."""
    return BRANCHES[(day - _FIRST_CYCLE).days % len(BRANCHES)]
