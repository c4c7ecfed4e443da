"""Reading somebody's month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.taps import effective_taps
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

    A claimed shift of a free day may be worked and is not missed; a day of an unloaded calendar is taken as it is
    claimed.
    """
    today = clock.today()
    calendar = calendar_of(dispatches[0].supporting_id if dispatches else None, first, last)
    taps: dict[date, list[CheckIn]] = defaultdict(list)
    for tap in effective_taps([dispatch.id for dispatch in dispatches], first, last):
        taps[tap.duty_on].append(tap)
    patterns = [row for dispatch in dispatches for row in dispatch.patterns]
    return [_month_day(day, today, calendar, patterns, tuple(taps[day])) for day in days_between(first, last)]


def _month_day(
    day: date, today: date, calendar: WorkingCalendar, patterns: Sequence[DutyPattern], taps: tuple[CheckIn, ...]
) -> MonthDay:
    working = calendar.is_working_day(day)
    claimed = {shift for row in patterns if day in row.during for shift in row.pattern.shifts_on(day)}
    due = tuple(shift for shift in Shift if shift in claimed)
    arrived = frozenset(tap.shift for tap in taps if tap.kind is CheckInKind.IN)
    expected = due if working is not False or arrived else ()
    return MonthDay(day, working, due, taps, day_state(day, today, due=expected, arrived=arrived))
