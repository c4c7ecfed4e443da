"""Opening a record: whoever reads what another wrote about a patient leaves a trace."""

from __future__ import annotations

from uuid import UUID

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.patients import may_read_patient
from backend.domain.activities.queries.records import get_record
from backend.domain.audit.service import record_event
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def open_record(actor: Actor, record_id: UUID) -> ActivityRecord:
    """Return a record that the actor may read, and record that they read of a patient where it is another's.

    Raises:
        RecordNotFound, Forbidden: as in get_record.
    """
    with transaction():
        record = get_record(actor, record_id)
        of_another = record.person_id != actor.person_id
        if of_another and record.clinical is not None and may_read_patient(actor, record):
            record_event(actor, "open_activity", "activity_record", record.id, organisation_id=record.supporting_id)
    return record
