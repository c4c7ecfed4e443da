"""Records of activities that tests stand on, made with as little as a test must say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.kinds import KINDS, ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id

SIGNED = (RecordStatus.COUNTERSIGNED, RecordStatus.SUPERSEDED)
FROM_LEDGERS = (RecordStatus.IMPORTED, RecordStatus.WITHDRAWN)


def make_record(
    dispatch: Dispatch,
    kind: ActivityKind = ActivityKind.LECTURE,
    *,
    occurred_on: date | None = None,
    status: RecordStatus = RecordStatus.COUNTERSIGNED,
    quantity: int | None = 1,
    person_times: int | None = None,
    title: str = "高血压规范管理",
    details: dict[str, Any] | None = None,
    signer: Person | None = None,
    **more: Any,
) -> ActivityRecord:
    """Make a record of the person of a dispatch, countersigned unless told otherwise; committed."""
    entry = KINDS[kind]
    fields = details if details is not None else ({entry.title: title} if entry.title else {})
    record_id = new_id()
    signed = status in SIGNED
    submitted: datetime | None = None if status in (RecordStatus.DRAFT, *FROM_LEDGERS) else clock.now()
    record = ActivityRecord(
        id=record_id,
        series_id=more.pop("series_id", record_id),
        kind=kind,
        occurred_on=occurred_on or clock.today(),
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        department_id=dispatch.department_id,
        dispatch_id=dispatch.id,
        title=title if entry.title else "",
        quantity=quantity,
        person_times=person_times,
        details=fields,
        status=status,
        submitted_at=submitted,
        countersigned_at=clock.now() if signed else None,
        countersigned_by_person_id=signer.id if signed and signer else None,
        countersigned_as=Role.DIRECTOR if signed else None,
        source_hash=record_id.bytes if status in FROM_LEDGERS else None,
        **more,
    )
    db.session.add(record)
    db.session.commit()
    return record
