"""Reading spot checks, each as far as the actor may see; what is only planned is shown to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckReview,
    SpotCheckStatus,
    needs_review,
)
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import get_dispatch
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page

OPEN = (SpotCheckStatus.SENT, SpotCheckStatus.DELIVERED)
_CLAIMED = SpotCheck.answer_means.in_([AnswerMeans.SURGERY, AnswerMeans.CLINIC])
_DOUBTFUL = or_(  # what rules.needs_review says, for the database
    SpotCheck.status == SpotCheckStatus.MISSED,
    and_(SpotCheck.status == SpotCheckStatus.EXEMPT, _CLAIMED),
    and_(SpotCheck.status == SpotCheckStatus.ANSWERED, SpotCheck.verdict != Verdict.INSIDE),
)
WAITS_FOR_REVIEW = and_(_DOUBTFUL, SpotCheck.review.is_(None))


@dataclass(frozen=True, kw_only=True)
class SpotCheckFilters:
    """What a list is narrowed to; `waiting`: only what a person has yet to review."""

    status: SpotCheckStatus | None = None
    recipient_id: UUID | None = None
    text: str = ""
    waiting: bool = False
    first: date | None = None
    last: date | None = None


def list_spot_checks(
    actor: Actor, filters: SpotCheckFilters | None = None, *, page: int = 1, page_size: int = 20
) -> Page[SpotCheck]:
    """Return the spot checks that the actor may read, the latest first.

    The one concerned sees theirs once it is delivered: to read it is to receive it.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _narrowed(_with_names(_visible(actor)), filters or SpotCheckFilters())
    return fetch_page(statement.order_by(SpotCheck.planned_at.desc(), SpotCheck.id), page=page, page_size=page_size)


