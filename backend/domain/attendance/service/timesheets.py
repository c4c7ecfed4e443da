"""Handing in a month, countersigning it or giving it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import holders_of, was_appointed_by
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.errors.reviews import ReasonMissing
from backend.domain.attendance.errors.timesheets import (
    CalendarNotLoaded,
    DaysStillOpen,
    LinesInDoubt,
    MonthLocked,
    MonthNotOver,
    NotClean,
    OwnTimesheet,
    RequestsPending,
    TimesheetNotFound,
    TimesheetNotWaiting,
)
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.signing import open_requests_in
from backend.domain.attendance.queries.timesheets import Sheet, get_sheet, get_timesheet, sheets_of
from backend.domain.attendance.rules.timesheets import (
    TRANSITIONS,
    Standing,
    TimesheetAction,
    TimesheetStatus,
    last_of_month,
    month_of_day,
)
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.queries import require_list_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.codes import new_verification_code
from backend.foundation.errors import BangfuError, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


def submit_timesheet(actor: Actor, dispatch_id: UUID, month: date, version: int, *, remark: str = "") -> Sheet:
    """Hand in a month; from then on nothing in it changes unless it is given back. `version` is 0 the first time.

    Raises:
        TimesheetNotFound, Forbidden: as in get_sheet; only the one concerned hands in.
        StaleVersion: it was handed in or given back since it was read.
        TimesheetNotWaiting: it is handed in already.
        MonthNotOver, RequestsPending, DaysStillOpen, CalendarNotLoaded: something is still to come.
    """
    with transaction() as session:
        dispatch = get_sheet(actor, dispatch_id, month, Action.WRITE).dispatch
        timesheet = _locked(dispatch_id, month)
        if timesheet.version != version:
            raise StaleVersion
        status = _next(timesheet, TimesheetAction.SUBMIT)
        conclude_shifts([dispatch_id], month, last_of_month(month))
        _refuse_unfinished(sheets_of([dispatch_id], month)[0])
        timesheet.status = status
        timesheet.submitted_at = clock.now()
        timesheet.remark = remark.strip()
        timesheet.return_reason = ""
        timesheet.reminded_at = timesheet.escalated_at = None
        timesheet.version += 1
        session.flush()
        record_event(actor, "submit_timesheet", "timesheet", timesheet.id, organisation_id=dispatch.supporting_id)
        tell_signers(dispatch, timesheet, NoticeKind.TIMESHEET_SUBMITTED, "请会签考勤表")
        return sheets_of([dispatch_id], month)[0]


def why_not_submit(sheet: Sheet) -> BangfuError | None:
    """Return what stands in the way of handing a month in, None when nothing does."""
    try:
        _next_of(sheet.status, TimesheetAction.SUBMIT)
        _refuse_unfinished(sheet)
    except BangfuError as refusal:
        return refusal
    return None


def countersign_timesheet(actor: Actor, timesheet_id: UUID, version: int, *, together: bool = False) -> Timesheet:
    """Countersign a month: it is locked, and its printed form can be verified. `together` takes only clean ones.

    Raises:
        TimesheetNotFound, Forbidden: as in get_timesheet.
        StaleVersion, TimesheetNotWaiting: it stands otherwise than when it was read.
        OwnTimesheet: it is the signer's own, or that of who appointed the signer.
        LinesInDoubt: nobody has said of some tap whether the person was there.
        NotClean: it has exceptions, and must be opened by itself.
    """
    with transaction() as session:
        timesheet = _for_decision(actor, timesheet_id, version)
        dispatch = timesheet.dispatch
        refuse_signer(actor, dispatch)
        status = _next(timesheet, TimesheetAction.COUNTERSIGN)
        sheet = sheets_of([dispatch.id], timesheet.month)[0]
        if together and not sheet.is_clean:
            raise NotClean
        if sheet.has_doubts:
            raise LinesInDoubt
        timesheet.status = status
        timesheet.countersigned_at = clock.now()
        timesheet.countersigned_by_person_id = actor.person_id
        timesheet.countersigned_as = actor.role
        timesheet.verification_code = new_verification_code()
        timesheet.version += 1
        session.flush()
        record_event(actor, "countersign_timesheet", "timesheet", timesheet.id, organisation_id=dispatch.supporting_id)
        _tell(timesheet, NoticeKind.TIMESHEET_COUNTERSIGNED, "考勤表已会签", "可以查看和打印考勤表。")
        return timesheet


@dataclass(frozen=True)
class Left:
    """A timesheet that was not signed with the others, and why."""

    timesheet_id: UUID
    error: BangfuError


def countersign_clean(actor: Actor, chosen: Iterable[tuple[UUID, int]]) -> tuple[list[UUID], list[Left]]:
    """Countersign those of these (id, version) that have no exception, each by itself; return who was left, and why.

    Raises:
        Forbidden: the current role signs nothing.
    """
    require_list_right(actor, Action.DECIDE, Resource.TIMESHEET)
    signed, left = [], []
    for timesheet_id, version in chosen:
        try:
            signed.append(countersign_timesheet(actor, timesheet_id, version, together=True).id)
        except BangfuError as refusal:
            left.append(Left(timesheet_id, refusal))
    return signed, left


def return_timesheet(actor: Actor, timesheet_id: UUID, version: int, *, reason: str) -> Timesheet:
    """Give a month back to the one concerned, with a reason.

    Raises:
        TimesheetNotFound, Forbidden, StaleVersion, TimesheetNotWaiting: as in countersign_timesheet.
        ReasonMissing: no reason is given.
    """
    require_reason(reason)
    with transaction() as session:
        timesheet = _for_decision(actor, timesheet_id, version)
        timesheet.status = _next(timesheet, TimesheetAction.RETURN)
        timesheet.return_reason = reason.strip()
        timesheet.returned_at = clock.now()
        timesheet.returned_by_person_id = actor.person_id
        timesheet.reminded_at = timesheet.escalated_at = None
        timesheet.version += 1
        session.flush()
        record_event(
            actor, "return_timesheet", "timesheet", timesheet.id, organisation_id=timesheet.dispatch.supporting_id
        )
        _tell(timesheet, NoticeKind.TIMESHEET_RETURNED, "考勤表已退回", f"原因：{timesheet.return_reason}")
        return timesheet


def refuse_signer(actor: Actor, dispatch: Dispatch, *, asked_by: UUID | None = None) -> None:
    """Let somebody sign for a person's month, or say that they may not.

    Raises:
        OwnTimesheet: it is their own, that of who appointed them, or what they asked for themselves.
    """
    if actor.person_id in (dispatch.person_id, asked_by):
        raise OwnTimesheet
    appointers = [person_id for person_id in (dispatch.person_id, asked_by) if person_id is not None]
    if actor.role is Role.DELEGATE and any(was_appointed_by(actor, person_id) for person_id in appointers):
        raise OwnTimesheet


def touch_months(dispatch_id: UUID, first: date, last: date) -> None:
    """Refuse to change what is countersigned; who signs what was handed in has to read it as it stands now.

    Raises:
        MonthLocked: a month of these days is countersigned.
    """
    months = Timesheet.month.between(month_of_day(first), last)
    statement = select(Timesheet).where(Timesheet.dispatch_id == dispatch_id, months)
    for timesheet in db.session.scalars(statement.with_for_update()):
        if timesheet.status is TimesheetStatus.COUNTERSIGNED:
            raise MonthLocked
        if timesheet.status is TimesheetStatus.SUBMITTED:
            timesheet.version += 1


def require_reason(reason: str) -> None:
    """Let a reason pass.

    Raises:
        ReasonMissing: nothing is said.
    """
    if not reason.strip():
        raise ReasonMissing(fields={"reason": ["请填写原因。"]})


def signers_of(dispatch: Dispatch) -> list[UUID]:
    """Return the ids of those who may sign for a person's month at the recipient."""
    at = dispatch.recipient_id
    holders = {*holders_of(Role.DIRECTOR, at), *holders_of(Role.DELEGATE, at)}
    return sorted(holders - {dispatch.person_id})


