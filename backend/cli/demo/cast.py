"""Who is who in the demo's story, and on which days they were due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from backend.cli.demo.county import HOME, HOSPITAL
from backend.domain.accounts.models import Person
from backend.domain.attendance.rules.timesheets import last_of_month, month_of_day
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import calendar_of
from backend.domain.organisations.rules.working_days import is_weekend
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI

_A_DAY = timedelta(days=1)


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant of a day in China's time."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


class Cast:
    """The people of the demo on the day on which it is loaded; doctors by the number of their staff number."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.this_month = month_of_day(self.today)
        self.last_month = month_of_day(self.this_month - _A_DAY)

    @property
    def calendar_is_loaded(self) -> bool:
        """Whether the working days of last month are known."""
        calendar = calendar_of(self.dispatch(1).supporting_id, self.last_month, self.last_month)
        return calendar.is_working_day(self.last_month) is not None

    @cached_property
    def numbers(self) -> list[int]:
        """The doctors who were sent."""
        return sorted(int(number[1:]) for number in self._dispatches)

    def dispatch(self, number: int) -> Dispatch:
        """Return the dispatch of a doctor that touches last month."""
        return self._dispatches[f"A{number:04d}"]

    def doctor(self, number: int) -> Actor:
        """Return a doctor in the role of one who is sent."""
        return _actor(self.dispatch(number).person, Role.STAFF)

    def director_of(self, number: int) -> Actor:
        """Return the director where a doctor is sent."""
        return self.director_at(self.dispatch(number).recipient_id)

    def director_at(self, recipient_id: UUID) -> Actor:
        """Return the director of a recipient."""
        return _actor(self._people(Role.DIRECTOR, recipient_id)[0], Role.DIRECTOR)

    @cached_property
    def director(self) -> Actor:
        """The director whose log-in is shown."""
        return _actor(self._people(Role.DIRECTOR, self._organisation(HOME).id)[0], Role.DIRECTOR)

    @cached_property
    def delegate_id(self) -> UUID:
        """The one at the same hospital whom that director names to sign."""
        return self._people(Role.DESK, self._organisation(HOME).id)[0].id

    @cached_property
    def desk(self) -> Actor:
        """The desk of the same hospital."""
        return _actor(self._people(Role.DESK, self._organisation(HOME).id)[0], Role.DESK)

    @cached_property
    def duty(self) -> Actor:
        """The supporting hospital's duty officer."""
        return _actor(self._people(Role.DUTY, self._organisation(HOSPITAL).id)[0], Role.DUTY)

    @property
    def delegate(self) -> Actor:
        """That one in the role of the director's delegate."""
        return replace(self.director, person_id=self.delegate_id, role=Role.DELEGATE)

    @cached_property
    def medical_affairs(self) -> Actor:
        """The supporting hospital's medical affairs office."""
        return _actor(self._people(Role.MEDICAL_AFFAIRS, self._organisation(HOSPITAL).id)[0], Role.MEDICAL_AFFAIRS)

    @cached_property
    def finance(self) -> Actor:
        """The supporting hospital's finance office."""
        return _actor(self._people(Role.FINANCE, self._organisation(HOSPITAL).id)[0], Role.FINANCE)

    def due_last_month(self, number: int, place: int) -> date:
        """Return one of the working days of last month on which a doctor was due, counted from 0 or back from -1."""
        return self._due(number, self.last_month, last_of_month(self.last_month))[place]

    def due_lately(self, number: int, place: int) -> date:
        """Return one of the last working days before today on which a doctor was due; 1 is the very last."""
        return self._due(number, self.last_month, self.today - _A_DAY)[-place]

    def due_until(self, number: int, last: date) -> list[date]:
        """Return the working days since last month began on which a doctor was due, up to a day."""
        return self._due(number, self.last_month, last)

    def workdays_from(self, number: int, first: date, count: int) -> tuple[date, date]:
        """Return the first and the last of so many working days on which a doctor will be due."""
        days = self._due(number, first, first + 90 * _A_DAY)[:count]
        return days[0], days[-1]

    def _due(self, number: int, first: date, last: date) -> list[date]:
        dispatch = self.dispatch(number)
        calendar = calendar_of(dispatch.supporting_id, first, last)
        days = []
        for day in days_between(max(first, dispatch.starts_on), min(last, dispatch.ends_on)):
            works = calendar.is_working_day(day)
            is_worked = not is_weekend(day) if works is None else works
            if is_worked and {Shift.MORNING, Shift.AFTERNOON} <= set(dispatch.shifts_on(day)):
                days.append(day)
        return days

    @cached_property
    def _dispatches(self) -> dict[str, Dispatch]:
        statement = (
            select(Dispatch)
            .join(Dispatch.supporting)
            .where(
                Organisation.code == HOSPITAL,
                Dispatch.starts_on <= self.today,
                Dispatch.ends_on >= self.last_month,
            )
        )
        return {dispatch.person.staff_number: dispatch for dispatch in db.session.scalars(statement)}

    def _people(self, role: Role, organisation_id: UUID) -> list[Person]:
        statement = select(Person).where(Person.organisation_id == organisation_id, Person.roles.any(role=role))
        return list(db.session.scalars(statement.order_by(Person.staff_number)))

    def _organisation(self, code: str) -> Organisation:
        return db.session.scalars(select(Organisation).where(Organisation.code == code)).one()


def _actor(person: Person, role: Role) -> Actor:
    return Actor(person_id=person.id, role=role, organisation_id=person.organisation_id, channel="command")
