"""How far a tap may be believed, which of several counts, and who has said what about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from backend.domain.attendance.rules.taps import CheckInKind, Reason, Verdict
from backend.domain.attendance.rules.taps import Judgement as PlaceJudgement


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


OUTCOME_LABELS = {Outcome.VERIFIED: "可信", Outcome.UNCERTAIN: "存疑", Outcome.SUSPECT: "异常"}
CONFIRMATION_LABELS = {Confirmation.PRESENT: "现场确认在岗", Confirmation.ABSENT: "现场确认不在岗"}
JUDGEMENT_LABELS = {Judgement.ACCEPTED: "予以认定", Judgement.REJECTED: "不予认定"}
_RANK = {Outcome.VERIFIED: 0, Outcome.UNCERTAIN: 1, Outcome.SUSPECT: 2}
_RANK_OF_PLACE = {Verdict.INSIDE: 0, Verdict.UNCERTAIN: 1, Verdict.OUTSIDE: 2}


NEAR_METRES = 1_000
"""Up to here beyond the fence a tap is in doubt, and not suspect: in a valley, satellites are off by hundreds of metres
without saying so. Whoever lives near by is an exception all the same, and does not count until somebody has spoken."""


def outcome_of_place(verdict: Verdict, beyond_m: float = inf) -> Outcome:
    """Return what the place alone comes to; what else is known of the tap may lower it."""
    if verdict is Verdict.OUTSIDE and beyond_m < NEAR_METRES:
        return Outcome.UNCERTAIN
    return _OF_PLACE[verdict]


_OF_PLACE = {
    Verdict.INSIDE: Outcome.VERIFIED,
    Verdict.UNCERTAIN: Outcome.UNCERTAIN,
    Verdict.OUTSIDE: Outcome.SUSPECT,
}


@dataclass(frozen=True)
class Evidence:
    """What one tap comes to by itself, why, and whether a site's rotating code supports it."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    supported: bool = False


def weigh_tap(
    place: PlaceJudgement, *, late: bool, staleness: Reason | None = None, code_holds: bool | None = None
) -> Evidence:
    """Weigh all that one tap tells of itself; what only several taps tell is weighed later.

    `staleness` says why a fix cannot be known to be of now, `code_holds` is None where no code was read. A code that
    holds speaks where the place says too little: it is fresh itself, so it also stands for a stale fix. It never
    overrides outside, and a late tap stays uncertain with it.
    """
    if code_holds and place.verdict is not Verdict.OUTSIDE:
        reasons = (*place.reasons, Reason.SITE_CODE)
        return Evidence(Outcome.UNCERTAIN if late else Outcome.VERIFIED, reasons, supported=True)
    outcome, reasons = outcome_of_place(place.verdict, place.beyond_m), place.reasons
    if code_holds is not None:
        reasons = (*reasons, Reason.SITE_CODE_OUTSIDE if code_holds else Reason.SITE_CODE_UNCHECKED)
    if staleness is not None:
        outcome, reasons = worse(outcome, Outcome.UNCERTAIN), (*reasons, staleness)
    return Evidence(outcome, reasons)


def worse(one: Outcome, other: Outcome) -> Outcome:
    """Return the worse of two outcomes."""
    return max(one, other, key=_RANK.__getitem__)


@dataclass(frozen=True)
class Weight:
    """What decides which of the taps of a duty counts."""

    outcome: Outcome
    verdict: Verdict
    tapped_at: datetime

    @property
    def rank(self) -> tuple[int, int]:
        """Less is better; what is verified is so by whatever means."""
        verified = self.outcome is Outcome.VERIFIED
        return _RANK[self.outcome], 0 if verified else _RANK_OF_PLACE[self.verdict]


def supersedes(kind: CheckInKind, new: Weight, effective: Weight) -> bool:
    """Tell whether a new tap takes the place of the effective one of its duty.

    Arriving: the earliest verified, else the best, else the earliest. Leaving: likewise, but the latest.
    """
    if new.rank != effective.rank:
        return new.rank < effective.rank
    return new.tapped_at < effective.tapped_at if kind is CheckInKind.IN else new.tapped_at > effective.tapped_at
