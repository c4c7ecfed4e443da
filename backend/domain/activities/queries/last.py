"""What somebody wrote last, to be offered again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor

_GIVEN_UP = (RecordStatus.DISCARDED, RecordStatus.WITHDRAWN)


def last_values(actor: Actor, kind: ActivityKind) -> tuple[dict[str, Any], UUID | None]:
    """Return the remembered fields of the actor's last record of a kind, and its dispatch if that still runs."""
    if actor.person_id is None:
        return {}, None
    statement = (
        select(ActivityRecord.details, ActivityRecord.dispatch_id, Dispatch.ends_on)
        .outerjoin(Dispatch, (Dispatch.id == ActivityRecord.dispatch_id) & Dispatch.cancelled_at.is_(None))
        .where(
            ActivityRecord.person_id == actor.person_id,
            ActivityRecord.kind == kind,
            ActivityRecord.status.not_in(_GIVEN_UP),
        )
        .order_by(ActivityRecord.occurred_on.desc(), ActivityRecord.id.desc())
        .limit(1)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return {}, None
    offered = {field.name for field in KINDS[kind].fields if field.remembered}
    runs = row.ends_on is not None and row.ends_on >= clock.today()
    return {name: value for name, value in row.details.items() if name in offered}, row.dispatch_id if runs else None
