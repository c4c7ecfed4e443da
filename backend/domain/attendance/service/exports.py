"""The month of everybody in sight as one file: asked for at once, made by a job, kept for a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from sqlalchemy import Select, delete, select, update

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.timesheets import TimesheetExport
from backend.domain.attendance.printing.month import write_month
from backend.domain.attendance.printing.sheet import MonthRow
from backend.domain.attendance.queries.timesheets import in_month, sheets_of, timesheet_scope
from backend.domain.attendance.rules.timesheets import ExportStatus
from backend.domain.attendance.service.forms import month_row
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.encryption import decrypt_bytes, encrypt_bytes
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import enqueue_after_commit, transaction

_JOB = "backend.jobs.attendance.make_timesheet_export"
_BATCH = 100
_KEPT = timedelta(days=7)
_STUCK_AFTER = timedelta(minutes=10)
_GIVEN_UP_AFTER = timedelta(hours=1)


def request_export(actor: Actor, month: date) -> TimesheetExport:
    """Ask for the month of every dispatch in sight as a spreadsheet; a job makes it, one at a time of each.

    Raises:
        Forbidden: the current role may read no timesheets of others.
    """
    timesheet_scope(actor)
    if actor.person_id is None or actor.role is None or actor.organisation_id is None:
        raise Forbidden
    with transaction() as session:
        waiting = session.scalar(_waiting_of(actor, month))
        if waiting is not None:
            return waiting
        export = TimesheetExport(
            id=new_id(),
            requested_by_person_id=actor.person_id,
            role=actor.role,
            organisation_id=actor.organisation_id,
            month=month,
            requested_at=clock.now(),
        )
        session.add(export)
        session.flush()
        record_event(
            actor, "request_timesheet_export", "timesheet_export", export.id, organisation_id=actor.organisation_id
        )
        enqueue_after_commit(_JOB, str(export.id))
        return export


def _waiting_of(actor: Actor, month: date) -> Select[TimesheetExport]:
    return select(TimesheetExport).where(
        TimesheetExport.requested_by_person_id == actor.person_id,
        TimesheetExport.role == actor.role,
        TimesheetExport.organisation_id == actor.organisation_id,
        TimesheetExport.month == month,
        TimesheetExport.status == ExportStatus.REQUESTED,
    )


def make_export(export_id: UUID) -> None:
    """Make the file of an export that was asked for; one that is made already stays as it is."""
    export = db.session.get(TimesheetExport, export_id)
    if export is None or export.status is not ExportStatus.REQUESTED:
        return
    actor = Actor(person_id=export.requested_by_person_id, role=export.role, organisation_id=export.organisation_id)
    month = export.month
    file = BytesIO()
    rows = write_month(_rows(actor, month, export_id), file, year=month.year, month=month.month)
    content = encrypt_bytes(file.getvalue(), table="timesheet_exports", column="content", row_id=export_id)
    with transaction() as session:
        export = session.get_one(TimesheetExport, export_id, with_for_update=True, populate_existing=True)
        export.rows, export.content = rows, content
        export.status, export.finished_at = ExportStatus.COMPLETED, clock.now()


def get_export(actor: Actor, export_id: UUID) -> TimesheetExport:
    """Return an export that the actor asked for, in the role in which they asked: it holds what that role may read.

    Raises:
        NotFound: there is none, somebody else asked for it, or in another role, as one that was taken away.
    """
    export = db.session.get(TimesheetExport, export_id, populate_existing=True)
    if export is None or _asker(export) != (actor.person_id, actor.role, actor.organisation_id):
        raise NotFound
    return export


def _asker(export: TimesheetExport) -> tuple[UUID, Role, UUID]:
    return export.requested_by_person_id, export.role, export.organisation_id


def open_export(actor: Actor, export_id: UUID) -> bytes:
    """Return the file of an export that the actor asked for; it is audited.

    Raises:
        NotFound: as in get_export, or it is not made yet.
    """
    with transaction():
        export = get_export(actor, export_id)
        if export.content is None:
            raise NotFound
        record_event(
            actor, "download_timesheet_export", "timesheet_export", export.id, organisation_id=export.organisation_id
        )
        return decrypt_bytes(export.content, table="timesheet_exports", column="content", row_id=export.id)


def sweep_exports() -> None:
    """Take up again what a worker left behind, and drop what was kept for long enough."""
    now = clock.now()
    waiting = select(TimesheetExport.id).where(
        TimesheetExport.status == ExportStatus.REQUESTED, TimesheetExport.requested_at < now - _STUCK_AFTER
    )
    with transaction() as session:
        session.execute(
            update(TimesheetExport)
            .where(
                TimesheetExport.status == ExportStatus.REQUESTED,
                TimesheetExport.requested_at < now - _GIVEN_UP_AFTER,
            )
            .values(status=ExportStatus.FAILED, finished_at=now)
        )
        for export_id in session.scalars(waiting):
            enqueue_after_commit(_JOB, str(export_id))
        session.execute(delete(TimesheetExport).where(TimesheetExport.requested_at < now - _KEPT))


def _rows(actor: Actor, month: date, export_id: UUID) -> Iterator[MonthRow]:
    """Yield the rows in batches, forgetting each: memory must not grow with the county. Say how many there were."""
    statement = select(Dispatch.id).join(Dispatch.person).where(in_month(month), timesheet_scope(actor))
    ids = list(db.session.scalars(statement.order_by(Dispatch.recipient_id, Person.staff_number, Dispatch.id)))
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        sheets = {sheet.dispatch.id: month_row(sheet) for sheet in sheets_of(batch, month)}
        yield from (sheets[dispatch_id] for dispatch_id in batch if dispatch_id in sheets)
        db.session.expunge_all()
        with transaction() as session:
            done = update(TimesheetExport).where(TimesheetExport.id == export_id).values(rows=start + len(batch))
            session.execute(done)
