"""Reading shifts that were missed, and which of them somebody decided to be absence without leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Resource
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.requests import AbsenceDecision
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.queries.requests import named, request_scope
from backend.domain.attendance.queries.timesheets import HANDED_IN
from backend.domain.attendance.rules.missed import STANDINGS, MissedState
from backend.domain.attendance.rules.timesheets import last_of_month
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import SHIFTS
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page


@dataclass(frozen=True)
class MissedShift:
    """A shift that was missed; `decision` says that it was without leave. A month that was handed in is closed."""

    dispatch: Dispatch
    line: DutyShift
    decision: AbsenceDecision | None
    is_closed: bool


def list_missed_shifts(
    actor: Actor, month: date, *, state: MissedState, text: str = "", page: int = 1, page_size: int = 50
) -> Page[MissedShift]:
    """Return the missed shifts of a month that the actor may read, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    live = and_(
        AbsenceDecision.dispatch_id == DutyShift.dispatch_id,
        AbsenceDecision.duty_on == DutyShift.duty_on,
        AbsenceDecision.shift == DutyShift.shift,
        AbsenceDecision.withdrawn_at.is_(None),
    )
    handed_in = (
        select(Timesheet.id)
        .where(
            Timesheet.dispatch_id == DutyShift.dispatch_id, Timesheet.month == month, Timesheet.status.in_(HANDED_IN)
        )
        .exists()
    )
    statement = (
        select(Dispatch, DutyShift, AbsenceDecision, handed_in)
        .join(Dispatch, Dispatch.id == DutyShift.dispatch_id)
        .join(Person, Person.id == Dispatch.person_id)
        .outerjoin(AbsenceDecision, live)
        .where(
            request_scope(actor, Resource.CHECK_IN, Dispatch.person_id),
            DutyShift.duty_on.between(month, last_of_month(month)),
            DutyShift.standing.in_(STANDINGS[state]),
        )
    )
    if text:
        statement = statement.where(named(text))
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.options(joinedload(Dispatch.person), joinedload(Dispatch.recipient)).order_by(
        DutyShift.duty_on.desc(),
        Person.staff_number,
        DutyShift.dispatch_id,
        func.array_position(list(SHIFTS), DutyShift.shift),
    )
    rows = db.session.execute(ordered.limit(page_size).offset((page - 1) * page_size)).all()
    return Page([MissedShift(*row) for row in rows], page, page_size, total)
