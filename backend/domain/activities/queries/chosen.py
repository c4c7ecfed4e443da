"""Reading records that somebody has picked from a list."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import record_scope, with_names
from backend.extensions import db
from backend.foundation.actor import Actor


def find_records(actor: Actor, record_ids: Collection[UUID]) -> list[ActivityRecord]:
    """Return those of these records that the actor may read, the earliest day first.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = with_names(select(ActivityRecord)).where(ActivityRecord.id.in_(record_ids), record_scope(actor))
    return list(db.session.scalars(statement.order_by(ActivityRecord.occurred_on, ActivityRecord.id)))
