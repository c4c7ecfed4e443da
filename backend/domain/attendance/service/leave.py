"""Asking for leave (请假), giving it up, and deciding it: the recipient, then the supporting hospital if it is long."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import Range

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person
from backend.domain.accounts.queries import holders_of
from backend.domain.attachments.models import Attachment
from backend.domain.attachments.queries import File, list_own_files, read_file
from backend.domain.attachments.rules import PAPERS
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.requests import (
    AttachmentUnusable,
    LeaveInvalid,
    LeaveOverlaps,
    NotYourTurn,
    RecipientFirst,
    RequestDecided,
    SecondPersonNeeded,
)
from backend.domain.attendance.errors.taps import IdempotencyKeyReused
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.leave import (
    get_leave,
    has_granted,
    length_in,
    span_of_leave,
    state_of_leave,
)
from backend.domain.attendance.queries.requests import deciding_party, dispatch_for, refuse_own
from backend.domain.attendance.queries.signing import require_open_month
from backend.domain.attendance.rules.credits import Use
from backend.domain.attendance.rules.leave import (
    LeaveLength,
    LeaveSpan,
    is_long,
    needs_supporting,
    state_after_grant,
    why_not_cancel_leave,
)
from backend.domain.attendance.rules.requests import LEAVE_LABELS, LeaveKind, RequestStatus
from backend.domain.attendance.service.corrections import KEY_REUSED
from backend.domain.attendance.service.credits import require_credit
from backend.domain.attendance.service.leave_notices import tell_deciders, tell_of_return, tell_outcome
from backend.domain.attendance.service.timesheets import require_reason, signers_of
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.service import lift_suspensions, suspend_dispatch
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_SITUATIONS = {
    "leave_requests_one_excl": LeaveOverlaps,
    "leave_attachments_attachment_id_key": AttachmentUnusable,
}


@dataclass(frozen=True)
class LeaveDraft:
    """What is asked for: leave of a kind from one dispatch, why, and the papers that go with it."""

    dispatch_id: UUID
    kind: LeaveKind
    span: LeaveSpan
    reason: str
    attachment_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class LeaveAsked:
    """Leave that was asked for; `repeated`: the same request had come before."""

    leave: LeaveRequest
    repeated: bool = False


def request_leave(actor: Actor, draft: LeaveDraft, *, key: str | None = None) -> LeaveAsked:
    """Ask for leave; the same key and content once more give the request that they made.

    Raises:
        DispatchNotFound, Forbidden: it is not the actor's own dispatch.
        LeaveInvalid: the span lies outside of the dispatch, or takes nothing away.
        LeaveOverlaps: some of the shifts are asked for already, or were granted.
        LeaveCreditShort: it is more than the person earned.
        AttachmentUnusable: a paper is not the actor's own, or belongs to other leave.
        MonthSubmitted, MonthLocked: a month of it was handed in.
        IdempotencyKeyReused: the key came with something else before.
    """
    with transaction() as session:
        dispatch = dispatch_for(actor, draft.dispatch_id, Action.WRITE, Resource.LEAVE)
        session.get(Person, dispatch.person_id, with_for_update={"key_share": True})  # one request of theirs at a time
        request_id = uuid5(dispatch.person_id, f"leave {key}") if key else new_id()
        before = session.get(LeaveRequest, request_id)
        if before is not None:
            return _repeat(before, draft)
        length = _length(dispatch, draft.span)
        require_open_month(dispatch.id, draft.span.starts_on, draft.span.ends_on)
        if draft.kind is LeaveKind.EARNED:
            require_credit(dispatch, Use(draft.span.ends_on, length.halves))
        leave = _new_leave(request_id, dispatch, draft, length)
        leave.attachments = _papers(actor, draft.attachment_ids)
        with refusals(_SITUATIONS):
            session.add(leave)
        _record(actor, "request_leave", leave)
        tell_deciders(leave, length, signers_of(dispatch) or _medical_affairs(dispatch))
        return LeaveAsked(leave)


def cancel_leave(actor: Actor, request_id: UUID, version: int) -> LeaveRequest:
    """Give up leave of one's own that is not decided, or that was granted and has not begun.

    Raises:
        RequestNotFound, Forbidden: it is not the actor's own.
        StaleVersion, RequestDecided, LeaveBegan: it stands otherwise than when it was read, or has begun.
    """
    with transaction() as session:
        leave = _locked(get_leave(actor, request_id, Action.WRITE), version)
        refusal = why_not_cancel_leave(leave.status, leave.starts_on, clock.today())
        if refusal is not None:
            raise refusal
        was_granted = leave.status is RequestStatus.ACCEPTED
        leave.status = RequestStatus.CANCELLED
        leave.version += 1
        session.flush()
        if was_granted:
            lift_suspensions(actor, leave.dispatch, leave.starts_on, leave.ends_on)
            conclude_shifts([leave.dispatch_id], leave.starts_on, leave.ends_on)
            tell_of_return(leave)
        _record(actor, "cancel_leave", leave)
        return leave


def grant_leave(actor: Actor, request_id: UUID, version: int) -> LeaveRequest:
    """Grant leave for the actor's party; once all that must have granted it counts, and long leave suspends.

    Raises:
        RequestNotFound, Forbidden: as in get_leave.
        StaleVersion, RequestDecided: somebody else was faster.
        OwnRequest: it is the actor's own, or that of who appointed them.
        RecipientFirst, NotYourTurn: this party's word is not asked for now.
        SecondPersonNeeded: the actor has granted it for the other party.
        MonthSubmitted, MonthLocked: a month of it was handed in.
        DispatchSuspended: the dispatch rests in these days for something else.
    """
    with transaction() as session:
        leave, party = _for_decision(actor, request_id, version)
        following = state_after_grant(state_of_leave(leave), party)
        if following is None:
            raise RecipientFirst if party is Party.SUPPORTING and leave.needs_supporting else NotYourTurn
        if has_granted(actor, leave):
            raise SecondPersonNeeded
        _sign(leave, party, actor)
        leave.status = following
        session.flush()
        _record(actor, "accept_leave", leave, party=party)
        if following is RequestStatus.ACCEPTED:
            _let_count(actor, leave)
        else:
            tell_deciders(leave, _length(leave.dispatch, span_of_leave(leave)), _medical_affairs(leave.dispatch))
        return leave


def reject_leave(actor: Actor, request_id: UUID, version: int, *, reason: str) -> LeaveRequest:
    """Reject leave, with a reason; either party may.

    Raises:
        RequestNotFound, Forbidden, StaleVersion, RequestDecided, OwnRequest: as in grant_leave.
        ReasonMissing: no reason is given.
    """
    require_reason(reason)
    with transaction() as session:
        leave, party = _for_decision(actor, request_id, version)
        _sign(leave, party, actor)
        leave.status = RequestStatus.REJECTED
        leave.decision_reason = reason.strip()
        session.flush()
        _record(actor, "reject_leave", leave, party=party)
        tell_outcome(leave, "请假已退回", f"原因：{leave.decision_reason}")
        return leave


def read_leave_file(actor: Actor, request_id: UUID, attachment_id: UUID) -> File:
    """Return a paper that goes with leave; every look is audited.

    Raises:
        RequestNotFound, Forbidden: as in get_leave.
        NotFound: no such paper goes with it.
    """
    with transaction():
        leave = get_leave(actor, request_id, resource=Resource.LEAVE_PAPER)
        if attachment_id not in {attachment.id for attachment in leave.attachments}:
            raise NotFound
        _record(actor, "read_leave_file", leave, attachment_id=str(attachment_id))
        return read_file(attachment_id)


def _length(dispatch: Dispatch, span: LeaveSpan) -> LeaveLength:
    wrong = ""
    if span.is_backwards:
        wrong = "结束时间早于开始时间，请修改。"
    elif span.starts_on < dispatch.starts_on or span.ends_on > dispatch.ends_on:
        wrong = f"请假须在派驻期间内（{dispatch.starts_on}至{dispatch.ends_on}），请修改起止日期。"
    if wrong:
        raise LeaveInvalid(wrong, fields={"ends_on": [wrong]})
    length = length_in(dispatch, span)
    if not length.shifts:
        raise LeaveInvalid("这段时间没有派驻班次，无需请假。", fields={"starts_on": ["这段时间没有派驻班次。"]})
    return length


def _new_leave(request_id: UUID, dispatch: Dispatch, draft: LeaveDraft, length: LeaveLength) -> LeaveRequest:
    require_reason(draft.reason)
    span, employer = draft.span, dispatch.supporting_id
    of_recipient = find_setting("attendance.leave_days_of_recipient", employer, span.starts_on)
    long_days = find_setting("attendance.long_leave_days", employer, span.starts_on)
    suspends = is_long(draft.kind, length.halves, long_days)
    return LeaveRequest(
        id=request_id,
        dispatch=dispatch,
        person=dispatch.person,
        kind=draft.kind,
        starts_on=span.starts_on,
        starts_with=span.starts_with,
        ends_on=span.ends_on,
        ends_with=span.ends_with,
        halves=Range(*span.numbers),
        reason=draft.reason.strip(),
        # Nobody's dispatch is suspended without those who must send somebody else.
        needs_supporting=suspends or needs_supporting(length.halves, of_recipient),
        is_long=suspends,
        status=RequestStatus.REQUESTED,
        requested_at=clock.now(),
    )


def _papers(actor: Actor, attachment_ids: frozenset[UUID]) -> list[Attachment]:
    own = list_own_files(actor, attachment_ids)
    if len(own) != len(attachment_ids) or any(paper.content_type not in PAPERS for paper in own):
        raise AttachmentUnusable
    return own


def _repeat(before: LeaveRequest, draft: LeaveDraft) -> LeaveAsked:
    papers = frozenset(attachment.id for attachment in before.attachments)
    if LeaveDraft(before.dispatch_id, before.kind, span_of_leave(before), before.reason, papers) != LeaveDraft(
        draft.dispatch_id, draft.kind, draft.span, draft.reason.strip(), draft.attachment_ids
    ):
        raise IdempotencyKeyReused(KEY_REUSED)
    return LeaveAsked(before, repeated=True)


def _for_decision(actor: Actor, request_id: UUID, version: int) -> tuple[LeaveRequest, Party]:
    leave = _locked(get_leave(actor, request_id, Action.DECIDE), version)
    refuse_own(actor, leave.person_id)
    party = deciding_party(actor, leave.dispatch, Resource.LEAVE)
    if leave.status is not RequestStatus.REQUESTED or party is None:
        raise RequestDecided
    return leave, party


def _locked(leave: LeaveRequest, version: int) -> LeaveRequest:
    # Two who decide at once must not both pass the checks that follow.
    db.session.refresh(leave, with_for_update={"of": LeaveRequest})
    if leave.version != version:
        raise StaleVersion
    return leave


def _sign(leave: LeaveRequest, party: Party, actor: Actor) -> None:
    if party is Party.RECIPIENT:
        leave.recipient_decided_by_id, leave.recipient_decided_at = actor.person_id, clock.now()
    else:
        leave.supporting_decided_by_id, leave.supporting_decided_at = actor.person_id, clock.now()
    leave.version += 1
    db.session.flush()
    db.session.expire(leave, ["recipient_decided_by", "supporting_decided_by"])


def _let_count(actor: Actor, leave: LeaveRequest) -> None:
    require_open_month(leave.dispatch_id, leave.starts_on, leave.ends_on)
    whole_days = length_in(leave.dispatch, span_of_leave(leave)).whole_days
    if leave.is_long and whole_days is not None:
        suspend_dispatch(actor, leave.dispatch, *whole_days, reason=LEAVE_LABELS[leave.kind])
    conclude_shifts([leave.dispatch_id], leave.starts_on, leave.ends_on)
    tell_outcome(leave, "请假已同意", "派驻在此期间暂停，到期后继续。" if leave.is_long else "期间无需签到。")


def _record(actor: Actor, action: str, leave: LeaveRequest, **details: object) -> None:
    about = {"kind": leave.kind, "starts_on": leave.starts_on.isoformat(), "ends_on": leave.ends_on.isoformat()}
    record_event(
        actor, action, "leave_request", leave.id, organisation_id=leave.dispatch.supporting_id, **about, **details
    )


def _medical_affairs(dispatch: Dispatch) -> list[UUID]:
    holders = holders_of(Role.MEDICAL_AFFAIRS, dispatch.supporting_id)
    return [person_id for person_id in holders if person_id != dispatch.person_id]
