"""How taps, shifts, requests and timesheets stand, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from backend.console.words.looks import state
from backend.domain.access.rules import Party
from backend.domain.attendance.rules import days, taps
from backend.domain.attendance.rules.days import DayState, Presence
from backend.domain.attendance.rules.evidence import CONFIRMATION_LABELS, JUDGEMENT_LABELS
from backend.domain.attendance.rules.requests import LEAVE_LABELS, REQUEST_STATUS_LABELS, RequestStatus
from backend.domain.attendance.rules.taps import Reason, Verdict
from backend.domain.attendance.rules.timesheets import (
    STANDING_LABELS,
    TIMESHEET_STATUS_LABELS,
    Line,
    Standing,
    TimesheetStatus,
    days_text,
    standing_label,
)

_PRESENCES = {
    Presence.INSIDE: "good",
    Presence.UNCERTAIN: "warn",
    Presence.OUTSIDE: "bad",
    Presence.NOT_CHECKED_IN: "missing",
    Presence.ON_LEAVE: "away",
    Presence.NIGHT_REST: "away",
    Presence.NOT_DUE: "calm",
}
_VERDICTS = {Verdict.INSIDE: "good", Verdict.UNCERTAIN: "warn", Verdict.OUTSIDE: "bad"}
_STANDINGS = {
    Standing.PRESENT: "good",
    Standing.CORRECTED: "good",
    Standing.IN_DOUBT: "warn",
    Standing.NOT_COUNTED: "bad",
    Standing.LEAVE: "away",
    Standing.NIGHT_REST: "away",
    Standing.NOT_CHECKED_IN: "missing",
    Standing.ABSENT: "bad",
    Standing.OPEN: "calm",
}
_REQUESTS = {
    RequestStatus.REQUESTED: "on",
    RequestStatus.ACCEPTED: "good",
    RequestStatus.REJECTED: "bad",
    RequestStatus.CANCELLED: "calm",
}
_TIMESHEETS = {
    TimesheetStatus.DRAFT: "calm",
    TimesheetStatus.SUBMITTED: "on",
    TimesheetStatus.RETURNED: "warn",
    TimesheetStatus.COUNTERSIGNED: "good",
}
_DAYS = {
    DayState.COMPLETE: ("全天已签", "good"),
    DayState.PARTIAL: ("部分未签", "warn"),
    DayState.MISSING: ("未签到", "missing"),
    DayState.FUTURE: ("待签到", "calm"),
}
_PARTIES = {Party.RECIPIENT: "受援单位", Party.SUPPORTING: "支援医院"}


def presence_state(value: Presence) -> Markup:
    """Return how a shift stands."""
    return state(days.PRESENCE_LABELS[value], _PRESENCES[value])


def verdict_state(value: Verdict) -> Markup:
    """Return what the server made of a tap."""
    return state(taps.VERDICT_LABELS[value], _VERDICTS[value])


def standing_state(line: Line) -> Markup:
    """Return how a line of a timesheet stands."""
    return state(line.label, _STANDINGS[line.standing])


def request_state(value: RequestStatus) -> Markup:
    """Return where a request stands."""
    return state(REQUEST_STATUS_LABELS[value], _REQUESTS[value])


def timesheet_state(value: TimesheetStatus) -> Markup:
    """Return where a timesheet stands."""
    return state(TIMESHEET_STATUS_LABELS[value], _TIMESHEETS[value])


def day_state(value: DayState) -> Markup:
    """Return how a duty day stands; nothing for a day off."""
    return state(*_DAYS[value]) if value in _DAYS else Markup("")


def reason_text(code: str) -> str:
    """Return a reason of a verdict in words."""
    return taps.REASON_TEXTS[Reason(code)]


NAMES: Mapping[str, Any] = {
    "presence_label": days.PRESENCE_LABELS.__getitem__,
    "presence_state": presence_state,
    "day_state": day_state,
    "verdict_state": verdict_state,
    "standing_state": standing_state,
    "standing_label": STANDING_LABELS.__getitem__,
    "standing_look": _STANDINGS.__getitem__,
    "timesheet_state": timesheet_state,
    "timesheet_status_label": TIMESHEET_STATUS_LABELS.__getitem__,
    "days_text": days_text,
    "after_label": standing_label,
    "leave_label": LEAVE_LABELS.__getitem__,
    "request_state": request_state,
    "party_label": _PARTIES.__getitem__,
    "request_status_label": REQUEST_STATUS_LABELS.__getitem__,
    "verdict_label": taps.VERDICT_LABELS.__getitem__,
    "confirmation_label": CONFIRMATION_LABELS.__getitem__,
    "judgement_label": JUDGEMENT_LABELS.__getitem__,
    "tap_label": taps.KIND_LABELS.__getitem__,
    "reason_text": reason_text,
}
