"""Reading dispatches, who is on duty on a day, and how a rotation covers its recipients."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Person
from backend.domain.dispatch.errors import DispatchNotFound
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation
from backend.domain.dispatch.rules import DispatchState, WeeklyPattern, uncovered_working_days
from backend.domain.organisations.models import Agreement, Organisation
from backend.domain.organisations.queries import (
    organisations_under,
    pair_scope,
    parties_to_pair,
    require_right,
)
from backend.domain.organisations.rules import is_working_day
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound
from backend.foundation.paging import Page, fetch_page


def visible_dispatches(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches which the actor may read."""
    return pair_scope(
        actor,
        Resource.DISPATCH,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )


def in_state(state: DispatchState, day: date) -> ColumnElement[bool]:
    """Return the condition that keeps the dispatches which stand so on a day."""
    if state is DispatchState.CANCELLED:
        return Dispatch.cancelled_at.is_not(None)
    dates = {
        DispatchState.PLANNED: Dispatch.starts_on > day,
        DispatchState.CURRENT: and_(Dispatch.starts_on <= day, Dispatch.ends_on >= day),
        DispatchState.ENDED: Dispatch.ends_on < day,
    }[state]
    return and_(Dispatch.cancelled_at.is_(None), dates)


def list_dispatches(
    actor: Actor,
    day: date,
    *,
    state: DispatchState | None = None,
    recipient_id: UUID | None = None,
    text: str = "",
    page: int = 1,
    page_size: int = 50,
) -> Page[Dispatch]:
    """Return the dispatches that the actor may read, the latest first; `text` finds names and staff numbers.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = _with_names(select(Dispatch)).join(Dispatch.person).where(visible_dispatches(actor))
    if state is not None:
        statement = statement.where(in_state(state, day))
    if recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == recipient_id)
    if text:
        statement = statement.where(
            or_(Person.name.contains(text, autoescape=True), Person.staff_number.istartswith(text, autoescape=True))
        )
    return fetch_page(
        statement.order_by(Dispatch.starts_on.desc(), Person.staff_number, Dispatch.id), page=page, page_size=page_size
    )


def get_dispatch(actor: Actor, dispatch_id: UUID, action: Action = Action.READ) -> Dispatch:
    """Return a dispatch on which the actor may act so.

    Raises:
        DispatchNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    dispatch = db.session.scalars(_with_names(select(Dispatch)).where(Dispatch.id == dispatch_id)).one_or_none()
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
    require_right(actor, action, Resource.DISPATCH, parties)
    return dispatch


def on_duty(day: date) -> ColumnElement[bool]:
    """Return the condition that keeps the duty patterns which claim a shift of this day."""
    first = (day.isoweekday() - 1) * 3
    halves = MultiRange([Range(first, first + 3)])
    return and_(DutyPattern.during.contains(day), DutyPattern.halves.overlaps(halves))


def find_conflicting_claim(
    person_id: UUID, during: Range[date], pattern: WeeklyPattern, *, except_dispatch_id: UUID | None = None
) -> Dispatch | None:
    """Return another dispatch of the person that claims one of these weekday halves in these days."""
    halves = MultiRange([Range(low, high) for low, high in pattern.as_numbers()])
    statement = (
        _with_names(select(Dispatch))
        .join(Dispatch.patterns)
        .where(
            DutyPattern.person_id == person_id,
            DutyPattern.during.overlaps(during),
            DutyPattern.halves.overlaps(halves),
        )
        .order_by(Dispatch.starts_on)
        .limit(1)
    )
    if except_dispatch_id is not None:
        statement = statement.where(Dispatch.id != except_dispatch_id)
    return db.session.scalars(statement).unique().first()


def find_duty(person_id: UUID, day: date) -> Dispatch | None:
    """Return the dispatch for which a person is on duty on a day; the one that claims the earliest half first."""
    statement = (
        _with_names(select(Dispatch))
        .join(Dispatch.patterns)
        .where(DutyPattern.person_id == person_id, on_duty(day))
        .order_by(func.lower(DutyPattern.halves), Dispatch.id)
        .limit(1)
    )
    return db.session.scalars(statement).unique().first()


def dispatches_of(person_id: UUID, first: date, last: date) -> list[Dispatch]:
    """Return the dispatches of a person that touch a period."""
    statement = _with_names(select(Dispatch)).where(
        Dispatch.person_id == person_id,
        Dispatch.starts_on <= last,
        Dispatch.ends_on >= first,
        Dispatch.cancelled_at.is_(None),
    )
    return list(db.session.scalars(statement.order_by(Dispatch.starts_on, Dispatch.id)).unique())


