"""Reading the files that prove a record."""

from __future__ import annotations

from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.activities.errors.proofs import ProofNotFound
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.queries import File, read_file
from backend.domain.organisations.queries.scope import parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor

_OF_ITS_OWNER = frozenset({RecordStatus.DRAFT, RecordStatus.DISCARDED})


def open_proof(actor: Actor, record_id: UUID, attachment_id: UUID) -> File:
    """Return a file of a record that the actor may read.

    Raises:
        ProofNotFound: the record has no such file, or lies outside of what the actor sees.
        Forbidden: the current role may read no records.
    """
    record = db.session.get(ActivityRecord, record_id)
    if record is None:
        raise ProofNotFound
    parties = parties_to_pair(
        actor, supporting_id=record.supporting_id, recipient_id=record.recipient_id, person_id=record.person_id
    )
    require_right(actor, Action.READ, Resource.ACTIVITY, parties)
    if record.status in _OF_ITS_OWNER and actor.person_id != record.person_id:
        raise ProofNotFound
    if db.session.get(ActivityFile, (record_id, attachment_id)) is None:
        raise ProofNotFound
    return read_file(attachment_id)
