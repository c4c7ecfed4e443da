"""When a patient is reminded of a visit: the evening before, and two hours before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from backend.domain.notifications.rules.kinds import NoticeKind
from backend.foundation import clock

EVENING = time(18, 0)  # the old go to bed early, and the bus leaves at six
SHORTLY = timedelta(hours=2)
TITLES: Mapping[NoticeKind, str] = {
    NoticeKind.VISIT_TOMORROW: "就诊提醒",
    NoticeKind.VISIT_SOON: "今天就诊提醒",
}


@dataclass(frozen=True)
class Reminder:
    """A reminder that is due, of visits that begin after one instant and until another.

    `due_at`: since when; None: since `SHORTLY` before each visit.
    """

    kind: NoticeKind
    after: datetime
    until: datetime
    due_at: datetime | None = None


def reminders_due(now: datetime) -> list[Reminder]:
    """Return of which visits one is reminded at an instant."""
    due = [Reminder(NoticeKind.VISIT_SOON, now, now + SHORTLY)]
    evening = datetime.combine(clock.local(now), EVENING, clock.SHANGHAI)
    if now >= evening:
        midnight = datetime.combine(clock.local(now) + timedelta(days=1), time.min, clock.SHANGHAI)
        due.append(Reminder(NoticeKind.VISIT_TOMORROW, midnight, midnight + timedelta(days=1), evening))
    return due
