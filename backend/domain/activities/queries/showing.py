"""What a record says, decrypted and as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.content import shown_value
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.rules.statuses import RecordStatus
from backend.foundation.encryption import decrypt_bytes

TABLE, COLUMN = "activity_records", "clinical"
_FROM_LEDGERS = frozenset({RecordStatus.IMPORTED, RecordStatus.WITHDRAWN})


def values_of(record: ActivityRecord) -> dict[str, Any]:
    """Return the fields of a record, those about a patient too: for those who may read it."""
    return record.details | clinical_values(record)


def clinical_values(record: ActivityRecord) -> dict[str, Any]:
    """Return the fields about a patient; none where nothing was said of one."""
    if record.clinical is None:
        return {}
    values: dict[str, Any] = orjson.loads(decrypt_bytes(record.clinical, table=TABLE, column=COLUMN, row_id=record.id))
    return values


def lines_of(record: ActivityRecord, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return these values of a record as (label, value), in the order of its kind; what counts is told even if unsaid.

    A ledger tells of the whole only: its amounts stand first, as they were said.
    """
    entry = KINDS[record.kind]
    imported = record.status in _FROM_LEDGERS
    lines = []
    if imported:
        lines.append(("数量", record.amount.label(entry.unit)))
        if entry.person_times:
            lines.append((entry.field(entry.person_times).label, record.reached.label("人次")))
    told = {entry.person_times} if imported else set()
    counts = set() if imported else {*entry.quantity, entry.person_times}
    for field in entry.fields:
        if field.name in values and field.name not in told:
            lines.append((field.label, shown_value(field, values[field.name])))
        elif field.name in counts and field.name not in values:
            lines.append((field.label, "未报"))
    if imported and "note" in values and all(field.name != "note" for field in entry.fields):
        lines.append(("备注", str(values["note"])))  # of a ledger's own column
    return lines
