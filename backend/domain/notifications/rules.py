"""Kinds of notices and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice is about."""

    DISPATCH_ASSIGNED = "dispatch_assigned"
    DISPATCH_CHANGED = "dispatch_changed"
    DISPATCH_ENDED = "dispatch_ended"
    BINDING_REQUESTED = "binding_requested"
    BINDING_ACCEPTED = "binding_accepted"
    BINDING_REJECTED = "binding_rejected"
    TAP_QUESTIONED = "tap_questioned"
    TAP_JUDGED = "tap_judged"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTION_DECIDED = "correction_decided"
    LEAVE_REQUESTED = "leave_requested"
    LEAVE_DECIDED = "leave_decided"
    SUBSTITUTE_NEEDED = "substitute_needed"
    SPOT_CHECK_SENT = "spot_check_sent"
    SPOT_CHECK_REVIEWED = "spot_check_reviewed"
    TIMESHEET_SUBMITTED = "timesheet_submitted"
    TIMESHEET_RETURNED = "timesheet_returned"
    TIMESHEET_COUNTERSIGNED = "timesheet_countersigned"
    TIMESHEET_UNSIGNED = "timesheet_unsigned"
    AMENDMENT_REQUESTED = "amendment_requested"
    AMENDMENT_DECIDED = "amendment_decided"
    DELEGATION_GIVEN = "delegation_given"


class DeliveryStatus(StrEnum):
    """What became of a message that is owed."""

    OWED = "owed"


@dataclass(frozen=True)
class Notice:
    """What is told: a title, a sentence that says what to do, and the phone page that it opens."""

    kind: NoticeKind
    title: str
    body: str
    page: str = ""
