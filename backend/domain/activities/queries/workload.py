"""Reading what somebody did within one dispatch, from the records that were countersigned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.amounts import Amount, summed
from backend.domain.activities.rules.kinds import KINDS, KindEntry
from backend.domain.activities.rules.statuses import RecordStatus
from backend.extensions import db


@dataclass(frozen=True)
class Work:
    """What the countersigned records of one kind come to."""

    entry: KindEntry
    records: int
    quantity: Amount
    person_times: Amount

    @property
    def label(self) -> str:
        """What it comes to in Chinese: 6次，440人次; of how many records where none says how much."""
        if self.quantity.value is None:
            said = f"{self.records}条记录，数量未报"
        else:
            said = self.quantity.label(self.entry.unit)
        reached = self.person_times.label("人次") if self.person_times.value is not None else ""
        return "，".join(filter(None, (said, reached)))


def workload_of(dispatch_id: UUID) -> list[Work]:
    """Return what the countersigned records of a dispatch come to, kind by kind in the order of the table of kinds."""
    statement = select(ActivityRecord).where(
        ActivityRecord.dispatch_id == dispatch_id, ActivityRecord.status == RecordStatus.COUNTERSIGNED
    )
    by_kind = defaultdict(list)
    for record in db.session.scalars(statement):
        by_kind[record.kind].append(record)
    return [
        Work(
            entry,
            len(by_kind[kind]),
            summed([record.amount for record in by_kind[kind]]),
            summed([record.reached for record in by_kind[kind]]),
        )
        for kind, entry in KINDS.items()
        if kind in by_kind
    ]
