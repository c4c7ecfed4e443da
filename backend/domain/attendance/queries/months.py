"""Reading somebody's month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.queries.requests import corrected_arrivals
from backend.domain.attendance.queries.taps import effective_taps
from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.days import DayState, day_state
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.rules import Shift, days_between
from backend.domain.organisations.queries import calendar_of
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.foundation import clock


@dataclass(frozen=True)
class MonthDay:
    """A day of somebody's month. `working` is None where that year's calendar is not loaded."""

    day: date
    working: bool | None
    due: tuple[Shift, ...]  # the shifts claimed on this day
    taps: tuple[CheckIn, ...]
    state: DayState


def month_of(dispatches: Sequence[Dispatch], first: date, last: date) -> list[MonthDay]:
    """Return each day of a period with the effective taps of these dispatches.

    A claimed shift of a free day may be worked and is not missed, nor is one of granted leave; a corrected tap counts
    as made; a day of an unloaded calendar is taken as it is claimed.
    """
    ids = [dispatch.id for dispatch in dispatches]
    taps: dict[date, list[CheckIn]] = defaultdict(list)
    for tap in effective_taps(ids, first, last):
        taps[tap.duty_on].append(tap)
    month = _Month(
        clock.today(),
        calendar_of(dispatches[0].supporting_id if dispatches else None, first, last),
        [row for dispatch in dispatches for row in dispatch.patterns],
        absences_of(ids, first, last),
        corrected_arrivals(ids, first, last),
    )
    return [_month_day(month, day, tuple(taps[day])) for day in days_between(first, last)]


@dataclass(frozen=True)
class _Month:
    """What is known of a period beside its taps."""

    today: date
    calendar: WorkingCalendar
    patterns: Sequence[DutyPattern]
    absences: Mapping[UUID, Sequence[Absence]]
    corrected: frozenset[tuple[date, Shift]]

    def is_excused(self, row: DutyPattern, day: date, shift: Shift) -> bool:
        return any(absence.covers(day, shift) for absence in self.absences.get(row.dispatch_id, ()))


def _month_day(month: _Month, day: date, taps: tuple[CheckIn, ...]) -> MonthDay:
    working = month.calendar.is_working_day(day)
    claims = [(row, shift) for row in month.patterns if day in row.during for shift in row.pattern.shifts_on(day)]
    claimed = {shift for _row, shift in claims}
    awaited = {shift for row, shift in claims if not month.is_excused(row, day, shift)}
    due = tuple(shift for shift in Shift if shift in claimed)
    arrived = frozenset(
        {tap.shift for tap in taps if tap.kind is CheckInKind.IN}
        | {shift for shift in due if (day, shift) in month.corrected}
    )
    expected = tuple(shift for shift in due if shift in awaited | arrived) if working is not False or arrived else ()
    return MonthDay(day, working, due, taps, day_state(day, month.today, due=expected, arrived=arrived))
