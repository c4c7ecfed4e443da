"""Reading what is missing or thin in records, in two statements however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.rules.completeness import Finding, Told, findings_of_record
from backend.domain.activities.rules.kinds import KINDS, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.extensions import db
from backend.foundation.encryption import decrypt_bytes

JUDGED = frozenset({RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED, RecordStatus.COUNTERSIGNED})
"""What can still be made better, or stands for good as it is; nothing is asked of an old ledger."""
_KNOWN = (RecordStatus.SUBMITTED, RecordStatus.RETURNED, RecordStatus.COUNTERSIGNED, RecordStatus.IMPORTED)


def thin_of(records: Collection[ActivityRecord]) -> dict[UUID, list[Finding]]:
    """Return what is missing or thin in each of these records, by id, nothing where all is well."""
    found: dict[UUID, list[Finding]] = {record.id: [] for record in records}
    judged = [record for record in records if record.status in JUDGED]
    if not judged:
        return found
    ids = [record.id for record in judged]
    proofs, before = _proofs_of(ids), _before(ids)
    for record in judged:
        told = Told(
            occurred_on=record.occurred_on,
            values=_values(record.id, record.details, record.clinical),
            quantity=record.amount,
            person_times=record.reached,
            proofs=frozenset(proofs[record.id]),
        )
        found[record.id] = findings_of_record(KINDS[record.kind], told, before.get(record.id))
    return found


def _proofs_of(ids: Collection[UUID]) -> defaultdict[UUID, set[Proof]]:
    proofs: defaultdict[UUID, set[Proof]] = defaultdict(set)
    statement = select(ActivityFile.record_id, ActivityFile.proof).where(ActivityFile.record_id.in_(ids)).distinct()
    for record_id, proof in db.session.execute(statement):
        proofs[record_id].add(proof)
    return proofs


def _before(ids: Collection[UUID]) -> dict[UUID, Told]:
    """Return the person's last earlier record of the kind before each of these, as far as others may know of it."""
    earlier = aliased(ActivityRecord)
    last = (
        select(earlier.id, earlier.occurred_on, earlier.details, earlier.clinical)
        .where(
            earlier.person_id == ActivityRecord.person_id,
            earlier.kind == ActivityRecord.kind,
            earlier.series_id != ActivityRecord.series_id,
            earlier.status.in_(_KNOWN),
            earlier.occurred_on <= ActivityRecord.occurred_on,  # by index
            tuple_(earlier.occurred_on, earlier.created_at)
            < tuple_(ActivityRecord.occurred_on, ActivityRecord.created_at),
        )
        .order_by(earlier.occurred_on.desc(), earlier.created_at.desc())
        .limit(1)
        .lateral()
    )
    statement = select(ActivityRecord.id, last).where(ActivityRecord.id.in_(ids))
    return {
        record_id: Told(occurred_on=occurred_on, values=_values(earlier_id, details, clinical))
        for record_id, earlier_id, occurred_on, details, clinical in db.session.execute(statement)
    }


def _values(record_id: UUID, details: Mapping[str, Any], clinical: bytes | None) -> dict[str, Any]:
    if clinical is None:
        return dict(details)
    opened = decrypt_bytes(clinical, table="activity_records", column="clinical", row_id=record_id)
    return {**details, **orjson.loads(opened)}
