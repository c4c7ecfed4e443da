"""Which dispatch a record lies in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.activities.errors.records import (
    DepartmentElsewhere,
    DispatchUnclear,
    DispatchWasCancelled,
    NoDispatchThatDay,
    OccurredInFuture,
    OutsideDispatch,
)
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries.dispatches import with_names
from backend.domain.organisations.models import Department
from backend.domain.organisations.queries import parties_to_pair, require_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden

_DAY = "occurred_on"


def dispatch_of_day(actor: Actor, day: date, dispatch_id: UUID | None) -> Dispatch:
    """Return the actor's dispatch in which a record of a day lies: the one that was named, or the only one there is.

    Raises:
        DispatchNotFound: there is no such dispatch, or it lies outside the actor's organisations.
        Forbidden: it is somebody else's, or the actor is nobody who is sent.
        DispatchWasCancelled, OccurredInFuture, OutsideDispatch, NoDispatchThatDay: the day cannot be.
        DispatchUnclear: none was named, and the actor has more than one.
    """
    if dispatch_id is None:
        return _only_one(actor, day)
    statement = with_names(select(Dispatch)).where(Dispatch.id == dispatch_id)
    dispatch = db.session.scalars(statement).unique().one_or_none()
    if dispatch is None:
        raise DispatchNotFound
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    if not parties:
        raise DispatchNotFound
    require_right(actor, Action.WRITE, Resource.ACTIVITY, parties)
    require_day_within(dispatch, day)
    return dispatch


def require_day_within(dispatch: Dispatch, day: date) -> None:
    """Let a day of a dispatch pass.

    Raises:
        DispatchWasCancelled: there is nothing to record in it.
        OccurredInFuture, OutsideDispatch: the day cannot be.
    """
    if dispatch.cancelled_at is not None:
        raise DispatchWasCancelled
    _refuse_future(day)
    if not dispatch.starts_on <= day <= dispatch.ends_on:
        raise OutsideDispatch(fields={_DAY: [f"这次派驻为{dispatch.starts_on}至{dispatch.ends_on}。"]})


def department_at(recipient_id: UUID, department_id: UUID) -> Department:
    """Return a department of the recipient.

    Raises:
        DepartmentElsewhere: it is not one of theirs.
    """
    department = db.session.get(Department, department_id)
    if department is None or department.organisation_id != recipient_id:
        raise DepartmentElsewhere(fields={"department_id": ["请选择受援单位的科室。"]})
    return department


def _only_one(actor: Actor, day: date) -> Dispatch:
    if actor.person_id is None:
        raise Forbidden
    _refuse_future(day)
    statement = with_names(select(Dispatch)).where(
        Dispatch.person_id == actor.person_id,
        Dispatch.cancelled_at.is_(None),
        Dispatch.starts_on <= day,
        Dispatch.ends_on >= day,
    )
    dispatches = db.session.scalars(statement).unique().all()
    if not dispatches:
        raise NoDispatchThatDay(fields={_DAY: ["这一天没有派驻。"]})
    if len(dispatches) > 1:
        raise DispatchUnclear(fields={"dispatch_id": ["请选择派驻。"]})
    return dispatches[0]


def _refuse_future(day: date) -> None:
    if day > clock.today():
        raise OccurredInFuture(fields={_DAY: ["日期还没有到。"]})