def month_label(month: date) -> str:
    """Return a month in Chinese."""
    return f"{month.year}年{month.month}月"


def _locked(dispatch_id: UUID, month: date) -> Timesheet:
    """Return the row of a month for update, made if there is none."""
    db.session.execute(
        insert(Timesheet).values(id=new_id(), dispatch_id=dispatch_id, month=month, version=0).on_conflict_do_nothing()
    )
    statement = select(Timesheet).where(Timesheet.dispatch_id == dispatch_id, Timesheet.month == month)
    return db.session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one()


def _for_decision(actor: Actor, timesheet_id: UUID, version: int) -> Timesheet:
    timesheet = get_timesheet(actor, timesheet_id, Action.DECIDE)
    # Two who decide at once must not both pass the checks that follow.
    db.session.refresh(timesheet, with_for_update={"of": Timesheet})
    if timesheet.version != version:
        raise StaleVersion
    return timesheet


def _next(timesheet: Timesheet, action: TimesheetAction) -> TimesheetStatus:
    return _next_of(timesheet.status, action)


def _next_of(status: TimesheetStatus, action: TimesheetAction) -> TimesheetStatus:
    following = TRANSITIONS.get((status, action))
    if following is None:
        raise TimesheetNotWaiting
    return following


def _refuse_unfinished(sheet: Sheet) -> None:
    last_duty = min(sheet.dispatch.ends_on, last_of_month(sheet.month))
    if not sheet.lines:
        raise TimesheetNotFound
    if last_duty >= clock.today():
        raise MonthNotOver
    if any(line.working is None for line in sheet.lines):
        raise CalendarNotLoaded
    if open_requests_in(sheet.dispatch.id, sheet.month):
        raise RequestsPending
    if any(line.standing is Standing.OPEN for line in sheet.lines):
        raise DaysStillOpen


def tell_signers(dispatch: Dispatch, timesheet: Timesheet, kind: NoticeKind, title: str) -> None:
    """Owe a notice about a month to those who may sign it."""
    body = f"{dispatch.person.name}{month_label(timesheet.month)}的考勤表等待会签。"
    page = f"/office/timesheet/index?dispatch={dispatch.id}&month={timesheet.month:%Y-%m}"
    for person_id in signers_of(dispatch):
        notice = Notice(kind, title, body, page)
        owe_notice(person_id, notice, dedupe_key=f"{kind}:{timesheet.id}:{timesheet.version}:{person_id}")


def _tell(timesheet: Timesheet, kind: NoticeKind, title: str, body: str) -> None:
    page = f"/doctor/month/index?dispatch={timesheet.dispatch_id}&month={timesheet.month:%Y-%m}"
    notice = Notice(kind, f"{month_label(timesheet.month)}{title}", body, page)
    owe_notice(timesheet.dispatch.person_id, notice, dedupe_key=f"{kind}:{timesheet.id}:{timesheet.version}")
