"""Reading records, each as far as the actor may see: drafts are their author's until they are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import Person
from backend.domain.activities.errors.records import RecordNotFound
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.counting import COUNTED, enters_figures, figure_scope, with_hospital
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page

PRIVATE: Final = frozenset({RecordStatus.DRAFT, RecordStatus.DISCARDED})
"""What nobody but the author sees."""

# Over and replaced: found by its status, and from the edition that stands.
_ASIDE: Final = (RecordStatus.SUPERSEDED, RecordStatus.DISCARDED, RecordStatus.WITHDRAWN)


@dataclass(frozen=True)
class RecordFilter:
    """Which records of those that the actor may read; `counted` are those that their figures count.

    With `counted`, a status narrows to what a figure counts in it, or shows as waiting beside it.
    """

    mine: bool = False
    counted: bool = False
    status: RecordStatus | None = None
    kind: ActivityKind | None = None
    first: date | None = None
    last: date | None = None
    person_id: UUID | None = None
    recipient_id: UUID | None = None
    supporting_id: UUID | None = None
    department_id: UUID | None = None
    organisation_id: UUID | None = None  # either of the two hospitals
    without_department: bool = False
    title: str | None = None  # the whole of it
    without_title: bool = False
    text: str = ""


def record_scope(actor: Actor, action: Action = Action.READ) -> ColumnElement[bool]:
    """Return the condition that keeps the records on which the actor may act so.

    Raises:
        Forbidden: the current role may do so with none.
    """
    reach = pair_scope(
        actor,
        Resource.ACTIVITY,
        supporting=ActivityRecord.supporting_id,
        recipient=ActivityRecord.recipient_id,
        person=ActivityRecord.person_id,
        action=action,
    )
    shown = ActivityRecord.status.not_in(PRIVATE)
    if actor.person_id is None:
        return reach & shown
    own = ActivityRecord.person_id == actor.person_id
    return reach & or_(shown, own & (ActivityRecord.status == RecordStatus.DRAFT))


def list_records(
    actor: Actor, which: RecordFilter | None = None, *, page: int = 1, page_size: int = 20
) -> Page[ActivityRecord]:
    """Return the records that the actor may read, the latest first.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = with_names(select(ActivityRecord)).where(*records_where(actor, which or RecordFilter()))
    ordered = statement.order_by(ActivityRecord.occurred_on.desc(), ActivityRecord.id.desc())
    return fetch_page(ordered, page=page, page_size=page_size)


def records_where(actor: Actor, which: RecordFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter within what the actor may read, for lists, counts and exports.

    Raises:
        Forbidden: the current role may read none.
    """
    conditions = [_counted_scope(actor) if which.counted else record_scope(actor), _standing(which)]
    columns = {
        ActivityRecord.kind: which.kind,
        ActivityRecord.person_id: actor.person_id if which.mine else which.person_id,
        ActivityRecord.recipient_id: which.recipient_id,
        ActivityRecord.supporting_id: which.supporting_id,
        ActivityRecord.department_id: which.department_id,
        ActivityRecord.title: which.title,
    }
    conditions += [column == value for column, value in columns.items() if value is not None]
    if which.mine and which.person_id is not None:
        conditions.append(ActivityRecord.person_id == which.person_id)
    if which.organisation_id is not None:
        conditions.append(with_hospital(ActivityRecord, which.organisation_id))
    if which.without_department:
        conditions.append(ActivityRecord.department_id.is_(None))
    if which.without_title:
        conditions.append(ActivityRecord.title == "")
    if which.first is not None:
        conditions.append(ActivityRecord.occurred_on >= which.first)
    if which.last is not None:
        conditions.append(ActivityRecord.occurred_on <= which.last)
    if which.text:
        conditions.append(_said(which.text))
    return conditions


def get_record(actor: Actor, record_id: UUID, action: Action = Action.READ) -> ActivityRecord:
    """Return a record on which the actor may act so.

    Raises:
        RecordNotFound: it does not exist, lies outside the actor's organisations, or is another's draft.
        Forbidden: the current role has no such right.
    """
    statement = with_names(select(ActivityRecord)).where(ActivityRecord.id == record_id)
    return require_record(actor, db.session.scalars(statement).one_or_none(), action)


def require_record(actor: Actor, record: ActivityRecord | None, action: Action) -> ActivityRecord:
    """Let an action on a record that was looked for pass, or say why not.

    Raises:
        RecordNotFound, Forbidden: as in get_record.
    """
    if record is None or record.status is RecordStatus.DISCARDED:
        raise RecordNotFound
    parties = parties_to_record(actor, record)
    if not parties or (record.status in PRIVATE and Party.SELF not in parties):
        raise RecordNotFound
    require_right(actor, action, Resource.ACTIVITY, parties)
    return record


def parties_to_record(actor: Actor, record: ActivityRecord) -> frozenset[Party]:
    """Return what the actor is to a record."""
    return parties_to_pair(
        actor, supporting_id=record.supporting_id, recipient_id=record.recipient_id, person_id=record.person_id
    )


def editions_of(record: ActivityRecord) -> list[ActivityRecord]:
    """Return the editions of a record that have been countersigned, and the record itself, the first one first."""
    told = or_(ActivityRecord.countersigned_at.is_not(None), ActivityRecord.id == record.id)
    statement = select(ActivityRecord).where(ActivityRecord.series_id == record.series_id, told)
    return list(db.session.scalars(statement.order_by(ActivityRecord.edition)))


def with_names(statement: Select[ActivityRecord]) -> Select[ActivityRecord]:
    """Load with each record whatever names it, and its files."""
    return statement.options(
        joinedload(ActivityRecord.person),
        joinedload(ActivityRecord.supporting),
        joinedload(ActivityRecord.recipient),
        joinedload(ActivityRecord.department),
        joinedload(ActivityRecord.countersigned_by),
        selectinload(ActivityRecord.files).joinedload(ActivityFile.attachment),
    )


def _counted_scope(actor: Actor) -> ColumnElement[bool]:
    return figure_scope(actor, ActivityRecord) & enters_figures()


def _standing(which: RecordFilter) -> ColumnElement[bool]:
    if which.status is not None:
        return ActivityRecord.status == which.status
    if which.counted:
        return ActivityRecord.status.in_(COUNTED)
    return ActivityRecord.status.not_in(_ASIDE)


def _said(text: str) -> ColumnElement[bool]:
    somebody = ActivityRecord.person.has(
        Person.name.contains(text, autoescape=True) | Person.staff_number.istartswith(text, autoescape=True)
    )
    return ActivityRecord.title.contains(text, autoescape=True) | somebody