def find_next_duty(person_id: UUID, after: date, *, within_days: int = 31) -> tuple[Dispatch, date] | None:
    """Return the first duty day of a person after a day, with its dispatch, None when there is none so soon."""
    last = date.fromordinal(after.toordinal() + within_days)
    statement = (
        select(DutyPattern)
        .options(joinedload(DutyPattern.dispatch).joinedload(Dispatch.recipient))
        .where(DutyPattern.person_id == person_id, DutyPattern.during.overlaps(Range(after, last, bounds="(]")))
    )
    patterns = db.session.scalars(statement).all()
    for ordinal in range(after.toordinal() + 1, last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for row in patterns:
            if day in row.during and row.pattern.shifts_on(day):
                return row.dispatch, day
    return None


def list_rotations(actor: Actor) -> list[Rotation]:
    """Return the rotations in which the actor may read a dispatch, by name, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    readable = select(Dispatch.rotation_id).where(
        pair_scope(
            actor,
            Resource.ROTATION,
            supporting=Dispatch.supporting_id,
            recipient=Dispatch.recipient_id,
            person=Dispatch.person_id,
        )
    )
    own = Rotation.supporting_id == actor.organisation_id if actor.organisation_id else false()
    statement = select(Rotation).options(joinedload(Rotation.supporting))
    statement = statement.where(or_(Rotation.id.in_(readable), own)).order_by(Rotation.name.desc())
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class Cover:
    """How a rotation covers one recipient: its dispatches, and the working days on which none of them is on duty."""

    recipient: Organisation
    first: date
    last: date
    dispatches: tuple[Dispatch, ...]
    uncovered: tuple[date, ...]


def cover_of_rotation(actor: Actor, rotation_id: UUID) -> tuple[Rotation, list[Cover]]:
    """Return how a rotation covers each recipient from its first day there to its last, seen with the others there.

    Somebody of any rotation of the same supporting hospital counts, so that the days between two rotations are
    uncovered only if nobody stays.

    Raises:
        NotFound: the actor sees no such rotation.
        Forbidden: the current role may read none.
    """
    rotation = db.session.get(Rotation, rotation_id)
    if rotation is None or rotation not in list_rotations(actor):
        raise NotFound
    statement = (
        _with_names(select(Dispatch))
        .where(Dispatch.supporting_id == rotation.supporting_id, Dispatch.cancelled_at.is_(None))
        .where(visible_dispatches(actor))
        .order_by(Dispatch.leads_team.desc(), Dispatch.starts_on)
    )
    by_recipient: dict[Organisation, list[Dispatch]] = defaultdict(list)
    for dispatch in db.session.scalars(statement).unique():
        by_recipient[dispatch.recipient].append(dispatch)
    covers = [_cover(recipient, rotation, dispatches) for recipient, dispatches in by_recipient.items()]
    return rotation, sorted((cover for cover in covers if cover.dispatches), key=lambda cover: cover.recipient.code)


def _cover(recipient: Organisation, rotation: Rotation, dispatches: list[Dispatch]) -> Cover:
    own = tuple(dispatch for dispatch in dispatches if dispatch.rotation_id == rotation.id)
    if not own:
        return Cover(recipient, date.min, date.min, (), ())
    first = min(dispatch.starts_on for dispatch in own)
    # An early end does not shorten what was promised.
    last = max(dispatch.planned_end_on or dispatch.ends_on for dispatch in own)
    duties = [
        (row.during.lower or first, date.fromordinal((row.during.upper or last).toordinal() - 1), row.pattern)
        for dispatch in dispatches
        for row in dispatch.patterns
    ]
    return Cover(recipient, first, last, own, tuple(uncovered_working_days(first, last, duties, is_working_day)))


def visible_organisations(actor: Actor, day: date) -> Select[UUID]:
    """Select the organisations whose plain facts the actor sees.

    Their own, all below a bureau's, the other side of their agreements and dispatches; who is sent has scope at the
    recipient for the dates of the dispatch only.
    """
    visible: list[ColumnElement[bool]] = [false()]
    if actor.organisation_id is not None:
        own = actor.organisation_id
        visible += [
            Organisation.id == own,
            Organisation.id.in_(select(Agreement.recipient_id).where(Agreement.supporting_id == own)),
            Organisation.id.in_(select(Agreement.supporting_id).where(Agreement.recipient_id == own)),
        ]
        if actor.role is Role.BUREAU:
            visible.append(Organisation.id.in_(organisations_under(own)))
        elif actor.role is not Role.STAFF:
            visible += [
                Organisation.id.in_(select(Dispatch.recipient_id).where(Dispatch.supporting_id == own)),
                Organisation.id.in_(select(Dispatch.supporting_id).where(Dispatch.recipient_id == own)),
            ]
    if actor.person_id is not None:
        sent_to = select(Dispatch.recipient_id).where(
            Dispatch.person_id == actor.person_id, in_state(DispatchState.CURRENT, day)
        )
        visible.append(Organisation.id.in_(sent_to))
    return select(Organisation.id).where(or_(*visible))


def list_visible_organisations(actor: Actor, day: date, *, page: int, page_size: int) -> Page[Organisation]:
    """Return the organisations whose plain facts the actor sees, by code."""
    statement = select(Organisation).where(Organisation.id.in_(visible_organisations(actor, day)))
    return fetch_page(statement.order_by(Organisation.code), page=page, page_size=page_size)


def get_visible_organisation(actor: Actor, day: date, organisation_id: UUID) -> Organisation:
    """Return an organisation whose plain facts the actor sees.

    Raises:
        NotFound: it does not exist, or the actor has nothing to do with it.
    """
    statement = select(Organisation).where(
        Organisation.id == organisation_id, Organisation.id.in_(visible_organisations(actor, day))
    )
    organisation = db.session.scalars(statement).one_or_none()
    if organisation is None:
        raise NotFound
    return organisation


def _with_names(statement: Select[Dispatch]) -> Select[Dispatch]:
    return statement.options(
        joinedload(Dispatch.person),
        joinedload(Dispatch.supporting),
        joinedload(Dispatch.recipient),
        joinedload(Dispatch.department),
        joinedload(Dispatch.rotation),
        selectinload(Dispatch.sites),
        selectinload(Dispatch.patterns),
    )
