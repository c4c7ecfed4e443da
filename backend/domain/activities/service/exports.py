"""The records of a list as one file, as the list was narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from backend.domain.activities.errors.exports import NothingToExport, TooManyToExport
from backend.domain.activities.printing.columns import columns_of
from backend.domain.activities.printing.records import write_records
from backend.domain.activities.queries.exporting import (
    RecordRow,
    batches_of,
    count_by_kind,
    ids_of_records,
    rows_of_records,
)
from backend.domain.activities.queries.filtering import filter_of, query_of
from backend.domain.activities.queries.patients import reads_patients
from backend.domain.activities.queries.records import RecordFilter
from backend.domain.audit.service import record_event
from backend.domain.exports.models import Export
from backend.domain.exports.rules import ExportKind
from backend.domain.exports.service import Parameters, Progress, request_export
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden
from backend.foundation.transaction import transaction

MOST_ROWS: Final = 1_000_000  # Excel's sheets end soon after
_BATCH = 1_000


def request_records(actor: Actor, which: RecordFilter) -> Export:
    """Ask for the records that a filter keeps as a spreadsheet.

    Raises:
        Forbidden: the current role may read no records, or there is none.
        NothingToExport, TooManyToExport: the filter keeps none, or more than a sheet holds.
    """
    if actor.role is None:
        raise Forbidden
    total = sum(count_by_kind(actor, which).values())
    if total == 0:
        raise NothingToExport
    if total > MOST_ROWS:
        raise TooManyToExport
    name = f"工作日志-{clock.today():%Y%m%d}"
    return request_export(actor, ExportKind.ACTIVITY, query_of(which), name=name)


def write_records_of(actor: Actor, parameters: Parameters, file: IO[bytes], progress: Progress) -> int:
    """Write the file that request_records asked for, and return how many records are in it."""
    which = filter_of(parameters)
    kinds, ids = set(count_by_kind(actor, which)), ids_of_records(actor, which)
    columns = columns_of(kinds, clinical=reads_patients(actor))
    told = _Told()
    note = f"对口支援工作日志　{clock.today()} 导出　“20余”“约30”按原话列在“原话”栏，空白为未报，不是0"
    written = write_records(_rows(actor, ids, told, progress), columns, file, note=note)
    if told.of_patients:
        with transaction():
            record_event(actor, "export_patients_of_activities", "activity_export", records=told.of_patients)
    return written


class _Told:
    """How many of the records told something of a patient."""

    of_patients = 0


def _rows(actor: Actor, ids: bytes, told: _Told, progress: Progress) -> Iterator[RecordRow]:
    done = 0
    for batch in batches_of(ids, _BATCH):
        for row in rows_of_records(actor, batch):
            told.of_patients += row.tells_of_patient
            yield row
        db.session.expunge_all()
        done += len(batch)
        progress(done)
