"""What people say about a tap: the one concerned explains, the recipient confirms, the supporting hospital judges."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.reviews import NothingToConfirm, OwnTap, TapJudged
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.queries.requests import decides_for_oneself
from backend.domain.attendance.queries.taps import get_check_in
from backend.domain.attendance.rules.days import last_day_touched
from backend.domain.attendance.rules.evidence import JUDGEMENT_LABELS, Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.taps import KIND_LABELS
from backend.domain.attendance.service.timesheets import require_reason, touch_months
from backend.domain.audit.service import record_event
from backend.domain.dispatch.rules import SHIFT_LABELS
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import transaction


def explain_tap(actor: Actor, check_in_id: UUID, text: str) -> CheckIn:
    """Say what happened at a tap of one's own; until it is judged one may say it anew.

    Raises:
        NotFound, Forbidden: it is not the actor's own.
        TapJudged, MonthLocked: it is too late to explain.
        ReasonMissing: nothing is said.
    """
    require_reason(text)
    with transaction():
        check_in = get_check_in(actor, check_in_id, Action.WRITE)
        review = _locked(check_in)
        if review.judgement is not None:
            raise TapJudged
        touch_months(check_in.dispatch_id, check_in.duty_on, check_in.duty_on)
        review.explanation = text.strip()
        review.explained_at = clock.now()
        _record(actor, "explain_tap", check_in, review)
        return check_in


def confirm_presence(actor: Actor, check_in_id: UUID, version: int, confirmation: Confirmation) -> CheckIn:
    """Say for the recipient whether the person was there (现场确认); it counts at once, until it is judged otherwise.

    Raises:
        NotFound, Forbidden: as in get_check_in.
        StaleVersion: somebody said something since this version was read; 0 is that of a tap without a word.
        OwnTap: it is the actor's own, or that of who appointed them.
        NothingToConfirm: the tap is verified.
        TapJudged: the supporting hospital has judged it.
        MonthLocked: its month is countersigned.
    """
    with transaction():
        check_in = get_check_in(actor, check_in_id, Action.CONFIRM)
        review = _locked_for_decision(actor, check_in, version)
        if review.judgement is not None:
            raise TapJudged
        if check_in.outcome is Outcome.VERIFIED:
            raise NothingToConfirm
        review.confirmation = confirmation
        review.confirmed_at = clock.now()
        review.confirmed_by_person_id = actor.person_id
        _record(actor, "confirm_tap", check_in, review, confirmation=confirmation)
        _conclude(check_in)
        if confirmation is Confirmation.ABSENT:
            body = f"{label_of(check_in)}，受援单位确认您不在现场。如有不符，请补充说明。"
            _tell(check_in, NoticeKind.TAP_QUESTIONED, "签到存疑，请说明", body, review.version)
        return check_in


def judge_tap(actor: Actor, check_in_id: UUID, version: int, judgement: Judgement, *, reason: str) -> CheckIn:
    """Decide for the supporting hospital whether a tap counts, and why; it beats what was said before.

    Raises:
        NotFound, Forbidden, StaleVersion, OwnTap, MonthLocked: as in confirm_presence.
        ReasonMissing: no reason is given.
    """
    require_reason(reason)
    with transaction():
        check_in = get_check_in(actor, check_in_id, Action.DECIDE)
        review = _locked_for_decision(actor, check_in, version)
        review.judgement = judgement
        review.judgement_reason = reason.strip()
        review.judged_at = clock.now()
        review.judged_by_person_id = actor.person_id
        _record(actor, "judge_tap", check_in, review, judgement=judgement)
        _conclude(check_in)
        body = f"{label_of(check_in)}：{JUDGEMENT_LABELS[judgement]}。理由：{review.judgement_reason}"
        _tell(check_in, NoticeKind.TAP_JUDGED, "签到已核实", body, review.version)
        return check_in


def question_tap(actor: Actor, check_in_id: UUID) -> CheckIn:
    """Ask the one concerned to explain a tap; once a day, however often it is asked.

    Raises:
        NotFound, Forbidden: as in get_check_in.
        TapJudged: there is nothing to explain any more.
    """
    with transaction():
        check_in = get_check_in(actor, check_in_id, Action.DECIDE)
        if check_in.review is not None and check_in.review.judgement is not None:
            raise TapJudged
        record_event(actor, "question_tap", "check_in", check_in.id, organisation_id=check_in.dispatch.supporting_id)
        body = f"{label_of(check_in)}需要核实，请补充说明当时的情况。"
        notice = Notice(NoticeKind.TAP_QUESTIONED, "请说明一次签到", body, phone_page(check_in))
        owe_notice(check_in.person_id, notice, dedupe_key=f"{notice.kind}:{check_in.id}:{clock.today()}")
        return check_in


def phone_page(check_in: CheckIn) -> str:
    """Return where the one concerned says a word about a tap."""
    return f"/doctor/day/index?dispatch={check_in.dispatch_id}&day={check_in.duty_on}"


def label_of(check_in: CheckIn) -> str:
    """Return which tap it is, in Chinese: 9月2日上午签到."""
    day = check_in.duty_on
    return f"{day.month}月{day.day}日{SHIFT_LABELS[check_in.shift]}{KIND_LABELS[check_in.kind]}"


def _locked(check_in: CheckIn) -> CheckInReview:
    """Return what was said about a tap, locked with it: a tap without a word has no row to lock."""
    db.session.refresh(check_in, with_for_update={"of": CheckIn, "key_share": True})
    review = db.session.get(CheckInReview, check_in.id, populate_existing=True)
    if review is None:
        review = CheckInReview(check_in_id=check_in.id, explanation="", judgement_reason="", version=0)
        check_in.review = review
    return review


def _locked_for_decision(actor: Actor, check_in: CheckIn, version: int) -> CheckInReview:
    review = _locked(check_in)
    if review.version != version:
        raise StaleVersion
    if decides_for_oneself(actor, check_in.person_id):
        raise OwnTap
    touch_months(check_in.dispatch_id, check_in.duty_on, last_day_touched(check_in.duty_on, check_in.shift))
    return review


def _record(actor: Actor, action: str, check_in: CheckIn, review: CheckInReview, **details: str) -> None:
    review.version += 1
    db.session.flush()
    record_event(actor, action, "check_in", check_in.id, organisation_id=check_in.dispatch.supporting_id, **details)


def _conclude(check_in: CheckIn) -> None:
    last = last_day_touched(check_in.duty_on, check_in.shift)
    conclude_shifts([check_in.dispatch_id], check_in.duty_on, last)


def _tell(check_in: CheckIn, kind: NoticeKind, title: str, body: str, version: int) -> None:
    notice = Notice(kind, title, body, phone_page(check_in))
    owe_notice(check_in.person_id, notice, dedupe_key=f"{kind}:{check_in.id}:{version}")