def get_spot_check(
    actor: Actor, spot_check_id: UUID, action: Action = Action.READ, *, for_update: bool = False
) -> SpotCheck:
    """Return a spot check on which the actor may act so; `for_update` keeps others from it until the commit.

    Raises:
        NotFound: it does not exist, is only planned, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = _with_names(select(SpotCheck).join(SpotCheck.dispatch).join(SpotCheck.person))
    statement = _locked(statement) if for_update else statement
    found = db.session.scalars(statement.where(SpotCheck.id == spot_check_id)).one_or_none()
    if found is None or found.status is SpotCheckStatus.PLANNED:
        raise NotFound
    parties = parties_to_pair(
        actor,
        supporting_id=found.dispatch.supporting_id,
        recipient_id=found.dispatch.recipient_id,
        person_id=found.person_id,
    )
    require_right(actor, action, Resource.SPOT_CHECK, parties)
    return found


def get_dispatch_to_check(actor: Actor, dispatch_id: UUID) -> Dispatch:
    """Return a dispatch of which the actor may order a spot check.

    Raises:
        DispatchNotFound, NotFound, Forbidden: as the who-sees-what table says.
    """
    dispatch = get_dispatch(actor, dispatch_id)
    parties = parties_to_pair(
        actor,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        person_id=dispatch.person_id,
    )
    require_right(actor, Action.WRITE, Resource.SPOT_CHECK, parties)
    return dispatch


def get_own_spot_check(actor: Actor, spot_check_id: UUID) -> SpotCheck:
    """Return a spot check of the actor's own, and keep others from it until the commit.

    Raises:
        NotFound: it does not exist, is only planned, or is somebody else's.
    """
    statement = _locked(_with_names(select(SpotCheck).join(SpotCheck.dispatch).join(SpotCheck.person))).where(
        SpotCheck.id == spot_check_id,
        SpotCheck.person_id == actor.person_id,
        SpotCheck.status != SpotCheckStatus.PLANNED,
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def find_open_spot_check(person_id: UUID) -> SpotCheck | None:
    """Return the spot check that a person has to answer."""
    statement = _with_names(select(SpotCheck).join(SpotCheck.dispatch).join(SpotCheck.person))
    return db.session.scalars(
        statement.where(SpotCheck.person_id == person_id, SpotCheck.status.in_(OPEN))
    ).one_or_none()


def may_decide(actor: Actor, spot_check: SpotCheck) -> bool:
    """Tell whether the actor may record a call for a spot check, or review it: never about oneself."""
    of_supporting = actor.organisation_id == spot_check.dispatch.supporting_id
    parties = [Party.SUPPORTING] if of_supporting else []
    return actor.person_id != spot_check.person_id and may(actor.role, Action.DECIDE, Resource.SPOT_CHECK, parties)


def may_review(actor: Actor, spot_check: SpotCheck) -> bool:
    """Tell whether the actor may review a spot check as it stands."""
    return waits_for_review(spot_check) and may_decide(actor, spot_check)


def may_explain(actor: Actor, spot_check: SpotCheck) -> bool:
    """Tell whether the actor may say what happened in a spot check of their own."""
    return waits_for_review(spot_check) and actor.person_id == spot_check.person_id


def waits_for_review(spot_check: SpotCheck) -> bool:
    """Tell whether a person has yet to look at a spot check."""
    doubtful = needs_review(spot_check.status, spot_check.answer_means, spot_check.verdict)
    return doubtful and spot_check.review is None


@dataclass(frozen=True)
class SpotCheckFigures:
    """How somebody answered, or everybody together (`person` is None)."""

    person: Person | None
    sent: int
    present: int
    doubtful: int  # answered, but not surely at the site
    missed: int  # or claimed to be exempt, and was not
    exempt: int
    undelivered: int
    waiting: int
    upheld: int

    @property
    def rate_percent(self) -> int | None:
        """The share that was answered at the site or excused, of all that should have been; None of none."""
        counted = self.present + self.doubtful + self.missed
        return round(100 * self.present / counted) if counted else None


def spot_check_figures(actor: Actor, filters: SpotCheckFilters) -> list[SpotCheckFigures]:
    """Return how each person answered, who missed most first.

    Raises:
        Forbidden: the current role may read none.
    """
    excused, upheld = (func.coalesce(SpotCheck.review == review, False) for review in SpotCheckReview)
    answered, inside = SpotCheck.status == SpotCheckStatus.ANSWERED, SpotCheck.verdict == Verdict.INSIDE
    missed, exempt = (SpotCheck.status == status for status in (SpotCheckStatus.MISSED, SpotCheckStatus.EXEMPT))
    counts = (
        _count(SpotCheck.sent_at.is_not(None)),
        _count(or_(and_(answered, inside), and_(or_(answered, missed), excused))),
        _count(and_(answered, ~inside, ~excused)),
        _count(or_(and_(missed, ~excused), and_(exempt, upheld))),
        _count(and_(exempt, ~upheld)),
        _count(SpotCheck.status == SpotCheckStatus.UNDELIVERED),
        _count(WAITS_FOR_REVIEW),
        _count(upheld),
    )
    statement = _narrowed(_visible(actor), filters).with_only_columns(Person, *counts).group_by(Person.id)
    worst_first = statement.order_by(counts[3].desc(), counts[2].desc(), Person.staff_number)
    return [SpotCheckFigures(*row) for row in db.session.execute(worst_first)]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _visible(actor: Actor) -> Select[SpotCheck]:
    scope = pair_scope(
        actor,
        Resource.SPOT_CHECK,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=SpotCheck.person_id,
    )
    unread = and_(SpotCheck.status == SpotCheckStatus.SENT, SpotCheck.person_id == actor.person_id)
    return (
        select(SpotCheck)
        .join(SpotCheck.dispatch)
        .join(SpotCheck.person)
        .where(scope, SpotCheck.status != SpotCheckStatus.PLANNED, ~func.coalesce(unread, False))
    )


def _locked(statement: Select[SpotCheck]) -> Select[SpotCheck]:
    return statement.with_for_update(of=SpotCheck).execution_options(populate_existing=True)


def _narrowed(statement: Select[SpotCheck], filters: SpotCheckFilters) -> Select[SpotCheck]:
    if filters.status is not None:
        statement = statement.where(SpotCheck.status == filters.status)
    if filters.recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == filters.recipient_id)
    if filters.text:
        found = or_(
            Person.name.contains(filters.text, autoescape=True),
            Person.staff_number.istartswith(filters.text, autoescape=True),
        )
        statement = statement.where(found)
    if filters.waiting:
        statement = statement.where(WAITS_FOR_REVIEW)
    if filters.first is not None:
        statement = statement.where(SpotCheck.planned_at >= _midnight(filters.first))
    if filters.last is not None:
        statement = statement.where(SpotCheck.planned_at < _midnight(filters.last + timedelta(days=1)))
    return statement


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _with_names(statement: Select[SpotCheck]) -> Select[SpotCheck]:
    return statement.options(
        contains_eager(SpotCheck.dispatch).joinedload(Dispatch.recipient),
        contains_eager(SpotCheck.dispatch).joinedload(Dispatch.supporting),
        contains_eager(SpotCheck.person),
    )
