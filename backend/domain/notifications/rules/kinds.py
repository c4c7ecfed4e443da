"""Kinds of notices and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    CLINIC_PLANNED = "clinic_planned"  # to the expert
    CLINIC_CONFLICT = "clinic_conflict"  # to who plans: the expert cannot be there
    CLINIC_CLOSED = "clinic_closed"  # to who had booked
    CLOSURE_REPORTED = "closure_reported"  # to the offices of both hospitals and the desk
    CLOSURE_REVIEWED = "closure_reviewed"
    CALLS_WAITING = "calls_waiting"  # to the desk: some could not be reached
    EXPERT_REPLACED = "expert_replaced"  # to who had booked: another expert comes
    BOOKING_MADE = "booking_made"
    BOOKING_CANCELLED = "booking_cancelled"
    PLACE_OFFERED = "place_offered"  # to who waits, or had booked a closed clinic
    OFFER_LAPSED = "offer_lapsed"
    VISIT_TOMORROW = "visit_tomorrow"
    VISIT_SOON = "visit_soon"
    NO_SHOW_MARKED = "no_show_marked"
    APPEAL_RECEIVED = "appeal_received"  # to the desk
    APPEAL_DECIDED = "appeal_decided"
    ACTIVITY_RETURNED = "activity_returned"
    ACTIVITY_COUNTERSIGNED = "activity_countersigned"
    ACTIVITY_SUBMITTED = "activity_submitted"  # to who countersigns, once a day
    ACTIVITY_INCOMPLETE = "activity_incomplete"  # on Thursdays
    PICTURE_REFUSED = "picture_refused"
    SUBSIDY_DRAFTED = "subsidy_drafted"
    SUBSIDY_SUBMITTED = "subsidy_submitted"  # to whose turn it is
    SUBSIDY_DECIDED = "subsidy_decided"  # returned, refused or approved
    SUBSIDY_PAID = "subsidy_paid"  # or not: the bank's answer
    SUBSIDY_MISMATCH = "subsidy_mismatch"  # to finance: the reconciliation found something
    RUN_PREPARED = "run_prepared"  # to who releases it
    RUN_DECIDED = "run_decided"  # to who prepared it
    RULE_PROPOSED = "rule_proposed"  # of subsidies or promotion, to who approves
    RULE_DECIDED = "rule_decided"  # to who proposed it
    EVALUATION_WAITING = "evaluation_waiting"  # to whose turn it is, the person too
    EVALUATION_COMPLETED = "evaluation_completed"
    CERTIFICATE_ISSUED = "certificate_issued"
    LEAVE_EARNED = "leave_earned"


@dataclass(frozen=True)
class Notice:
    """What is told: a title, a sentence that says what to do, and the phone page that it opens.

    `slots` fills the template of the kind (`rules/templates.py`) by name; templates of work notices take title and
    body.
    """

    kind: NoticeKind
    title: str
    body: str
    page: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
