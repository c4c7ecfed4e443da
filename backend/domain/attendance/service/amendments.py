"""Changing a countersigned month: a dated amendment of one line, with a countersignature of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.domain.access.rules import Action
from backend.domain.attendance.errors.timesheets import (
    AmendmentInvalid,
    AmendmentPending,
    TimesheetNotFound,
    TimesheetNotWaiting,
)
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.queries.signing import may_ask_for_changes
from backend.domain.attendance.queries.timesheets import get_timesheet, sheets_of
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.timesheets import AMENDABLE, Standing, TimesheetStatus, standing_label
from backend.domain.attendance.service.timesheets import month_label, refuse_signer, require_reason, signers_of
from backend.domain.audit.service import record_event
from backend.domain.dispatch.rules import SHIFT_LABELS, Shift
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_EARNED = "奖励假须事先申请，从余额中扣除，不能以更正代替。请选择其他假别。"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one line of a countersigned month should say instead."""

    duty_on: date
    shift: Shift
    after: Standing
    leave_kind: LeaveKind | None = None
    reason: str


def request_amendment(actor: Actor, timesheet_id: UUID, change: Change) -> TimesheetAmendment:
    """Ask for a line of a countersigned month to be changed; the one concerned or the supporting hospital may.

    Raises:
        TimesheetNotFound, Forbidden: as in get_timesheet.
        TimesheetNotWaiting: it is not countersigned: what it rests on can be changed itself.
        ReasonMissing, AmendmentInvalid: it says no reason, changes nothing, names no line, or would take
            earned leave, which is asked for before.
        AmendmentPending: that line has an amendment that is not decided yet.
    """
    require_reason(change.reason)
    with transaction() as session:
        timesheet = get_timesheet(actor, timesheet_id)
        if not may_ask_for_changes(actor, timesheet.dispatch):
            raise Forbidden
        if timesheet.status is not TimesheetStatus.COUNTERSIGNED:
            raise TimesheetNotWaiting
        if change.leave_kind is LeaveKind.EARNED:
            raise AmendmentInvalid(_EARNED, fields={"leave_kind": [_EARNED]})
        amendment = TimesheetAmendment(
            id=new_id(),
            timesheet_id=timesheet.id,
            duty_on=change.duty_on,
            shift=change.shift,
            before=_standing_now(timesheet, change),
            after=change.after,
            leave_kind=change.leave_kind,
            reason=change.reason.strip(),
            requested_by_person_id=actor.person_id,
            requested_at=clock.now(),
        )
        with refusals({"timesheet_amendments_open_key": AmendmentPending}):
            session.add(amendment)
        _record(actor, "request_amendment", timesheet, amendment)
        for person_id in signers_of(timesheet.dispatch):
            _tell(person_id, timesheet, amendment, NoticeKind.AMENDMENT_REQUESTED, "请会签考勤更正")
        return amendment


def decide_amendment(
    actor: Actor, timesheet_id: UUID, amendment_id: UUID, *, accept: bool, reason: str = ""
) -> TimesheetAmendment:
    """Countersign an amendment, or reject it with a reason; the sheet itself stays as it was signed.

    Raises:
        TimesheetNotFound, Forbidden: as in get_timesheet.
        TimesheetNotWaiting: it is decided already.
        OwnTimesheet: the sheet is the signer's own, or the amendment is.
        ReasonMissing: a rejection says why.
    """
    if not accept:
        require_reason(reason)
    with transaction() as session:
        timesheet = get_timesheet(actor, timesheet_id, Action.DECIDE)
        amendment = session.get(TimesheetAmendment, amendment_id, with_for_update={"of": TimesheetAmendment})
        if amendment is None or amendment.timesheet_id != timesheet.id:
            raise TimesheetNotFound
        refuse_signer(actor, timesheet.dispatch, asked_by=amendment.requested_by_person_id)
        if amendment.status is not RequestStatus.REQUESTED:
            raise TimesheetNotWaiting
        amendment.status = RequestStatus.ACCEPTED if accept else RequestStatus.REJECTED
        amendment.decided_by_person_id = actor.person_id
        amendment.decided_at = clock.now()
        amendment.decision_reason = reason.strip()
        session.flush()
        _record(actor, "decide_amendment", timesheet, amendment)
        title = "考勤更正已会签" if accept else "考勤更正已退回"
        _tell(timesheet.dispatch.person_id, timesheet, amendment, NoticeKind.AMENDMENT_DECIDED, title)
        return amendment


def _standing_now(timesheet: Timesheet, change: Change) -> Standing:
    sheet = sheets_of([timesheet.dispatch_id], timesheet.month)[0]
    line = next((line for line in sheet.lines if (line.duty_on, line.shift) == (change.duty_on, change.shift)), None)
    if line is None or change.after not in AMENDABLE or (change.after is Standing.LEAVE) != bool(change.leave_kind):
        raise AmendmentInvalid
    if (line.standing, line.leave_kind) == (change.after, change.leave_kind):
        raise AmendmentInvalid
    return line.standing


def _record(actor: Actor, action: str, timesheet: Timesheet, amendment: TimesheetAmendment) -> None:
    record_event(
        actor,
        action,
        "timesheet",
        timesheet.id,
        organisation_id=timesheet.dispatch.supporting_id,
        amendment_id=str(amendment.id),
        status=amendment.status or RequestStatus.REQUESTED,
    )


def _tell(person_id: UUID, timesheet: Timesheet, amendment: TimesheetAmendment, kind: NoticeKind, title: str) -> None:
    day = f"{amendment.duty_on.month}月{amendment.duty_on.day}日{SHIFT_LABELS[amendment.shift]}"
    becomes = standing_label(amendment.after, amendment.leave_kind)
    body = f"{month_label(timesheet.month)}考勤表：{day}更正为“{becomes}”。"
    notice = Notice(kind, title, body, f"/doctor/month/index?month={timesheet.month:%Y-%m}")
    owe_notice(person_id, notice, dedupe_key=f"{kind}:{amendment.id}:{person_id}")
