"""Reading how a rotation covers its recipients, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.cover import UNCOVERED, CoverState, judge_cover
from backend.domain.attendance.rules.timesheets import SERVED, Standing
from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.dispatch.queries import RotationAt, rotation_at_recipients
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.queries import calendar_of
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class DayPerson:
    """Somebody who is due on a day, or did something on it, and what is known of that."""

    dispatch: Dispatch
    due: bool
    in_team: bool  # of this rotation, not of another one
    absence: Absence | None  # for every shift of the day
    served: bool


@dataclass(frozen=True)
class CoveredDay:
    """A day at a recipient, and who is or was to be there."""

    day: date
    state: CoverState
    people: tuple[DayPerson, ...]


@dataclass(frozen=True)
class TeamCover:
    """How a rotation covers one recipient."""

    place: RotationAt
    days: tuple[CoveredDay, ...]

    @property
    def uncovered(self) -> list[CoveredDay]:
        """The working days on which nobody is, or was, there."""
        return [day for day in self.days if day.state in UNCOVERED]


Standings = Mapping[tuple[UUID, date], list[Standing]]
_Absences = Mapping[UUID, list[Absence]]


def cover_of_rotation(actor: Actor, rotation_id: UUID) -> tuple[Rotation, list[TeamCover]]:
    """Return how a rotation covers each recipient, seen with the others there.

    Raises:
        NotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    rotation, places = rotation_at_recipients(actor, rotation_id)
    if not places:
        return rotation, []
    first, last = min(place.first for place in places), max(place.last for place in places)
    ids = [dispatch.id for place in places for dispatch in (*place.team, *place.others)]
    absences, standings = absences_of(ids, first, last), _standings_of(ids, first, last)
    calendar = calendar_of(rotation.supporting_id, first, last)
    return rotation, [_cover(place, calendar, absences, standings) for place in places]


def _standings_of(dispatch_ids: list[UUID], first: date, last: date) -> Standings:
    statement = select(DutyShift.dispatch_id, DutyShift.duty_on, DutyShift.standing).where(
        DutyShift.dispatch_id.in_(dispatch_ids), DutyShift.duty_on.between(first, last)
    )
    found = defaultdict(list)
    for dispatch_id, duty_on, standing in db.session.execute(statement):
        found[dispatch_id, duty_on].append(standing)
    return found


def _cover(place: RotationAt, calendar: WorkingCalendar, absences: _Absences, standings: Standings) -> TeamCover:
    today = clock.today()

    def cover(day: date) -> CoveredDay:
        everybody = (*((one, True) for one in place.team), *((one, False) for one in place.others))
        people = tuple(
            _person(dispatch, in_team, day, absences.get(dispatch.id, []), standings.get((dispatch.id, day), []))
            for dispatch, in_team in everybody
            if dispatch.shifts_on(day) or (dispatch.id, day) in standings
        )
        state = judge_cover(
            calendar.is_working_day(day),
            due=any(person.due for person in people),
            available=any(person.due and person.absence is None for person in people),
            passed=day < today,
            standings=[standing for person in people for standing in standings.get((person.dispatch.id, day), [])],
        )
        return CoveredDay(day, state, people)

    return TeamCover(place, tuple(cover(day) for day in days_between(place.first, place.last)))


def _person(
    dispatch: Dispatch, in_team: bool, day: date, absences: list[Absence], standings: list[Standing]
) -> DayPerson:
    shifts = dispatch.shifts_on(day)
    away = next((one for one in absences if shifts and all(one.covers(day, shift) for shift in shifts)), None)
    return DayPerson(dispatch, bool(shifts), in_team, away, any(standing in SERVED for standing in standings))
