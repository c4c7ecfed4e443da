"""Reading many records for a file, in batches: memory must not grow with their number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, Select, case, func, null, select
from sqlalchemy.orm import aliased

from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.patients import patients_readable
from backend.domain.activities.queries.records import RecordFilter, records_where
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.organisations.models import Department, Organisation
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt_bytes

_ID_BYTES = 16
_IDS_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class RecordRow:
    """A record as a spreadsheet has it. `values`: its fields, those about a patient where who asked may read them."""

    kind: ActivityKind
    occurred_on: date
    title: str
    person_name: str
    staff_number: str
    supporting: str
    recipient: str
    department: str
    quantity: Amount
    person_times: Amount
    status: RecordStatus
    is_late: bool
    edition: int
    files: int
    submitted_at: datetime | None
    countersigned_by: str
    countersigned_at: datetime | None
    source: str
    values: Mapping[str, Any]
    tells_of_patient: bool


def count_by_kind(actor: Actor, which: RecordFilter) -> dict[ActivityKind, int]:
    """Return how many records a filter keeps, kind by kind.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = select(ActivityRecord.kind, func.count()).where(*records_where(actor, which))
    rows = db.session.execute(statement.group_by(ActivityRecord.kind))
    return {row.kind: row[1] for row in rows}


def ids_of_records(actor: Actor, which: RecordFilter) -> bytes:
    """Return the ids of the records that a filter keeps, the latest first, one after the other in 16 bytes each.

    Raises:
        Forbidden: the current role may read none.
    """
    statement = select(ActivityRecord.id).where(*records_where(actor, which))
    ordered = statement.order_by(ActivityRecord.occurred_on.desc(), ActivityRecord.id.desc())
    ids = bytearray()
    for record_id in db.session.scalars(ordered, execution_options={"yield_per": _IDS_AT_ONCE}):
        ids += record_id.bytes
    return bytes(ids)


def batches_of(ids: bytes, size: int) -> Iterator[list[UUID]]:
    """Yield ids as ids_of_records returned them, so many at a time."""
    for start in range(0, len(ids), size * _ID_BYTES):
        some = ids[start : start + size * _ID_BYTES]
        yield [UUID(bytes=some[at : at + _ID_BYTES]) for at in range(0, len(some), _ID_BYTES)]


def rows_of_records(actor: Actor, ids: Collection[UUID]) -> list[RecordRow]:
    """Return these records in their order, what they say of patients only where the actor may read it."""
    found = {row.id: _row(row) for row in db.session.execute(_rows(actor, ids))}
    return [found[record_id] for record_id in ids if record_id in found]


def _rows(actor: Actor, ids: Collection[UUID]) -> Select[Any]:
    supporting, recipient, signer = aliased(Organisation), aliased(Organisation), aliased(Person)
    record = ActivityRecord
    files = select(func.count()).where(ActivityFile.record_id == record.id).scalar_subquery()
    clinical = case((patients_readable(actor), record.clinical), else_=null())
    return (
        select(
            *(record.id, record.kind, record.occurred_on, record.title, record.details, clinical.label("clinical")),
            *(record.quantity, record.quantity_at_least, record.quantity_about),
            *(record.person_times, record.person_times_at_least, record.person_times_about),
            *(record.status, record.is_late, record.edition, record.submitted_at, record.countersigned_at),
            *(record.source, files.label("files"), Person.name.label("person_name"), Person.staff_number),
            supporting.name.label("supporting"),
            recipient.name.label("recipient"),
            func.coalesce(Department.name, "").label("department"),
            func.coalesce(signer.name, "").label("countersigned_by"),
        )
        .join(Person, Person.id == record.person_id)
        .join(supporting, supporting.id == record.supporting_id)
        .join(recipient, recipient.id == record.recipient_id)
        .outerjoin(Department, Department.id == record.department_id)
        .outerjoin(signer, signer.id == record.countersigned_by_person_id)
        .where(record.id.in_(ids))
    )


def _row(row: Row[Any]) -> RecordRow:
    return RecordRow(
        kind=row.kind,
        occurred_on=row.occurred_on,
        title=row.title,
        person_name=row.person_name,
        staff_number=row.staff_number,
        supporting=row.supporting,
        recipient=row.recipient,
        department=row.department,
        quantity=Amount(row.quantity, at_least=row.quantity_at_least, about=row.quantity_about),
        person_times=Amount(row.person_times, at_least=row.person_times_at_least, about=row.person_times_about),
        status=row.status,
        is_late=row.is_late,
        edition=row.edition,
        files=row.files,
        submitted_at=row.submitted_at,
        countersigned_by=row.countersigned_by,
        countersigned_at=row.countersigned_at,
        source=row.source,
        values=row.details | _clinical(row.id, row.clinical),
        tells_of_patient=row.clinical is not None,
    )


def _clinical(record_id: UUID, encrypted: bytes | None) -> dict[str, Any]:
    if encrypted is None:
        return {}
    opened = decrypt_bytes(encrypted, table="activity_records", column="clinical", row_id=record_id)
    values: dict[str, Any] = orjson.loads(opened)
    return values
