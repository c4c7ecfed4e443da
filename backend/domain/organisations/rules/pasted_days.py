"""Free and worked days as the State Council's notice writes them, read from what somebody pasted.

For example 1月1日（周五）至3日（周日）放假，共3天。2月14日（周日）上班。
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.organisations.rules.working_days import is_weekend

_DAY = r"(?:(\d{4}) *[年/.-] *)?(\d{1,2}) *[月/.-] *(\d{1,2}) *日?"
_TO = r"(?: *(?:至|到|[-—~]+) *(?:(?:(\d{4}) *[年/.-] *)?(\d{1,2}) *[月/.-] *)?(\d{1,2}) *日?)?"
_SPAN = re.compile(rf"(?<!\d){_DAY}{_TO}(?!\d)")
_WORDS = re.compile("放假|休息|上班")
_LONGEST_DAYS = 31


@dataclass(frozen=True)
class PastedDays:
    """What was read: weekdays that are free, weekends that are worked, and what looks like a day and is none."""

    free_days: frozenset[date]
    worked_days: frozenset[date]
    unread: tuple[str, ...]


def read_pasted_days(text: str, year: int) -> PastedDays:
    """Read the days of a notice; those without a year are of this one.

    A day is worked if 上班 follows it within its sentence, free if 放假 does. In a bare list a weekend stands for one
    that is worked. Weekends within free days need no mention and are left out.
    """
    free: set[date] = set()
    worked: set[date] = set()
    unread = []
    plain = re.sub(r"\([^()]*\)", "", unicodedata.normalize("NFKC", text))
    for sentence in re.split("[。;\n]", plain):
        for match in _SPAN.finditer(sentence):
            days = list(_days(match, year))
            if not days:
                unread.append(match[0].strip())
            word = _WORDS.search(sentence, match.end())
            if (word and word[0] == "上班") or (word is None and len(days) == 1 and is_weekend(days[0])):
                worked.update(days)
            else:
                free.update(day for day in days if not is_weekend(day))
    return PastedDays(frozenset(free), frozenset(worked), tuple(unread))


def _days(match: re.Match[str], year: int) -> Iterator[date]:
    """Yield the days of a span, none where it is no span of days."""
    first_year, first_month, first_day, last_year, last_month, last_day = match.groups()
    try:
        first = date(int(first_year or year), int(first_month), int(first_day))
        last = first
        if last_day is not None:
            last = date(int(last_year or first.year), int(last_month or first.month), int(last_day))
    except ValueError:
        return
    if 0 <= (last - first).days < _LONGEST_DAYS:
        yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))
