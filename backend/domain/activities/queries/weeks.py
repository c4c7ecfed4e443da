"""Reading weeks of records beside the days of presence: one's own, and those of everybody an office sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Resource
from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.completeness import thin_of
from backend.domain.activities.queries.presence import presence_of
from backend.domain.activities.rules.completeness import Finding, WeekTold, missing_in_week
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.rules.presence import Presence
from backend.domain.activities.rules.statuses import EDITABLE, RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import dispatches_of
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import pair_scope
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.paging import Page

SEEN = frozenset({RecordStatus.SUBMITTED, RecordStatus.RETURNED, RecordStatus.COUNTERSIGNED, RecordStatus.IMPORTED})
"""What others see of somebody's records: not the drafts."""
OWN = SEEN | {RecordStatus.DRAFT}
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Week:
    """Somebody's week, from a Monday on: where they were there, what they recorded, and what is missing or thin."""

    monday: date
    present: tuple[date, ...]
    records: tuple[ActivityRecord, ...]
    missing: tuple[Finding, ...]
    thin: tuple[tuple[ActivityRecord, list[Finding]], ...]


@dataclass(frozen=True)
class PersonWeek:
    """The week of one person at one recipient."""

    person: Person
    recipient: Organisation
    week: Week


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _DAY


def weeks_of(person_id: UUID, first: date, last: date) -> list[Week]:
    """Return the weeks of somebody's dispatches that touch a period, drafts counted, the latest first."""
    first, last = monday_of(first), min(monday_of(last) + 6 * _DAY, clock.today())
    dispatches = dispatches_of(person_id, first, last) if first <= last else []
    if not dispatches:
        return []
    present = _present(dispatches, first, last)
    records = _records(first, last, OWN, ActivityRecord.person_id == person_id)
    thin = thin_of(records)
    mondays = (first + number * _WEEK for number in range((last - first).days // 7 + 1))
    return [
        _week(monday, (day for ids in present.values() for day in ids), records, thin, own=True)
        for monday in sorted(mondays, reverse=True)
        if any(one.starts_on < monday + _WEEK and one.ends_on >= monday for one in dispatches)
    ]


def weeks_of_people(dispatches: Sequence[Dispatch], monday: date) -> dict[UUID, Week]:
    """Return one week of each of the people of these dispatches, drafts counted; a constant number of statements."""
    last = min(monday + 6 * _DAY, clock.today())
    present = _present(dispatches, monday, last)
    people = {one.person_id for one in dispatches}
    records = _records(monday, last, OWN, ActivityRecord.person_id.in_(people))
    thin = thin_of(records)
    days: defaultdict[UUID, set[date]] = defaultdict(set)
    recorded: defaultdict[UUID, list[ActivityRecord]] = defaultdict(list)
    for one in dispatches:
        days[one.person_id] |= present[one.id]
    for record in records:
        recorded[record.person_id].append(record)
    return {person: _week(monday, days[person], recorded[person], thin, own=True) for person in people}


def list_weeks(
    actor: Actor,
    monday: date,
    *,
    recipient_id: UUID | None = None,
    text: str = "",
    page: int = 1,
    page_size: int = 50,
) -> Page[PersonWeek]:
    """Return a week of everybody that the actor sees, who recorded least first; without drafts.

    Raises:
        Forbidden: the current role may read none.
    """
    last = monday + 6 * _DAY
    wanted = _people_at(actor, monday, last, recipient_id, text)
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = db.session.execute(wanted.limit(page_size).offset((page - 1) * page_size)).all()
    dispatches = _dispatches([dispatch_id for row in rows for dispatch_id in row.ids])
    last = min(last, clock.today())
    present = _present(dispatches.values(), monday, last)
    pairs = {(row.person_id, row.recipient_id) for row in rows}
    records = _records(monday, last, SEEN, ActivityRecord.person_id.in_({row.person_id for row in rows}))
    records = [record for record in records if (record.person_id, record.recipient_id) in pairs]
    thin = thin_of(records)
    return Page(
        [_person_week(row.ids, monday, dispatches, present, records, thin) for row in rows], page, page_size, total
    )


def _person_week(
    ids: Sequence[UUID],
    monday: date,
    dispatches: dict[UUID, Dispatch],
    present: dict[UUID, set[date]],
    records: Iterable[ActivityRecord],
    thin: dict[UUID, list[Finding]],
) -> PersonWeek:
    one = dispatches[ids[0]]
    own = [record for record in records if (record.person_id, record.recipient_id) == (one.person_id, one.recipient_id)]
    days = {day for dispatch_id in ids for day in present[dispatch_id]}
    return PersonWeek(one.person, one.recipient, _week(monday, days, own, thin, own=False))


def _people_at(
    actor: Actor, first: date, last: date, recipient_id: UUID | None, text: str
) -> Select[UUID, UUID, Sequence[UUID]]:
    """Select who is sent where in a week, with their dispatches, those with the fewest records first."""
    recorded = (
        select(func.count(ActivityRecord.series_id.distinct()))
        .where(
            ActivityRecord.person_id == Dispatch.person_id,
            ActivityRecord.recipient_id == Dispatch.recipient_id,
            ActivityRecord.occurred_on.between(first, last),
            ActivityRecord.status.in_(SEEN),
        )
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = [_activity_scope(actor), _touching(first, last)]
    if recipient_id is not None:
        conditions.append(Dispatch.recipient_id == recipient_id)
    if text:
        named = Person.name.contains(text, autoescape=True)
        conditions.append(or_(named, Person.staff_number.istartswith(text, autoescape=True)))
    return (
        select(Dispatch.person_id, Dispatch.recipient_id, func.array_agg(Dispatch.id).label("ids"))
        .join(Dispatch.person)
        .join(Dispatch.recipient)
        .where(*conditions)
        .group_by(Dispatch.person_id, Dispatch.recipient_id, Organisation.code, Person.staff_number)
        .order_by(recorded, Organisation.code, Person.staff_number, Dispatch.person_id)
    )


def _activity_scope(actor: Actor) -> ColumnElement[bool]:
    return pair_scope(
        actor,
        Resource.ACTIVITY,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )


def _touching(first: date, last: date) -> ColumnElement[bool]:
    return and_(Dispatch.cancelled_at.is_(None), Dispatch.starts_on <= last, Dispatch.ends_on >= first)


def _dispatches(ids: Collection[UUID]) -> dict[UUID, Dispatch]:
    statement = (
        select(Dispatch)
        .options(joinedload(Dispatch.person), joinedload(Dispatch.recipient))
        .where(Dispatch.id.in_(ids))
    )
    return {one.id: one for one in db.session.scalars(statement)}


def _present(dispatches: Iterable[Dispatch], first: date, last: date) -> dict[UUID, set[date]]:
    """Return the days of presence of each of these dispatches."""
    dispatches = list(dispatches)
    pairs = [
        (one.id, day) for one in dispatches for day in days_between(max(first, one.starts_on), min(last, one.ends_on))
    ]
    present: dict[UUID, set[date]] = {one.id: set() for one in dispatches}
    for (dispatch_id, day), presence in presence_of(pairs).items():
        if presence is Presence.PRESENT:
            present[dispatch_id].add(day)
    return present


def _records(
    first: date, last: date, statuses: Collection[RecordStatus], whose: ColumnElement[bool]
) -> list[ActivityRecord]:
    """Return the records of a period in the order of their days, of each its latest edition."""
    statement = (
        select(ActivityRecord)
        .where(whose, ActivityRecord.occurred_on.between(first, last), ActivityRecord.status.in_(statuses))
        .order_by(ActivityRecord.occurred_on, ActivityRecord.created_at, ActivityRecord.edition)
    )
    latest: dict[UUID, ActivityRecord] = {}
    for record in db.session.scalars(statement):
        if record.series_id not in latest or latest[record.series_id].edition < record.edition:
            latest[record.series_id] = record
    return sorted(latest.values(), key=lambda record: record.occurred_on)


def _week(
    monday: date,
    present: Iterable[date],
    records: Iterable[ActivityRecord],
    thin: dict[UUID, list[Finding]],
    *,
    own: bool,
) -> Week:
    days = sorted(day for day in set(present) if monday <= day < monday + _WEEK)
    records = [record for record in records if monday <= record.occurred_on < monday + _WEEK]
    today = clock.today()
    told = WeekTold(
        present=[day for day in days if day < today],  # today is not over
        recorded={record.occurred_on for record in records},
        taught=any(KINDS[record.kind].teaches for record in records),
        drafts=sum(record.status in EDITABLE for record in records) if own else 0,
    )
    return Week(
        monday=monday,
        present=tuple(days),
        records=tuple(records),
        missing=tuple(missing_in_week(told)),
        thin=tuple((record, thin[record.id]) for record in records if thin[record.id]),
    )
