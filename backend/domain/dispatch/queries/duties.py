"""Reading who is on duty when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range
from sqlalchemy.orm import joinedload

from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.queries.dispatches import with_names
from backend.domain.dispatch.rules import WeeklyPattern
from backend.extensions import db


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
        with_names(select(Dispatch))
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
        with_names(select(Dispatch))
        .join(Dispatch.patterns)
        .where(DutyPattern.person_id == person_id, on_duty(day))
        .order_by(func.lower(DutyPattern.halves), Dispatch.id)
        .limit(1)
    )
    return db.session.scalars(statement).unique().first()


def dispatches_of(person_id: UUID, first: date, last: date) -> list[Dispatch]:
    """Return the dispatches of a person that touch a period."""
    statement = with_names(select(Dispatch)).where(
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
