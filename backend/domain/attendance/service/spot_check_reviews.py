"""What the office decides about a spot check: a call that it made, and what is to be thought of a miss."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.attendance.errors.spot_checks import OwnSpotCheck, SpotCheckOver
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.queries.spot_checks import get_spot_check
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckAction,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.attendance.service.spot_checks import (
    CHECKS_PAGE,
    in_time,
    joined,
    move,
    record,
    require_open_review,
)
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Invalid, StaleVersion
from backend.foundation.transaction import transaction


def record_call(actor: Actor, spot_check_id: UUID, version: int, *, present: bool, note: str) -> SpotCheck:
    """Record that the office called the recipient's telephone, and whether the one concerned was there.

    Raises:
        NotFound, Forbidden: as the who-sees-what table says.
        StaleVersion: somebody changed it since this version was read.
        OwnSpotCheck: the actor is the one concerned.
        Invalid: it does not say who was spoken to.
        SpotCheckOver: it was answered or missed before, or was of another day.
    """
    with transaction():
        spot_check = _get_for_decision(actor, spot_check_id, version)
        if not note.strip():
            raise Invalid("请填写通话情况。", fields={"note": ["请填写接听人和通话情况。"]})
        if spot_check.sent_at is None or clock.local(spot_check.sent_at).date() != clock.today():
            raise SpotCheckOver
        if spot_check.status is SpotCheckStatus.DELIVERED and not in_time(spot_check.answer_by):
            raise SpotCheckOver
        move(spot_check, SpotCheckAction.RECORD_CALL)
        spot_check.answered_at = clock.now()
        spot_check.answer_means = AnswerMeans.LANDLINE
        spot_check.recorded_by_person_id = actor.person_id
        spot_check.verdict = Verdict.INSIDE if present else Verdict.OUTSIDE
        spot_check.note = joined(spot_check.note, note)
        record(actor, "record_spot_check_call", spot_check, present=present)
        return spot_check


def review_spot_check(
    actor: Actor, spot_check_id: UUID, version: int, *, review: SpotCheckReview, reason: str
) -> SpotCheck:
    """Decide what is to be thought of a spot check that was missed, claimed to be exempt, or answered in doubt.

    Raises:
        NotFound, Forbidden: as the who-sees-what table says.
        StaleVersion: somebody changed it since this version was read.
        OwnSpotCheck: the actor is the one concerned.
        SpotCheckSettled: there is nothing to review, or it has been reviewed.
        Invalid: no reason is given.
    """
    with transaction():
        spot_check = _get_for_decision(actor, spot_check_id, version)
        require_open_review(spot_check)
        if not reason.strip():
            raise Invalid("请填写核实情况。", fields={"reason": ["请填写核实情况。"]})
        spot_check.review, spot_check.review_reason = review, reason.strip()
        spot_check.reviewed_by_person_id, spot_check.reviewed_at = actor.person_id, clock.now()
        spot_check.version += 1
        record(actor, "review_spot_check", spot_check, review=review)
        title = "查岗核实：情况属实" if review is SpotCheckReview.EXCUSED else "查岗核实：认定缺岗"
        notice = Notice(NoticeKind.SPOT_CHECK_REVIEWED, title, spot_check.review_reason, CHECKS_PAGE)
        owe_notice(spot_check.person_id, notice, dedupe_key=f"spot_check_reviewed:{spot_check.id}")
        return spot_check


def _get_for_decision(actor: Actor, spot_check_id: UUID, version: int) -> SpotCheck:
    spot_check = get_spot_check(actor, spot_check_id, Action.DECIDE, for_update=True)
    if spot_check.person_id == actor.person_id:
        raise OwnSpotCheck
    if spot_check.version != version:
        raise StaleVersion
    return spot_check
