"""What waits for a countersignature, with what is to be seen beside each record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, distinct, func, or_, select

from backend.domain.access.rules import Action, Resource, parties_with
from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.accounts.queries import in_force
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.presence import presence_of
from backend.domain.activities.queries.records import with_names
from backend.domain.activities.rules.oddities import Oddity, oddities_of
from backend.domain.activities.rules.presence import Presence
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.rules import PictureCheck
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import pair_scope
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.paging import Page, fetch_page

_SIGNERS = (Role.DIRECTOR, Role.DELEGATE)


@dataclass(frozen=True)
class Beside:
    """What is to be seen beside a record before it is countersigned."""

    presence: Presence
    oddities: tuple[Oddity, ...]


@dataclass(frozen=True)
class WaitingRecord:
    """A record that waits, with what is beside it."""

    record: ActivityRecord
    beside: Beside


@dataclass(frozen=True)
class WaitingForSigner:
    """How many records wait for somebody at an organisation."""

    person_id: UUID
    organisation_id: UUID
    organisation_name: str
    count: int


def beside(records: Iterable[ActivityRecord]) -> dict[UUID, Beside]:
    """Return by id what is beside these records; the attendance of all in one statement."""
    records = list(records)
    presences = presence_of({(one.dispatch_id, one.occurred_on) for one in records if one.dispatch_id is not None})
    return {record.id: _beside(record, presences) for record in records}


def list_waiting(actor: Actor, *, page: int = 1, page_size: int = 50) -> Page[WaitingRecord]:
    """Return the records that wait for the actor's countersignature, the earliest day first.

    Raises:
        Forbidden: the current role signs nothing.
    """
    statement = (
        with_names(select(ActivityRecord))
        .where(_to_sign(actor))
        .order_by(ActivityRecord.occurred_on, ActivityRecord.submitted_at, ActivityRecord.id)
    )
    found = fetch_page(statement, page=page, page_size=page_size)
    seen = beside(found.items)
    items = [WaitingRecord(record, seen[record.id]) for record in found.items]
    return Page(items, found.page, found.page_size, found.total)


def count_to_countersign(actor: Actor) -> int:
    """Return how many records wait for the actor's countersignature; 0 for who has no right to sign."""
    if not parties_with(actor.role, Action.DECIDE, Resource.ACTIVITY):
        return 0
    return db.session.scalar(select(func.count()).select_from(ActivityRecord).where(_to_sign(actor))) or 0


def waiting_for_signers(today: date) -> list[WaitingForSigner]:
    """Return how many records wait for each who may sign on this day, without their own and those of who named them."""
    statement = (
        select(RoleHolding.person_id, Organisation.id, Organisation.name, func.count(distinct(ActivityRecord.id)))
        .join(ActivityRecord, ActivityRecord.recipient_id == RoleHolding.organisation_id)
        .join(Organisation, Organisation.id == RoleHolding.organisation_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(
            ActivityRecord.status == RecordStatus.SUBMITTED,
            RoleHolding.role.in_(_SIGNERS),
            in_force(today),
            Person.disabled_at.is_(None),
            ActivityRecord.person_id != RoleHolding.person_id,
            or_(
                RoleHolding.role != Role.DELEGATE,
                RoleHolding.given_by_person_id.is_distinct_from(ActivityRecord.person_id),
            ),
        )
        .group_by(RoleHolding.person_id, Organisation.id)
        .order_by(Organisation.id, RoleHolding.person_id)
    )
    return [WaitingForSigner(*row) for row in db.session.execute(statement)]


def _to_sign(actor: Actor) -> ColumnElement[bool]:
    scope = pair_scope(
        actor,
        Resource.ACTIVITY,
        supporting=ActivityRecord.supporting_id,
        recipient=ActivityRecord.recipient_id,
        action=Action.DECIDE,
    )
    return scope & (ActivityRecord.status == RecordStatus.SUBMITTED) & (ActivityRecord.person_id != actor.person_id)


def _beside(record: ActivityRecord, presences: dict[tuple[UUID, date], Presence]) -> Beside:
    presence = presences[record.dispatch_id, record.occurred_on] if record.dispatch_id is not None else Presence.UNKNOWN
    oddities = oddities_of(
        record.kind,
        presence,
        is_late=record.is_late,
        has_findings=any(file.findings or _is_refused(file) for file in record.files),
        edition=record.edition,
    )
    return Beside(presence, oddities)


def _is_refused(file: ActivityFile) -> bool:
    return file.attachment.picture_check is PictureCheck.REFUSED
