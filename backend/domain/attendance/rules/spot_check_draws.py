"""Drawing spot checks: who is asked in a week and when, unpredictable and spread fairly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from backend.domain.dispatch.rules import Shift
from backend.foundation.clock import SHANGHAI

# Within the hours of each shift, with room to arrive before and to answer after. Nobody is woken.
_ASKED_BETWEEN = {
    Shift.MORNING: (time(8, 15), time(11, 40)),
    Shift.AFTERNOON: (time(14, 15), time(17, 15)),
    Shift.NIGHT: (time(18, 30), time(22, 0)),
}
_EVENING = (time(20, 0), time(21, 30))

Window = tuple[datetime, datetime]
ShiftsOn = Callable[[date], tuple[Shift, ...]]
IsWorkingDay = Callable[[date], bool | None]
IsAbsent = Callable[[date, Shift], bool]


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be drawn: how often they were asked of late, and the windows in which they may be asked."""

    dispatch_id: UUID
    person_id: UUID
    recent: int
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Draw:
    """Who is asked when."""

    dispatch_id: UUID
    person_id: UUID
    at: datetime


def presence_windows(
    days: Iterable[date], shifts_on: ShiftsOn, is_working_day: IsWorkingDay, is_absent: IsAbsent
) -> tuple[Window, ...]:
    """Return when somebody may be asked whether they are at work, one window for each claimed shift.

    Only on days that are known to be worked; not with leave, and not by day after a night.
    """
    windows = []
    for day in days:
        after_night = Shift.NIGHT in shifts_on(day - timedelta(days=1))
        for shift in shifts_on(day) if is_working_day(day) else ():
            if not is_absent(day, shift) and (shift is Shift.NIGHT or not after_night):
                windows.append(_window(day, _ASKED_BETWEEN[shift]))
    return tuple(windows)


def evening_windows(
    days: Iterable[date], shifts_on: ShiftsOn, is_working_day: IsWorkingDay, is_absent: IsAbsent
) -> tuple[Window, ...]:
    """Return when somebody may be asked where they lodge: in the evenings between two days on which they are due.

    Who is free the day after may have gone home.
    """

    def due(day: date) -> bool:
        return bool(is_working_day(day) and any(not is_absent(day, shift) for shift in shifts_on(day)))

    return tuple(
        _window(day, _EVENING)
        for day in days
        if due(day) and due(day + timedelta(days=1)) and not is_absent(day, Shift.NIGHT)
    )


def _window(day: date, hours: tuple[time, time]) -> Window:
    return datetime.combine(day, hours[0], SHANGHAI), datetime.combine(day, hours[1], SHANGHAI)


def draw_spot_checks(
    candidates: Sequence[Candidate], share_percent: int, after: datetime, random: Random
) -> list[Draw]:
    """Draw as many as are the share of the people who may be asked after an instant; a fraction is drawn as a chance.

    Who was asked least of late is the likeliest, and nobody is ever safe: one who was just drawn may be drawn
    again, only not for the same shift.
    """
    left = {one.dispatch_id: [window for window in one.windows if window[0] > after] for one in candidates}
    asked = Counter({one.person_id: one.recent for one in candidates})
    people = {one.person_id for one in candidates if left[one.dispatch_id]}
    share = len(people) * share_percent / 100
    draws = []
    for _ in range(int(share) + (random.random() < share % 1)):
        drawable = [one for one in candidates if left[one.dispatch_id]]
        if not drawable:
            break
        (one,) = random.choices(drawable, [1 / (1 + asked[one.person_id]) for one in drawable])
        windows = left[one.dispatch_id]
        starts, ends = windows.pop(random.randrange(len(windows)))
        seconds = random.randrange(int((ends - starts).total_seconds()))
        draws.append(Draw(one.dispatch_id, one.person_id, starts + timedelta(seconds=seconds)))
        asked[one.person_id] += 1
    return draws
