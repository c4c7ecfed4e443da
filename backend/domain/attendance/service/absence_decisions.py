"""Deciding that a shift was missed without leave (旷工): a person's word, never a machine's; and taking it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.access.rules import Action, Resource
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.requests import RequestNotFound
from backend.domain.attendance.errors.reviews import AbsenceDecided, AbsenceNotOpen
from backend.domain.attendance.errors.timesheets import RequestsPending
from backend.domain.attendance.models.requests import AbsenceDecision, CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.requests import dispatch_for, refuse_own
from backend.domain.attendance.queries.signing import require_open_month
from backend.domain.attendance.rules.leave import shift_number
from backend.domain.attendance.rules.missed import MISSED
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.service.timesheets import require_reason
from backend.domain.audit.service import record_event
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import SHIFT_LABELS, Shift
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction


def decide_absence(actor: Actor, dispatch_id: UUID, duty_on: date, shift: Shift, *, reason: str) -> AbsenceDecision:
    """Decide that a shift, concluded as not checked in or not counted, was absence without leave.

    Raises:
        DispatchNotFound, Forbidden: only medical affairs of the supporting hospital decides.
        OwnRequest: it is about the actor.
        ReasonMissing: nothing is said.
        AbsenceNotOpen: the shift does not stand so, or may still change by itself.
        RequestsPending: a correction or leave of that shift is not decided yet.
        AbsenceDecided: it is decided already.
        MonthSubmitted, MonthLocked: the month was handed in.
    """
    require_reason(reason)
    with transaction() as session:
        dispatch = dispatch_for(actor, dispatch_id, Action.DECIDE, Resource.CHECK_IN)
        refuse_own(actor, dispatch.person_id)
        require_open_month(dispatch_id, duty_on, duty_on)
        conclude_shifts([dispatch_id], duty_on, duty_on)
        line = session.get(DutyShift, (dispatch_id, duty_on, shift), populate_existing=True)
        if line is None or line.standing not in MISSED:
            raise AbsenceNotOpen
        if _asked_for(dispatch_id, duty_on, shift):
            raise RequestsPending("这个班次还有未审批的补签或请假，请先审批。")
        decision = AbsenceDecision(
            id=new_id(),
            dispatch_id=dispatch_id,
            duty_on=duty_on,
            shift=shift,
            reason=reason.strip(),
            decided_by_person_id=actor.person_id,
            decided_at=clock.now(),
        )
        with refusals({"absence_decisions_live_key": AbsenceDecided}):
            session.add(decision)
        _let_count(actor, dispatch, decision, "decide_absence")
        _tell(dispatch, decision, "认定旷工", f"原因：{decision.reason}如有异议，请联系医务科。")
        return decision


def withdraw_absence(actor: Actor, decision_id: UUID) -> AbsenceDecision:
    """Take a decision back: the shift stands again as evidence says.

    Raises:
        RequestNotFound, Forbidden, OwnRequest, MonthSubmitted, MonthLocked: as in decide_absence.
        AbsenceDecided: it was taken back already.
    """
    with transaction() as session:
        decision = session.get(AbsenceDecision, decision_id, with_for_update=True)
        if decision is None:
            raise RequestNotFound
        try:
            dispatch = dispatch_for(actor, decision.dispatch_id, Action.DECIDE, Resource.CHECK_IN)
        except DispatchNotFound:
            raise RequestNotFound from None
        refuse_own(actor, dispatch.person_id)
        if decision.withdrawn_at is not None:
            raise AbsenceDecided("这项认定已经撤销，请刷新后查看。")
        require_open_month(dispatch.id, decision.duty_on, decision.duty_on)
        decision.withdrawn_at = clock.now()
        _let_count(actor, dispatch, decision, "withdraw_absence")
        _tell(dispatch, decision, "旷工认定已撤销", "该班次按签到记录重新计算。")
        return decision


def _asked_for(dispatch_id: UUID, duty_on: date, shift: Shift) -> bool:
    corrections = select(func.count()).where(
        CorrectionRequest.dispatch_id == dispatch_id,
        CorrectionRequest.duty_on == duty_on,
        CorrectionRequest.shift == shift,
        CorrectionRequest.status == RequestStatus.REQUESTED,
    )
    leaves = select(func.count()).where(
        LeaveRequest.dispatch_id == dispatch_id,
        LeaveRequest.halves.contains(shift_number(duty_on, shift)),
        LeaveRequest.status == RequestStatus.REQUESTED,
    )
    return bool(db.session.scalar(select(corrections.scalar_subquery() + leaves.scalar_subquery())))


def _let_count(actor: Actor, dispatch: Dispatch, decision: AbsenceDecision, action: str) -> None:
    conclude_shifts([dispatch.id], decision.duty_on, decision.duty_on)
    record_event(
        actor,
        action,
        "dispatch",
        dispatch.id,
        organisation_id=dispatch.supporting_id,
        duty_on=decision.duty_on.isoformat(),
        shift=decision.shift,
    )


def _tell(dispatch: Dispatch, decision: AbsenceDecision, title: str, what: str) -> None:
    day = decision.duty_on
    body = f"{day.month}月{day.day}日{SHIFT_LABELS[decision.shift]}（{dispatch.recipient.name}）。{what}"
    page = f"/doctor/month/index?month={day:%Y-%m}&dispatch={dispatch.id}"
    notice = Notice(NoticeKind.TAP_JUDGED, title, body, page)
    owe_notice(dispatch.person_id, notice, dedupe_key=f"{notice.kind}:{decision.id}:{title}")
