"""Asking for a correction (补签), taking it back, and deciding it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.requests import CorrectionExists, RequestDecided
from backend.domain.attendance.errors.taps import IdempotencyKeyReused
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.queries.requests import corrections_used, dispatch_for, get_correction, refuse_own
from backend.domain.attendance.queries.signing import require_open_month
from backend.domain.attendance.rules.corrections import CorrectedTap, CorrectionLimits, why_not_correction
from backend.domain.attendance.rules.days import last_day_touched
from backend.domain.attendance.rules.requests import REQUEST_TRANSITIONS, RequestAction, RequestStatus
from backend.domain.attendance.rules.taps import KIND_LABELS
from backend.domain.attendance.service.timesheets import require_reason, signers_of, touch_months
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import is_suspended
from backend.domain.dispatch.rules import SHIFT_LABELS
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import refusals, transaction

KEY_REUSED = "这次提交与之前的内容不一致，请返回后重新填写。"


@dataclass(frozen=True)
class CorrectionDraft:
    """What is asked for: a tap of a dispatch as it should have been, and why it is missing or wrong."""

    dispatch_id: UUID
    tap: CorrectedTap
    reason: str


@dataclass(frozen=True)
class Requested:
    """A correction that was asked for; `repeated`: the same request had come before."""

    correction: CorrectionRequest
    repeated: bool = False


def request_correction(actor: Actor, draft: CorrectionDraft, *, key: str) -> Requested:
    """Ask for a correction; the same key and content once more give the request that they made.

    Raises:
        DispatchNotFound, Forbidden: it is not the actor's own dispatch.
        CorrectionNotOnDuty, CorrectionInFuture, CorrectionTooOld, CorrectionTimeImplausible, CorrectionsUsedUp: see
            `rules.corrections`.
        CorrectionExists: the same tap is asked for already, or was granted.
        MonthSubmitted, MonthLocked: the month was handed in.
        IdempotencyKeyReused: the key came with something else before.
    """
    with transaction() as session:
        dispatch = dispatch_for(actor, draft.dispatch_id, Action.WRITE, Resource.CORRECTION)
        # One request of a person at a time: two at once must not both find the last one of the month free.
        session.get(Person, dispatch.person_id, with_for_update={"key_share": True})
        request_id = uuid5(dispatch.person_id, f"correction {key}")
        before = session.get(CorrectionRequest, request_id)
        if before is not None:
            return _repeat(before, draft)
        _refuse(dispatch, draft.tap)
        require_open_month(dispatch.id, draft.tap.duty_on, draft.tap.duty_on)
        correction = CorrectionRequest(
            id=request_id,
            dispatch=dispatch,
            person=dispatch.person,
            duty_on=draft.tap.duty_on,
            shift=draft.tap.shift,
            kind=draft.tap.kind,
            happened_at=draft.tap.happened_at,
            reason=draft.reason.strip(),
            status=RequestStatus.REQUESTED,
            requested_at=clock.now(),
        )
        require_reason(correction.reason)
        with refusals({"correction_requests_live_key": CorrectionExists}):
            session.add(correction)
        _record(actor, "request_correction", correction)
        _tell_deciders(correction)
        return Requested(correction)


def cancel_correction(actor: Actor, request_id: UUID, version: int) -> CorrectionRequest:
    """Take back a request of one's own that is not decided.

    Raises:
        RequestNotFound, Forbidden: it is not the actor's own.
        StaleVersion, RequestDecided: it stands otherwise than when it was read.
    """
    with transaction() as session:
        correction = _locked(get_correction(actor, request_id, Action.WRITE), version)
        _move(correction, RequestAction.CANCEL)
        session.flush()
        _record(actor, "cancel_correction", correction)
        return correction


def decide_correction(
    actor: Actor, request_id: UUID, version: int, *, accept: bool, reason: str = ""
) -> CorrectionRequest:
    """Accept or reject a correction; one that is accepted counts at once. A rejection says why.

    Raises:
        RequestNotFound, Forbidden: as in get_correction.
        StaleVersion, RequestDecided: somebody else was faster.
        OwnRequest: it is the actor's own, or that of who appointed them.
        MonthSubmitted, MonthLocked: the month was handed in.
        ReasonMissing: a rejection without a reason.
    """
    if not accept:
        require_reason(reason)
    with transaction() as session:
        correction = _locked(get_correction(actor, request_id, Action.DECIDE), version)
        refuse_own(actor, correction.person_id)
        _move(correction, RequestAction.ACCEPT if accept else RequestAction.REJECT)
        correction.decided_by_person_id = actor.person_id
        correction.decided_at = clock.now()
        correction.decision_reason = reason.strip()
        if accept:
            require_open_month(correction.dispatch_id, correction.duty_on, correction.duty_on)
            last = last_day_touched(correction.duty_on, correction.shift)
            touch_months(correction.dispatch_id, correction.duty_on, last)  # of a month's last night: the next one too
            conclude_shifts([correction.dispatch_id], correction.duty_on, last)
        session.flush()
        session.refresh(correction, ["decided_by"])
        _record(actor, "accept_correction" if accept else "reject_correction", correction)
        _tell_outcome(correction)
        return correction


def _refuse(dispatch: Dispatch, tap: CorrectedTap) -> None:
    day = tap.duty_on
    rests = is_suspended(dispatch.id, day)
    used, a_month = corrections_used(dispatch, day)
    refusal = why_not_correction(
        tap,
        clock.local(clock.now()),
        claimed=() if rests else dispatch.shifts_on(day),
        used=used,
        limits=CorrectionLimits(
            a_month=a_month,
            days_back=find_setting("attendance.correction_days", dispatch.supporting_id, day),
        ),
    )
    if refusal is not None:
        raise refusal


def _repeat(before: CorrectionRequest, draft: CorrectionDraft) -> Requested:
    said = (before.dispatch_id, before.duty_on, before.shift, before.kind, before.happened_at, before.reason)
    tap = draft.tap
    says = (draft.dispatch_id, tap.duty_on, tap.shift, tap.kind, tap.happened_at, draft.reason.strip())
    if said != says:
        raise IdempotencyKeyReused(KEY_REUSED)
    return Requested(before, repeated=True)


def _locked(correction: CorrectionRequest, version: int) -> CorrectionRequest:
    # Two who decide at once must not both pass the checks that follow.
    db.session.refresh(correction, with_for_update={"of": CorrectionRequest})
    if correction.version != version:
        raise StaleVersion
    return correction


def _move(correction: CorrectionRequest, action: RequestAction) -> None:
    following = REQUEST_TRANSITIONS.get((correction.status, action))
    if following is None:
        raise RequestDecided
    correction.status = following
    correction.version += 1


def _record(actor: Actor, action: str, correction: CorrectionRequest) -> None:
    record_event(
        actor,
        action,
        "correction_request",
        correction.id,
        organisation_id=correction.dispatch.supporting_id,
        duty_on=correction.duty_on.isoformat(),
        shift=correction.shift,
        kind=correction.kind,
    )


def label_of(correction: CorrectionRequest) -> str:
    """Return which tap it is about, in Chinese: 9月2日上午签到."""
    day = correction.duty_on
    return f"{day.month}月{day.day}日{SHIFT_LABELS[correction.shift]}{KIND_LABELS[correction.kind]}"


def _tell_deciders(correction: CorrectionRequest) -> None:
    body = f"{correction.person.name}申请补签{label_of(correction)}，请审批。"
    notice = Notice(NoticeKind.CORRECTION_REQUESTED, "补签待审批", body, "/office/requests/index")
    for person_id in signers_of(correction.dispatch):
        owe_notice(person_id, notice, dedupe_key=f"{notice.kind}:{correction.id}:{person_id}")


def _tell_outcome(correction: CorrectionRequest) -> None:
    accepted = correction.status is RequestStatus.ACCEPTED
    title = "补签已同意" if accepted else "补签已退回"
    why = "" if accepted else f"原因：{correction.decision_reason}"
    notice = Notice(NoticeKind.CORRECTION_DECIDED, title, f"{label_of(correction)}。{why}", "/doctor/requests/index")
    owe_notice(correction.person_id, notice, dedupe_key=f"{notice.kind}:{correction.id}")
