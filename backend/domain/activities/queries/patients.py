"""Who may read what a record says of a patient: fewer than may read the record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false

from backend.domain.access.rules import Action, Resource, may
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.showing import values_of
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_list_right
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden


def may_read_patient(actor: Actor, record: ActivityRecord) -> bool:
    """Tell whether the actor may read what a record, which they may read, says of a patient."""
    parties = parties_to_pair(
        actor, supporting_id=record.supporting_id, recipient_id=record.recipient_id, person_id=record.person_id
    )
    return may(actor.role, Action.READ, Resource.ACTIVITY_PATIENT, parties)


def readable_values(actor: Actor, record: ActivityRecord) -> dict[str, Any]:
    """Return the fields of a record, which the actor may read, as far as they may read what it says of a patient."""
    return values_of(record) if may_read_patient(actor, record) else dict(record.details)


def reads_patients(actor: Actor) -> bool:
    """Tell whether there are records of which the actor's role may read what they say of a patient."""
    try:
        require_list_right(actor, Action.READ, Resource.ACTIVITY_PATIENT)
    except Forbidden:
        return False
    return True


def patients_readable(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that keeps the records of which the actor may read what they say of a patient."""
    try:
        return pair_scope(
            actor,
            Resource.ACTIVITY_PATIENT,
            supporting=ActivityRecord.supporting_id,
            recipient=ActivityRecord.recipient_id,
            person=ActivityRecord.person_id,
        )
    except Forbidden:
        return false()
