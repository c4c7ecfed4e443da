"""Reading what waits for a signature, who may sign, and which months are still open."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource, may
from backend.domain.attendance.errors.timesheets import MonthLocked, MonthSubmitted
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.timesheets import timesheet_scope
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import (
    TimesheetStatus,
    last_of_month,
)
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import pair_scope, parties_to_pair
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page


def find_by_verification_code(code: str) -> Timesheet | None:
    """Return the countersigned timesheet whose printed form carries this code."""
    statement = select(Timesheet).options(joinedload(Timesheet.dispatch)).where(Timesheet.verification_code == code)
    return db.session.scalars(statement).one_or_none()


def list_unsigned(actor: Actor, *, page: int = 1, page_size: int = 50) -> Page[Timesheet]:
    """Return the timesheets that waited too long for a countersignature, the longest first: a bureau's list.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = (
        select(Timesheet)
        .join(Timesheet.dispatch)
        .where(timesheet_scope(actor), Timesheet.escalated_at.is_not(None), _waiting())
        .options(
            joinedload(Timesheet.dispatch).joinedload(Dispatch.person),
            joinedload(Timesheet.dispatch).joinedload(Dispatch.recipient),
            joinedload(Timesheet.dispatch).joinedload(Dispatch.supporting),
        )
    )
    total = db.session.scalar(select(func.count()).select_from(statement.options().subquery())) or 0
    ordered = statement.order_by(Timesheet.submitted_at, Timesheet.id)
    items = db.session.scalars(ordered.limit(page_size).offset((page - 1) * page_size)).all()
    return Page(items, page, page_size, total)


def count_to_sign(actor: Actor) -> int:
    """Return how many timesheets wait for the actor's countersignature; 0 for who has no right to sign."""
    scope = pair_scope(
        actor,
        Resource.TIMESHEET,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        action=Action.DECIDE,
    )
    statement = select(func.count()).select_from(Timesheet).join(Timesheet.dispatch).where(scope, _waiting())
    return db.session.scalar(statement) or 0


def require_open_month(dispatch_id: UUID, first: date, last: date) -> None:
    """Let something change that the timesheets of these days rest on, or say why not; waits for whoever signs now.

    Raises:
        MonthLocked: a month of them is countersigned.
        MonthSubmitted: a month of them was handed in.
    """
    statement = select(Timesheet.status).where(
        Timesheet.dispatch_id == dispatch_id, Timesheet.month.between(first.replace(day=1), last)
    )
    statuses = set(db.session.scalars(statement.with_for_update()))
    if TimesheetStatus.COUNTERSIGNED in statuses:
        raise MonthLocked
    if TimesheetStatus.SUBMITTED in statuses:
        raise MonthSubmitted


def open_requests_in(dispatch_id: UUID, month: date) -> int:
    """Return how many corrections and leaves that touch a month are not decided yet."""
    last = last_of_month(month)
    corrections = select(func.count()).where(
        CorrectionRequest.dispatch_id == dispatch_id,
        CorrectionRequest.status == RequestStatus.REQUESTED,
        CorrectionRequest.duty_on.between(month, last),
    )
    leaves = select(func.count()).where(
        LeaveRequest.dispatch_id == dispatch_id,
        LeaveRequest.status == RequestStatus.REQUESTED,
        LeaveRequest.starts_on <= last,
        LeaveRequest.ends_on >= month,
    )
    return db.session.scalar(select(corrections.scalar_subquery() + leaves.scalar_subquery())) or 0


def may_sign(actor: Actor, dispatch: Dispatch) -> bool:
    """Tell whether the actor's role lets them sign for the months of a dispatch that is not their own."""
    parties = parties_to_pair(actor, supporting_id=dispatch.supporting_id, recipient_id=dispatch.recipient_id)
    return actor.person_id != dispatch.person_id and may(actor.role, Action.DECIDE, Resource.TIMESHEET, parties)


def may_ask_for_changes(actor: Actor, dispatch: Dispatch) -> bool:
    """Tell whether the actor may ask for an amendment: the one concerned, and who judges at the supporting hospital."""
    if actor.person_id == dispatch.person_id:
        return True
    parties = parties_to_pair(actor, supporting_id=dispatch.supporting_id, recipient_id=dispatch.recipient_id)
    return may(actor.role, Action.DECIDE, Resource.CHECK_IN, parties)


def _waiting() -> ColumnElement[bool]:
    return Timesheet.status == TimesheetStatus.SUBMITTED
