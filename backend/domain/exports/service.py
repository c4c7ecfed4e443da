"""Exports: asked for at once, made by a job, kept for a week. The one way to get a list as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update

from backend.domain.audit.service import record_event
from backend.domain.exports.models import Export, ExportPiece
from backend.domain.exports.rules import ExportKind, ExportStatus
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import Undecipherable, decrypt_bytes, encrypt_bytes
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import enqueue_after_commit, transaction

Parameters = Mapping[str, Any]
Progress = Callable[[int], None]
"""Is told how many rows have been written; must not be called within a transaction."""
Maker = Callable[[Actor, Parameters, IO[bytes], Progress], int]
"""Writes the file of what an actor asked for, in batches of a memory of their own, and returns the rows in it."""

_JOB = "backend.jobs.exports.make_export"
_TABLE = "export_pieces"
_PIECE_BYTES = 256 * 1024
_IN_MEMORY_PIECES = 4
_KEPT = timedelta(days=7)
_STUCK_AFTER = timedelta(minutes=10)
_GIVEN_UP_AFTER = timedelta(hours=1)


def request_export(actor: Actor, kind: ExportKind, parameters: Parameters, *, name: str) -> Export:
    """Ask for a file; a job makes it, one at a time of the same. Whether the actor may is settled by who calls.

    Raises:
        Forbidden: the actor has no current role.
    """
    if actor.person_id is None or actor.role is None or actor.organisation_id is None:
        raise Forbidden
    with transaction() as session:
        waiting = session.scalar(_waiting_of(actor, kind, parameters))
        if waiting is not None:
            return waiting
        export = Export(
            id=new_id(),
            kind=kind,
            parameters=dict(parameters),
            name=name,
            requested_by_person_id=actor.person_id,
            role=actor.role,
            organisation_id=actor.organisation_id,
            requested_at=clock.now(),
        )
        session.add(export)
        session.flush()
        _record(actor, f"request_{kind.value}_export", export)
        enqueue_after_commit(_JOB, str(export.id))
        return export


def request_again(actor: Actor, export_id: UUID) -> Export:
    """Ask for the same file anew, as when it could not be made.

    Raises:
        NotFound: as in get_export.
    """
    export = get_export(actor, export_id)
    return request_export(actor, export.kind, export.parameters, name=export.name)


def make_export(export_id: UUID, makers: Mapping[ExportKind, Maker]) -> None:
    """Make the file of an export that was asked for; one that is made already stays as it is."""
    export = db.session.get(Export, export_id)
    if export is None or export.status is not ExportStatus.REQUESTED:
        return
    actor = Actor(person_id=export.requested_by_person_id, role=export.role, organisation_id=export.organisation_id)
    make, parameters = makers[export.kind], export.parameters
    with TemporaryFile() as file:
        rows = make(actor, parameters, file, partial(_tell_rows, export_id))
        file.seek(0)
        _finish(export_id, rows, file)


def _finish(export_id: UUID, rows: int, file: IO[bytes]) -> None:
    with transaction() as session:
        export = session.get(Export, export_id, with_for_update=True, populate_existing=True)
        if export is None or export.status is not ExportStatus.REQUESTED:
            return  # another worker was faster, or it was given up
        export.rows, export.pieces = rows, _keep(export_id, file)
        export.status, export.finished_at = ExportStatus.COMPLETED, clock.now()


def _keep(export_id: UUID, file: IO[bytes]) -> int:
    position = 0
    while piece := file.read(_PIECE_BYTES):
        content = encrypt_bytes(piece, table=_TABLE, column=f"content:{position}", row_id=export_id)
        values = {"export_id": export_id, "position": position, "content": content}
        db.session.execute(insert(ExportPiece), values)
        position += 1
    return position


def _tell_rows(export_id: UUID, rows: int) -> None:
    with transaction() as session:
        session.execute(update(Export).where(Export.id == export_id).values(rows=rows))


def get_export(actor: Actor, export_id: UUID) -> Export:
    """Return an export that the actor asked for, in the role in which they asked: it holds what that role may read.

    Raises:
        NotFound: there is none, somebody else asked for it, or in another role, as one that was taken away.
    """
    export = db.session.get(Export, export_id, populate_existing=True)
    if export is None or _asker(export) != (actor.person_id, actor.role, actor.organisation_id):
        raise NotFound
    return export


def _asker(export: Export) -> tuple[UUID, Role, UUID]:
    return export.requested_by_person_id, export.role, export.organisation_id


def open_export(actor: Actor, export_id: UUID) -> IO[bytes]:
    """Return the file of an export that the actor asked for, to be read and closed; it is audited.

    Raises:
        NotFound: as in get_export, or it is not made yet.
        Undecipherable: a piece is damaged or missing.
    """
    with transaction():
        export = get_export(actor, export_id)
        if export.pieces is None:
            raise NotFound
        _record(actor, f"download_{export.kind.value}_export", export)
        return _joined(export_id, export.pieces)


def _joined(export_id: UUID, pieces: int) -> IO[bytes]:
    file: IO[bytes] = BytesIO() if pieces <= _IN_MEMORY_PIECES else TemporaryFile()  # noqa: SIM115
    try:
        for position in range(pieces):
            file.write(_piece(export_id, position))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _piece(export_id: UUID, position: int) -> bytes:
    content = db.session.scalar(
        select(ExportPiece.content).where(ExportPiece.export_id == export_id, ExportPiece.position == position)
    )
    if content is None:
        raise Undecipherable("a piece is missing")
    return decrypt_bytes(content, table=_TABLE, column=f"content:{position}", row_id=export_id)


def sweep_exports() -> None:
    """Take up again what a worker left behind, and drop what was kept for long enough."""
    now = clock.now()
    waiting = Export.status == ExportStatus.REQUESTED
    with transaction() as session:
        session.execute(
            update(Export)
            .where(waiting, Export.requested_at < now - _GIVEN_UP_AFTER)
            .values(status=ExportStatus.FAILED, finished_at=now)
        )
        for export_id in session.scalars(select(Export.id).where(waiting, Export.requested_at < now - _STUCK_AFTER)):
            enqueue_after_commit(_JOB, str(export_id))
        session.execute(delete(Export).where(Export.requested_at < now - _KEPT))


def _waiting_of(actor: Actor, kind: ExportKind, parameters: Parameters) -> Select[Export]:
    return select(Export).where(
        Export.requested_by_person_id == actor.person_id,
        Export.role == actor.role,
        Export.organisation_id == actor.organisation_id,
        Export.kind == kind,
        Export.parameters == dict(parameters),
        Export.status == ExportStatus.REQUESTED,
    )


def _record(actor: Actor, action: str, export: Export) -> None:
    # The audit trail calls the subject what it called it when only months could be exported.
    record_event(actor, action, f"{export.kind.value}_export", export.id, organisation_id=export.organisation_id)
