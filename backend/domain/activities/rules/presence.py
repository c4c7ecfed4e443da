"""What the attendance of a day says of who records what they did on it: shown beside, it never blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from backend.domain.attendance.rules.timesheets import SERVED, Standing


class Presence(StrEnum):
    """Whether somebody was there on a day."""

    PRESENT = "present"
    ABSENT = "absent"
    LEAVE = "leave"  # or the rest after a night
    OPEN = "open"  # a tap in doubt, or a shift that may still be tapped
    UNKNOWN = "unknown"  # nothing was claimed on that day, and nothing tapped


PRESENCE_LABELS: Mapping[Presence, str] = {
    Presence.PRESENT: "在岗",
    Presence.ABSENT: "未签到",
    Presence.LEAVE: "请假或休息",
    Presence.OPEN: "待定",
    Presence.UNKNOWN: "没有排班和签到",
}
_UNSETTLED = frozenset({Standing.OPEN, Standing.IN_DOUBT})
_EXCUSED = frozenset({Standing.LEAVE, Standing.NIGHT_REST})


def presence_on(standings: Collection[Standing]) -> Presence:
    """Return what the shifts of a day come to: one served shift is presence, one that was missed is not excused."""
    if not standings:
        return Presence.UNKNOWN
    if SERVED.intersection(standings):
        return Presence.PRESENT
    if _UNSETTLED.intersection(standings):
        return Presence.OPEN
    return Presence.LEAVE if _EXCUSED.issuperset(standings) else Presence.ABSENT
