"""Reading what is missing or thin in records, in two statements however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, true, tuple_
from sqlalchemy.orm import aliased

from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.showing import values_of
from backend.domain.activities.rules.completeness import Finding, Told, findings_of_record
from backend.domain.activities.rules.kinds import KINDS, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.extensions import db

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
            values=values_of(record),
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
    one = aliased(ActivityRecord)
    last = (
        select(one)
        .where(
            one.person_id == ActivityRecord.person_id,
            one.kind == ActivityRecord.kind,
            one.series_id != ActivityRecord.series_id,
            one.status.in_(_KNOWN),
            one.occurred_on <= ActivityRecord.occurred_on,  # by index
            tuple_(one.occurred_on, one.created_at) < tuple_(ActivityRecord.occurred_on, ActivityRecord.created_at),
        )
        .order_by(one.occurred_on.desc(), one.created_at.desc())
        .limit(1)
        .lateral()
    )
    earlier = aliased(ActivityRecord, last)
    statement = select(ActivityRecord.id, earlier).join(last, true()).where(ActivityRecord.id.in_(ids))
    return {
        record_id: Told(occurred_on=before.occurred_on, values=values_of(before))
        for record_id, before in db.session.execute(statement)
    }
