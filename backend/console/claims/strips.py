"""The lines of a claim by the month that they are about, and its days as the paper form has them: days across, shifts
down, each with its symbol and the moment that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from backend.domain.attendance.rules.timesheets import LEGEND, last_of_month
from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, WEEKDAY_LABELS, Shift, days_between
from backend.domain.subsidies.queries.evidence import DayShown, ShiftShown
from backend.domain.subsidies.queries.why import Why

_SYMBOLS: Final = {label: symbol for symbol, label in LEGEND}
_MOMENT: Final = re.compile(r"\d\d:\d\d")


@dataclass(frozen=True)
class Cell:
    """One shift: its symbol, the moment of what shows it, the whole of it in words, and whether it is paid for."""

    symbol: str
    moment: str
    text: str
    counts: bool


@dataclass(frozen=True)
class Strip:
    """The days of a month: a column each, a row for each shift that occurs."""

    days: tuple[tuple[date, str], ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True)
class Month:
    """What a claim says of one month: its lines, and the days that they rest on."""

    month: date
    strip: Strip | None
    whys: tuple[Why, ...]


def months_of(whys: Iterable[Why]) -> list[Month]:
    """Return the lines by month, as the claim orders them: its own first, then those of differences.

    A month that is taken back and granted anew has both its states, so that its days are told for each: they are in a
    month of their own.
    """
    months: dict[tuple[date, tuple[DayShown, ...]], Month] = {}
    for one in whys:
        line = one.shown.line
        key = line.month, tuple(one.days)
        found = next((each for each in months if each[0] == line.month and (not key[1] or each[1] == key[1])), key)
        known = months.get(found) or Month(line.month, strip_of(line.month, one.days), ())
        months[found] = replace(known, whys=(*known.whys, one))
    return list(months.values())


def strip_of(month: date, days: Iterable[DayShown]) -> Strip | None:
    """Return the days of a month as a strip, None where a line rests on none."""
    cells = {(day.day, one.shift): _cell(one) for day in days for one in day.shifts}
    if not cells:
        return None
    shown = list(days_between(month, last_of_month(month)))
    shifts: list[Shift] = [shift for shift in SHIFTS if any(key[1] is shift for key in cells)]
    return Strip(
        tuple((day, WEEKDAY_LABELS[day.weekday()]) for day in shown),
        tuple((SHIFT_LABELS[shift], tuple(cells.get((day, shift)) for day in shown)) for shift in shifts),
    )


def _cell(shift: ShiftShown) -> Cell:
    label, moment = shift.standing_label, _MOMENT.search(shift.evidence)
    symbol = _SYMBOLS.get(label, label[:1])
    return Cell(symbol, moment[0] if moment else "", f"{label}：{shift.evidence}", shift.counts)
