"""What somebody may do with a record as it stands: what pages offer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource, may
from backend.domain.accounts.queries import was_appointed_by
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import parties_to_record
from backend.domain.activities.rules.statuses import EDITABLE, TRANSITIONS, RecordAction, RecordStatus
from backend.extensions import db
from backend.foundation.actor import Actor, Role

_OPEN = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)


@dataclass(frozen=True)
class Permits:
    """What may be done with a record, by name."""

    edit: bool
    submit: bool
    recall: bool
    discard: bool
    amend: bool
    countersign: bool
    give_back: bool


def permits_of(actor: Actor, record: ActivityRecord) -> Permits:
    """Return what the actor may do with a record."""
    own = actor.person_id is not None and actor.person_id == record.person_id
    signs = _may_sign(actor, record)
    return Permits(
        edit=own and record.status in EDITABLE,
        submit=own and _can(record, RecordAction.SUBMIT),
        recall=own and _can(record, RecordAction.RECALL),
        discard=own and _can(record, RecordAction.DISCARD),
        amend=own and record.status is RecordStatus.COUNTERSIGNED and not _is_being_amended(record),
        countersign=signs and _can(record, RecordAction.COUNTERSIGN),
        give_back=signs and _can(record, RecordAction.RETURN),
    )


def _can(record: ActivityRecord, action: RecordAction) -> bool:
    return (record.status, action) in TRANSITIONS


def _may_sign(actor: Actor, record: ActivityRecord) -> bool:
    if actor.person_id is None or actor.person_id == record.person_id:
        return False
    if not may(actor.role, Action.DECIDE, Resource.ACTIVITY, parties_to_record(actor, record)):
        return False
    return not (actor.role is Role.DELEGATE and was_appointed_by(actor, record.person_id))


def _is_being_amended(record: ActivityRecord) -> bool:
    statement = select(ActivityRecord.id).where(
        ActivityRecord.series_id == record.series_id, ActivityRecord.status.in_(_OPEN)
    )
    return db.session.scalar(statement.limit(1)) is not None
