"""What an actor may do with a record that is at hand."""

from __future__ import annotations

from typing import Final

from backend.domain.access.rules import Action, Resource
from backend.domain.activities.errors.records import RecordNotFound
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.organisations.queries import parties_to_pair, require_right
from backend.foundation.actor import Actor

OF_THE_AUTHOR: Final = frozenset({RecordStatus.DRAFT, RecordStatus.DISCARDED})
"""Records in these statuses nobody else sees."""


def require_record(actor: Actor, record: ActivityRecord | None, action: Action) -> ActivityRecord:
    """Let an action on a record pass, or say why not.

    Raises:
        RecordNotFound: there is none, it lies outside the actor's organisations, or it is somebody else's draft.
        Forbidden: the current role has no such right.
    """
    if record is None or (record.status in OF_THE_AUTHOR and actor.person_id != record.person_id):
        raise RecordNotFound
    parties = parties_to_pair(
        actor, supporting_id=record.supporting_id, recipient_id=record.recipient_id, person_id=record.person_id
    )
    if not parties:
        raise RecordNotFound
    require_right(actor, action, Resource.ACTIVITY, parties)
    return record
