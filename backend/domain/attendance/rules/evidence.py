"""How far a tap may be believed, and who has said what about it."""

from __future__ import annotations

from enum import StrEnum

from backend.domain.attendance.rules.taps import Verdict


class Outcome(StrEnum):
    """What the evidence of a tap comes to; a machine says no more, a person judges."""

    VERIFIED = "verified"
    UNCERTAIN = "uncertain"
    SUSPECT = "suspect"


class Confirmation(StrEnum):
    """The recipient's word on the spot (现场确认)."""

    PRESENT = "present"
    ABSENT = "absent"


class Judgement(StrEnum):
    """What the supporting hospital decided about a tap; FHIR Task's words."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


def outcome_of_place(verdict: Verdict) -> Outcome:
    """Return what the place alone comes to; what else is known of the tap may lower it."""
    return _OF_PLACE[verdict]


_OF_PLACE = {
    Verdict.INSIDE: Outcome.VERIFIED,
    Verdict.UNCERTAIN: Outcome.UNCERTAIN,
    Verdict.OUTSIDE: Outcome.SUSPECT,
}
OUTCOME_LABELS = {Outcome.VERIFIED: "可信", Outcome.UNCERTAIN: "存疑", Outcome.SUSPECT: "异常"}
CONFIRMATION_LABELS = {Confirmation.PRESENT: "现场确认在岗", Confirmation.ABSENT: "现场确认不在岗"}
JUDGEMENT_LABELS = {Judgement.ACCEPTED: "予以认定", Judgement.REJECTED: "不予认定"}
