"""Reading taps that are exceptions (异常): those that count and are not verified."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.requests import decides_for_oneself
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import pair_scope
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page


class ExceptionState(StrEnum):
    """Which exceptions are asked for."""

    OPEN = "open"  # nobody has said yet whether the person was there
    ALL = "all"


def list_exceptions(
    actor: Actor,
    *,
    state: ExceptionState = ExceptionState.OPEN,
    outcome: Outcome | None = None,
    text: str = "",
    recipient_id: UUID | None = None,
    page: int = 1,
    page_size: int = 20,
) -> Page[CheckIn]:
    """Return the exceptions that the actor may read, the latest first; `text` finds names and staff numbers.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _exceptions(actor).options(
        contains_eager(CheckIn.dispatch).options(
            contains_eager(Dispatch.person), joinedload(Dispatch.recipient), joinedload(Dispatch.supporting)
        ),
        contains_eager(CheckIn.review),
        joinedload(CheckIn.site),
    )
    if state is ExceptionState.OPEN:
        statement = statement.where(_open())
    if outcome is not None:
        statement = statement.where(CheckIn.outcome == outcome)
    if recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == recipient_id)
    if text:
        named = (Person.name.contains(text, autoescape=True), Person.staff_number.istartswith(text, autoescape=True))
        statement = statement.where(or_(*named))
    ordered = statement.order_by(CheckIn.duty_on.desc(), CheckIn.tapped_at.desc(), CheckIn.id)
    return fetch_page(ordered, page=page, page_size=page_size)


def count_open_exceptions(actor: Actor) -> int:
    """Return how many exceptions wait for a person's word in the actor's sight.

    Raises:
        Forbidden: the current role may read none.
    """
    return db.session.scalar(select(func.count()).select_from(_exceptions(actor).where(_open()).subquery())) or 0


def is_open_exception(check_in: CheckIn) -> bool:
    """Tell whether a tap is an exception of which nobody has said yet if the person was there."""
    statement = select(CheckIn.id).outerjoin(CheckIn.review).where(CheckIn.id == check_in.id, _raised(), _open())
    return db.session.scalar(statement) is not None


def taps_of_duty(check_in: CheckIn) -> list[CheckIn]:
    """Return the other taps of the same duty, arriving and leaving, in their order."""
    statement = select(CheckIn).where(
        CheckIn.person_id == check_in.person_id,
        CheckIn.dispatch_id == check_in.dispatch_id,
        CheckIn.duty_on == check_in.duty_on,
        CheckIn.shift == check_in.shift,
        CheckIn.id != check_in.id,
    )
    return list(db.session.scalars(statement.order_by(CheckIn.tapped_at)))


def may_confirm(actor: Actor, check_in: CheckIn) -> bool:
    """Tell whether the actor may say on the spot whether the person was there."""
    judged = check_in.review is not None and check_in.review.judgement is not None
    return check_in.outcome is not Outcome.VERIFIED and not judged and _may(actor, check_in, Action.CONFIRM)


def may_judge(actor: Actor, check_in: CheckIn) -> bool:
    """Tell whether the actor may decide if a tap counts."""
    return _may(actor, check_in, Action.DECIDE)


def _may(actor: Actor, check_in: CheckIn, action: Action) -> bool:
    dispatch = check_in.dispatch
    hospitals = {Party.SUPPORTING: dispatch.supporting_id, Party.RECIPIENT: dispatch.recipient_id}
    parties = [party for party, organisation_id in hospitals.items() if organisation_id == actor.organisation_id]
    allowed = may(actor.role, action, Resource.CHECK_IN, parties)
    return allowed and not decides_for_oneself(actor, check_in.person_id)


def _exceptions(actor: Actor) -> Select[CheckIn]:
    scope = pair_scope(
        actor,
        Resource.CHECK_IN,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )
    return (
        select(CheckIn).join(CheckIn.dispatch).join(Dispatch.person).outerjoin(CheckIn.review).where(scope, _raised())
    )


def _raised() -> ColumnElement[bool]:
    return and_(CheckIn.effective, CheckIn.outcome != Outcome.VERIFIED)


def _open() -> ColumnElement[bool]:
    """Keep what nobody has decided, and whose month is not settled already."""
    settled = exists().where(
        Timesheet.dispatch_id == CheckIn.dispatch_id,
        Timesheet.month == func.date_trunc("month", CheckIn.duty_on),
        Timesheet.status == TimesheetStatus.COUNTERSIGNED,
    )
    return CheckInReview.judgement.is_(None) & CheckInReview.confirmation.is_(None) & ~settled
