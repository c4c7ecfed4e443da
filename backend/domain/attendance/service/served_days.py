"""Changing a dispatch without taking away days that were served: what lies below knows nothing of taps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from backend.domain.attendance.errors.reviews import DayServed, OwnDispatch
from backend.domain.attendance.models.requests import AbsenceDecision
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.queries.timesheets import HANDED_IN
from backend.domain.attendance.rules.timesheets import month_of_day
from backend.domain.dispatch import service as dispatches
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.rules import SHIFT_LABELS, Shift, days_between
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction

Duty = tuple[date, Shift]


def change_dispatch(actor: Actor, dispatch_id: UUID, version: int, change: dispatches.DispatchChange) -> Dispatch:
    """Change a dispatch as `dispatch.service.change_dispatch` does, but no day that was served.

    Raises:
        DayServed: a shift that somebody tapped for, or of a month that was handed in, would no longer be claimed.
        OwnDispatch: the actor would take away what is over of a dispatch of their own.
    """
    with _keeping_served_days(actor, dispatch_id):
        return dispatches.change_dispatch(actor, dispatch_id, version, change)


def end_dispatch_early(actor: Actor, dispatch_id: UUID, version: int, *, ends_on: date, reason: str) -> Dispatch:
    """End a dispatch as `dispatch.service.end_dispatch_early` does, but not before a day that was served.

    Raises:
        DayServed, OwnDispatch: as in change_dispatch.
    """
    with _keeping_served_days(actor, dispatch_id):
        return dispatches.end_dispatch_early(actor, dispatch_id, version, ends_on=ends_on, reason=reason)


def substitute_dispatch(
    actor: Actor,
    dispatch_id: UUID,
    version: int,
    *,
    person_id: UUID,
    from_day: date,
    reason: str,
    exception_reason: str = "",
) -> Dispatch:
    """Post a substitute as `dispatch.service.substitute_dispatch` does, but not for a day that was served.

    Raises:
        DayServed, OwnDispatch: as in change_dispatch.
    """
    with _keeping_served_days(actor, dispatch_id):
        return dispatches.substitute_dispatch(
            actor,
            dispatch_id,
            version,
            person_id=person_id,
            from_day=from_day,
            reason=reason,
            exception_reason=exception_reason,
        )


@contextmanager
def _keeping_served_days(actor: Actor, dispatch_id: UUID) -> Iterator[None]:
    with transaction() as session:
        own_before = _own_past(actor, dispatch_id)
        before = _unclaimed(dispatch_id)  # a tap of before the last change is no reason against this one
        yield
        session.flush()
        if own_before - _own_past(actor, dispatch_id):
            raise OwnDispatch
        lost = _unclaimed(dispatch_id) - before
        if lost:
            day, shift = max(lost, key=lambda duty: duty[0])
            raise DayServed(f"{day}{SHIFT_LABELS[shift]}已有签到或考勤，不能改成不在岗。请选择这一天之后的日期。")


def _own_past(actor: Actor, dispatch_id: UUID) -> set[Duty]:
    """Return what the actor was due to serve before today, where the dispatch is their own."""
    yesterday = clock.today() - timedelta(days=1)
    own = select(Dispatch.id).where(Dispatch.id == dispatch_id, Dispatch.person_id == actor.person_id)
    return {
        (day, shift)
        for row in _patterns(own)
        for day in days_between(row.during.lower or yesterday, yesterday)
        if day in row.during
        for shift in row.pattern.shifts_on(day)
    }


def _unclaimed(dispatch_id: UUID) -> set[Duty]:
    """Return what was served of a dispatch, and is not claimed."""
    patterns = _patterns([dispatch_id])
    return {
        (day, shift)
        for day, shift in _served(dispatch_id)
        if not any(day in row.during and shift in row.pattern.shifts_on(day) for row in patterns)
    }


def _patterns(dispatch_ids: Select[UUID] | list[UUID]) -> list[DutyPattern]:
    return list(db.session.scalars(select(DutyPattern).where(DutyPattern.dispatch_id.in_(dispatch_ids))))


def _served(dispatch_id: UUID) -> set[Duty]:
    taps = select(CheckIn.duty_on, CheckIn.shift).where(CheckIn.dispatch_id == dispatch_id, CheckIn.effective)
    months = select(Timesheet.month).where(Timesheet.dispatch_id == dispatch_id, Timesheet.status.in_(HANDED_IN))
    handed_in = set(db.session.scalars(months))
    lines = select(DutyShift.duty_on, DutyShift.shift).where(DutyShift.dispatch_id == dispatch_id)
    concluded = db.session.execute(lines).all() if handed_in else []
    absences = select(AbsenceDecision.duty_on, AbsenceDecision.shift).where(
        AbsenceDecision.dispatch_id == dispatch_id, AbsenceDecision.withdrawn_at.is_(None)
    )
    decided = [*db.session.execute(taps), *db.session.execute(absences)]
    return {(day, shift) for day, shift in decided} | {
        (day, shift) for day, shift in concluded if month_of_day(day) in handed_in
    }
