"""Reading a week of clinics as offices plan it: experts by days, with when they are there and what is planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Resource
from backend.domain.accounts.models import Person
from backend.domain.clinics.queries.clinics import OfficeClinic, list_clinics
from backend.domain.clinics.queries.conflicts import Presence, presence_of
from backend.domain.clinics.rules.recurrence import lunar_label
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import calendar_of, pair_scope
from backend.extensions import db
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class WeekDay:
    """A day at the head of the calendar."""

    day: date
    lunar: str
    is_working_day: bool | None
    holiday: str | None


@dataclass(frozen=True)
class WeekCell:
    """An expert's day at a recipient: the halves in which they are there, and the clinics."""

    day: date
    there: tuple[Shift, ...]
    clinics: tuple[OfficeClinic, ...]


@dataclass(frozen=True)
class WeekRow:
    """An expert at a recipient; `dispatch_id` is the one by which clinics can be planned, None where none lasts."""

    person: Person
    recipient: Organisation
    dispatch_id: UUID | None
    cells: tuple[WeekCell, ...]

    @property
    def has_clinics(self) -> bool:
        """Whether anything is planned in the week."""
        return any(cell.clinics for cell in self.cells)


@dataclass(frozen=True)
class Week:
    """A week, Monday to Sunday: those with clinics first."""

    days: tuple[WeekDay, ...]
    rows: tuple[WeekRow, ...]


def week_of(actor: Actor, monday: date, *, recipient_id: UUID | None = None) -> Week:
    """Return the clinics of a week with the experts who are there, as far as the actor may see.

    Raises:
        Forbidden: the current role may read none.
    """
    days = tuple(monday + timedelta(days=offset) for offset in range(7))
    clinics = list_clinics(actor, days[0], days[-1], recipient_id=recipient_id)
    dispatches = _dispatches(actor, days, recipient_id)
    presence = presence_of({one.person_id for one in dispatches}, days[0], days[-1])
    planned: dict[tuple[UUID, UUID], list[OfficeClinic]] = defaultdict(list)
    for one in clinics:
        planned[one.clinic.person_id, one.clinic.recipient_id].append(one)
    found = {(one.clinic.person_id, one.clinic.recipient_id): _pair(one) for one in clinics}
    found |= {(one.person_id, one.recipient_id): (one.person, one.recipient, one.id) for one in dispatches}
    rows = [_row(*pair, days, presence, planned[key]) for key, pair in found.items()]
    rows = [row for row in rows if row.has_clinics or any(cell.there for cell in row.cells)]
    rows.sort(key=lambda row: (not row.has_clinics, row.recipient.name, row.person.staff_number))
    calendar = calendar_of(actor.organisation_id, days[0], days[-1])
    head = (WeekDay(day, lunar_label(day), calendar.is_working_day(day), calendar.holiday_name(day)) for day in days)
    return Week(tuple(head), tuple(rows))


def recipients_of(actor: Actor, since: date) -> list[Organisation]:
    """Return the recipients to which people in the actor's sight are sent from a day on."""
    statement = (
        select(Organisation)
        .where(Organisation.id.in_(_in_sight(actor, since).with_only_columns(Dispatch.recipient_id)))
        .order_by(Organisation.name)
    )
    return list(db.session.scalars(statement))


def experts_of(actor: Actor, since: date) -> list[Dispatch]:
    """Return the dispatches in the actor's sight that last beyond a day: for whom clinics can be planned."""
    statement = (
        _in_sight(actor, since)
        .join(Dispatch.person)
        .join(Dispatch.recipient)
        .options(
            joinedload(Dispatch.person),
            joinedload(Dispatch.recipient).selectinload(Organisation.sites),
            joinedload(Dispatch.recipient).selectinload(Organisation.departments),
            selectinload(Dispatch.patterns),
        )
        .order_by(Organisation.name, Person.staff_number, Dispatch.starts_on)
    )
    return list(db.session.scalars(statement).unique())


def people_at(organisation_id: UUID) -> list[Person]:
    """Return the people of an organisation who may sit in, by name."""
    statement = select(Person).where(Person.organisation_id == organisation_id, Person.disabled_at.is_(None))
    return list(db.session.scalars(statement.order_by(Person.name, Person.staff_number)))


def _in_sight(actor: Actor, since: date) -> Select[Dispatch]:
    scope = pair_scope(actor, Resource.CLINIC, supporting=Dispatch.supporting_id, recipient=Dispatch.recipient_id)
    return select(Dispatch).where(scope, Dispatch.cancelled_at.is_(None), Dispatch.ends_on >= since)


def _dispatches(actor: Actor, days: Sequence[date], recipient_id: UUID | None) -> Sequence[Dispatch]:
    statement = (
        _in_sight(actor, days[0])
        .where(Dispatch.starts_on <= days[-1])
        .options(joinedload(Dispatch.person), joinedload(Dispatch.recipient))
        .order_by(Dispatch.starts_on)
    )
    if recipient_id is not None:
        statement = statement.where(Dispatch.recipient_id == recipient_id)
    return db.session.scalars(statement).all()


def _pair(one: OfficeClinic) -> tuple[Person, Organisation, UUID | None]:
    return one.clinic.expert, one.clinic.recipient, None


def _row(
    person: Person,
    recipient: Organisation,
    dispatch_id: UUID | None,
    days: Sequence[date],
    presence: Presence,
    clinics: Sequence[OfficeClinic],
) -> WeekRow:
    cells = tuple(
        WeekCell(
            day,
            _there(presence, person.id, recipient.id, day),
            tuple(one for one in clinics if one.clinic.held_on == day),
        )
        for day in days
    )
    return WeekRow(person, recipient, dispatch_id, cells)


def _there(presence: Presence, person_id: UUID, recipient_id: UUID, day: date) -> tuple[Shift, ...]:
    """Return the working halves in which somebody is at a recipient and not away."""
    return tuple(
        shift
        for claim in presence.claims(person_id, day)
        if claim.recipient_id == recipient_id
        for shift in claim.shifts
        if shift is not Shift.NIGHT and not any(absence.covers(day, shift) for absence in claim.absences)
    )
