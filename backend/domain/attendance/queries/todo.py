"""What waits for somebody in their current role: sheets to sign, requests to decide, taps to say a word about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.domain.access.rules import Action, Resource, parties_with
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.exceptions import count_open_exceptions
from backend.domain.attendance.queries.leave import count_requests_to_decide
from backend.domain.attendance.queries.signing import count_to_sign
from backend.domain.attendance.queries.timesheets import Sheet, sheets_of, timesheet_scope
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page


@dataclass(frozen=True)
class Todo:
    """How many of each wait."""

    timesheets_to_sign: int
    requests_to_decide: int
    exceptions_open: int


def todo_of(actor: Actor) -> Todo:
    """Return what waits for the actor; 0 of what the current role has no say in, without asking the database."""
    return Todo(
        timesheets_to_sign=_count(actor, Action.DECIDE, Resource.TIMESHEET, count_to_sign),
        requests_to_decide=_count(actor, Action.DECIDE, Resource.LEAVE, count_requests_to_decide),
        exceptions_open=_count(actor, Action.CONFIRM, Resource.CHECK_IN, count_open_exceptions),
    )


def _count(actor: Actor, action: Action, resource: Resource, count: Callable[[Actor], int]) -> int:
    return count(actor) if parties_with(actor.role, action, resource) else 0


def list_waiting_timesheets(actor: Actor, *, page: int = 1, page_size: int = 50) -> Page[Sheet]:
    """Return the sheets of all months that wait for a countersignature, those of the earliest month first.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = (
        select(Timesheet.month, Timesheet.dispatch_id)
        .join(Timesheet.dispatch)
        .where(timesheet_scope(actor), Timesheet.status == TimesheetStatus.SUBMITTED)
    )
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    ordered = statement.order_by(Timesheet.month, Timesheet.submitted_at, Timesheet.id)
    places = [
        (month, dispatch_id)
        for month, dispatch_id in db.session.execute(ordered.limit(page_size).offset((page - 1) * page_size))
    ]
    found = {
        (sheet.month, sheet.dispatch.id): sheet
        for month in {month for month, _ in places}
        for sheet in sheets_of([dispatch_id for of, dispatch_id in places if of == month], month)
    }
    return Page([found[place] for place in places if place in found], page, page_size, total)
