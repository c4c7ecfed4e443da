"""The blueprint of all pages about records of activities, and what their states are called on them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from markupsafe import Markup

from backend.console.words import state
from backend.domain.activities.rules.kinds import KINDS, PROOF_LABELS, ActivityKind
from backend.domain.activities.rules.oddities import ODDITY_LABELS
from backend.domain.activities.rules.presence import PRESENCE_LABELS, Presence
from backend.domain.activities.rules.statuses import STATUS_LABELS, RecordStatus
from backend.domain.attachments.rules import CHECK_LABELS, OPEN_TO_OTHERS

bp = Blueprint("activities", __name__, url_prefix="/activities")

_STATUSES = {
    RecordStatus.DRAFT: "calm",
    RecordStatus.SUBMITTED: "on",
    RecordStatus.RETURNED: "warn",
    RecordStatus.COUNTERSIGNED: "good",
    RecordStatus.SUPERSEDED: "calm",
    RecordStatus.DISCARDED: "calm",
    RecordStatus.IMPORTED: "away",
    RecordStatus.WITHDRAWN: "bad",
}
_PRESENCES = {
    Presence.PRESENT: "good",
    Presence.ABSENT: "missing",
    Presence.LEAVE: "away",
    Presence.OPEN: "warn",
    Presence.UNKNOWN: "calm",
}


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "record_state": record_state,
        "record_status_label": STATUS_LABELS.__getitem__,
        "was_present": was_present,
        "kind_label": kind_label,
        "entry_of": KINDS.__getitem__,
        "proof_label": PROOF_LABELS.__getitem__,
        "check_label": CHECK_LABELS.__getitem__,
        "open_checks": OPEN_TO_OTHERS,
        "oddity_label": ODDITY_LABELS.__getitem__,
    }


def record_state(value: RecordStatus) -> Markup:
    """Return where a record stands."""
    return state(STATUS_LABELS[value], _STATUSES[value])


def was_present(value: Presence) -> Markup:
    """Return what the attendance of the day says."""
    return state(PRESENCE_LABELS[value], _PRESENCES[value])


def kind_label(value: ActivityKind) -> str:
    """Return what a kind is called."""
    return KINDS[value].label
