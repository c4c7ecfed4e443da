"""Reading working calendars: what was entered for years that the library does not know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.organisations.models import CalendarYear, Organisation
from backend.domain.organisations.queries.scope import parties_to_own, require_right
from backend.domain.organisations.queries.tree import get_organisation, lines_above, organisations_above
from backend.domain.organisations.rules.working_days import EnteredYear, WorkingCalendar, unpublished_years
from backend.extensions import db
from backend.foundation.actor import Actor


def calendar_of(organisation_id: UUID | None, first: date, last: date) -> WorkingCalendar:
    """Return the working days of a period in an organisation, as it or the nearest one above it entered them.

    The database is asked only about years that the library does not know.
    """
    return calendars_of([organisation_id], first, last)[organisation_id] if organisation_id else WorkingCalendar()


def calendars_of(organisation_ids: Collection[UUID], first: date, last: date) -> dict[UUID, WorkingCalendar]:
    """Return the working days of a period in each of these organisations, as `calendar_of` finds them."""
    years = unpublished_years(first, last)
    entered: dict[UUID, dict[int, EnteredYear]] = {organisation_id: {} for organisation_id in organisation_ids}
    if years and entered:
        line = lines_above(entered)
        statement = (
            select(line.c.of, CalendarYear)
            .join(CalendarYear, CalendarYear.organisation_id == line.c.id)
            .where(CalendarYear.year.in_(years))
            .order_by(line.c.height.desc())  # the nearest last: it counts
        )
        for of, row in db.session.execute(statement):
            entered[of][row.year] = _entered(row)
    return {organisation_id: WorkingCalendar(found) for organisation_id, found in entered.items()}


def _entered(row: CalendarYear) -> EnteredYear:
    return EnteredYear(frozenset(row.free_days), frozenset(row.worked_days))


def find_calendar_year(organisation_id: UUID, year: int, *, for_update: bool = False) -> CalendarYear | None:
    """Return what this very organisation entered for a year; `for_update` keeps others from it until the commit."""
    statement = select(CalendarYear).where(CalendarYear.organisation_id == organisation_id, CalendarYear.year == year)
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one_or_none()


def list_calendar_years(actor: Actor, organisation_id: UUID) -> list[tuple[CalendarYear, Organisation]]:
    """Return the years that hold in an organisation with who entered them, itself or one above it; the nearest first.

    Raises:
        NotFound, Forbidden: the calendar of this organisation is not the actor's to read.
    """
    get_organisation(organisation_id)
    require_right(actor, Action.READ, Resource.CALENDAR, parties_to_own(actor, organisation_id))
    above = organisations_above(organisation_id).subquery()
    statement = (
        select(CalendarYear, Organisation)
        .join(above, above.c.id == CalendarYear.organisation_id)
        .join(Organisation, Organisation.id == CalendarYear.organisation_id)
        .order_by(CalendarYear.year, above.c.height)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]
