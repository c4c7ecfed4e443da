"""The lines of a claim by the month that they are about, with its days: how each shift stands and what shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from backend.domain.attendance.rules.timesheets import LEGEND, STANDING_LABELS, Standing, last_of_month
from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, WEEKDAY_LABELS, days_between
from backend.domain.subsidies.queries.evidence import DayShown, ShiftShown
from backend.domain.subsidies.queries.why import Why

_SYMBOLS: Final = {label: symbol for symbol, label in LEGEND}
_MOMENT: Final = re.compile(r"\d\d:\d\d")
_PLAIN: Final = re.compile(r"签到 \d\d:\d\d · 在点内")
_NONE: Final = "—"
_PRESENT: Final = _SYMBOLS[STANDING_LABELS[Standing.PRESENT]]


@dataclass(frozen=True)
class Cell:
    """One shift: the moment of the tap that shows it, else its symbol; all of it in words; and how it looks."""

    mark: str
    text: str
    look: str  # "good" is paid for, "warn" is paid for by more than a plain tap, "" is not


@dataclass(frozen=True)
class Day:
    """A day of the month with a cell for each shift that occurs in it, None where it has none that day."""

    day: date
    weekday_label: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Month:
    """What a claim says of one month: its lines, the days that they rest on, and what to look at among these.

    `unshown` counts shifts that are paid for by the sheet alone, without a tap or a correction.
    """

    month: date
    whys: tuple[Why, ...]
    days: tuple[Day, ...]
    shift_labels: tuple[str, ...]
    notes: tuple[str, ...]
    unshown: int


def months_of(whys: Iterable[Why]) -> list[Month]:
    """Return the lines by month in the order of the claim.

    A month that is taken back and granted anew stands twice, each time with its days as they were counted.
    """
    months: list[tuple[Month, Sequence[DayShown]]] = []
    for why in whys:
        month = why.shown.line.month
        for at, (known, days) in enumerate(months):
            if known.month == month and (not why.days or not days or why.days == days):
                shown = known if days else _month(month, why)  # a line without days waits for one that has them
                months[at] = replace(shown, whys=(*known.whys, why)), days or why.days
                break
        else:
            months.append((_month(month, why), why.days))
    return [month for month, _days in months]


def _month(month: date, why: Why) -> Month:
    found = {(day.day, one.shift): one for day in why.days for one in day.shifts}
    shifts = [shift for shift in SHIFTS if any(key[1] is shift for key in found)]
    cells = {key: _cell(SHIFT_LABELS[key[1]], one) for key, one in found.items()}
    counted = [(day.day, one) for day in why.days for one in day.shifts if one.counts]
    return Month(
        month,
        (why,),
        tuple(
            Day(day, WEEKDAY_LABELS[day.weekday()], tuple(cells.get((day, shift)) for shift in shifts))
            for day in (days_between(month, last_of_month(month)) if found else ())
        ),
        tuple(SHIFT_LABELS[shift] for shift in shifts),
        tuple(
            f"{day.month}月{day.day}日{SHIFT_LABELS[one.shift]} {one.standing_label}：{one.evidence}"
            for day, one in counted
            if one.evidence != _NONE and not _is_plain(one)
        ),
        sum(one.evidence == _NONE for _day, one in counted),
    )


def _cell(shift_label: str, shift: ShiftShown) -> Cell:
    moment = _MOMENT.search(shift.evidence)
    look = "" if not shift.counts else "good" if _is_plain(shift) or shift.evidence == _NONE else "warn"
    label = shift.standing_label
    shown_by = f"：{shift.evidence}" if shift.evidence != _NONE else ""
    symbol = _SYMBOLS.get(label, label[:1])
    mark = moment[0] if moment and symbol == _PRESENT else symbol
    return Cell(mark, f"{shift_label} {label}{shown_by}", look)


def _is_plain(shift: ShiftShown) -> bool:
    """Tell whether one tap inside is all that shows it."""
    return bool(_PLAIN.fullmatch(shift.evidence))
