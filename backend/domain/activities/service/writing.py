"""Putting content into a row: what is about a patient is sealed to it."""

from __future__ import annotations

import orjson

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.showing import COLUMN, TABLE
from backend.domain.activities.rules.content import Content
from backend.foundation.encryption import encrypt_bytes


def put_content(record: ActivityRecord, content: Content) -> None:
    """Let a record, which has its id, hold this content."""
    record.details = dict(content.details)
    record.clinical = (
        encrypt_bytes(orjson.dumps(dict(content.clinical)), table=TABLE, column=COLUMN, row_id=record.id)
        if content.clinical
        else None
    )
    record.title = content.title
    record.quantity = content.quantity.value
    record.quantity_at_least, record.quantity_about = content.quantity.at_least, content.quantity.about
    record.person_times = content.person_times.value
    record.person_times_at_least = content.person_times.at_least
    record.person_times_about = content.person_times.about
