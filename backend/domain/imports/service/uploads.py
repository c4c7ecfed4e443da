"""Imports from the console: uploaded, checked by a job, previewed, confirmed, applied by a job.

A job may run twice, or die: it claims the import by a conditional UPDATE, gives signs of life while it works, and a
sweep finds what gives none any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.access.rules import Action
from backend.domain.audit.service import record_event
from backend.domain.imports.errors import ChangedMeanwhile, ImportState
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.queries import get_import
from backend.domain.imports.rules.findings import Finding, Findings
from backend.domain.imports.rules.kinds import KIND_LABELS, RESOURCES, ImportKind
from backend.domain.imports.rules.status import (
    CONTENT_KEPT,
    MAXIMUM_ATTEMPTS,
    RUNNING,
    STUCK_AFTER,
    TRANSITIONS,
    ImportStatus,
)
from backend.domain.imports.service.files import File
from backend.domain.imports.service.registry import IMPORTERS
from backend.domain.imports.service.report import Report
from backend.domain.imports.service.waiting import wait_for_other_imports
from backend.domain.organisations.queries import parties_to_own, require_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt_bytes, encrypt_bytes
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import enqueue_after_commit, transaction
from backend.foundation.workbooks.container import look_into_container

CHECK_JOB = "backend.jobs.imports.check_import"
APPLY_JOB = "backend.jobs.imports.apply_import"
_SEALED_AS = "roster_imports"  # the first name of the table: a file that waits stays readable
_BEAT_EVERY_SECONDS = 1.0

log = structlog.get_logger(__name__)


def start_import(actor: Actor, kind: ImportKind, filename: str, content: bytes) -> SpreadsheetImport:
    """Take a file for the actor's organisation and let a job check it; follow it with `get_import`.

    Raises:
        Forbidden: the current role may not import.
        WorkbookUnreadable: it is visibly no .xlsx; what is wrong inside is in the report of the check.
    """
    if actor.organisation_id is None or actor.role is None:
        raise Forbidden
    require_right(actor, Action.WRITE, RESOURCES[kind], parties_to_own(actor, actor.organisation_id))
    look_into_container(content)
    with transaction() as session:
        import_id = new_id()
        started = SpreadsheetImport(
            id=import_id,
            kind=kind,
            organisation_id=actor.organisation_id,
            uploaded_by_person_id=actor.person_id,
            role=actor.role,
            filename=filename.strip()[-120:] or f"{KIND_LABELS[kind]}.xlsx",
            content=encrypt_bytes(content, table=_SEALED_AS, column="content", row_id=import_id),
            status=ImportStatus.UPLOADED,
            report={},
        )
        session.add(started)
        session.flush()
        record_event(actor, f"upload_{kind}", "spreadsheet_import", import_id, bytes=len(content))
        enqueue_after_commit(CHECK_JOB, str(import_id))
    return get_import(actor, import_id)


def confirm_import(actor: Actor, import_id: UUID) -> SpreadsheetImport:
    """Let a job import what was checked without errors; once it is under way, confirming again changes nothing.

    Raises:
        ImportNotFound, Forbidden: as in get_import.
        ImportState: it is not (or no longer) there to be confirmed.
    """
    with transaction() as session:
        confirmed = get_import(actor, import_id, Action.WRITE)
        session.refresh(confirmed, with_for_update={"of": SpreadsheetImport})
        if confirmed.status in (ImportStatus.APPLYING, ImportStatus.COMPLETED):
            return confirmed
        if (confirmed.status, "confirm") not in TRANSITIONS or actor.role is None:
            raise ImportState
        confirmed.status = TRANSITIONS[confirmed.status, "confirm"]
        confirmed.confirmed_by_person_id = actor.person_id
        confirmed.role = actor.role
        confirmed.attempts = confirmed.done = confirmed.total = 0
        confirmed.beat_at = clock.now()
        session.flush()
        record_event(actor, f"confirm_{confirmed.kind}", "spreadsheet_import", import_id)
        enqueue_after_commit(APPLY_JOB, str(import_id))
        return confirmed


def check_import(import_id: UUID) -> None:
    """Check an uploaded file and keep the report; does nothing if another job has it, or it is done."""
    fresh = SpreadsheetImport.status == ImportStatus.UPLOADED
    again = and_(SpreadsheetImport.status == ImportStatus.CHECKING, _gives_no_sign())
    if not _claim(import_id, ImportStatus.CHECKING, or_(fresh, again)):
        return
    found = _get(import_id)
    report = IMPORTERS[found.kind].check(_file_of(found), _beats(import_id))
    db.session.rollback()  # only read: whatever was locked or loaded for it goes
    with transaction():
        _finish(import_id, ImportStatus.CHECKING, "refuse" if report.refused else "pass", report)


def apply_import(import_id: UUID) -> None:
    """Import a confirmed file; does nothing if another job has it, or it is done.

    Checked anew against the database as it is now: an error that has come up since then refuses the import.
    """
    again = and_(
        SpreadsheetImport.status == ImportStatus.APPLYING, or_(SpreadsheetImport.attempts == 0, _gives_no_sign())
    )
    if not _claim(import_id, ImportStatus.APPLYING, again):
        return
    try:
        with transaction():
            wait_for_other_imports()
            found = _get(import_id)
            if found.status is not ImportStatus.APPLYING:
                return
            report = IMPORTERS[found.kind].apply(_file_of(found), _beats(import_id))
            _finish(import_id, ImportStatus.APPLYING, "refuse" if report.refused else "complete", report)
    except ChangedMeanwhile as error:
        findings = Findings()
        findings.error(Finding(error.code, error.text))
        with transaction():
            _finish(import_id, ImportStatus.APPLYING, "refuse", Report(findings, {}))


def sweep_imports() -> None:
    """Take up imports that give no sign of life, give up those that died three times, drop files of a day ago."""
    now = clock.now()
    with transaction() as session:
        old = select(SpreadsheetImport).where(
            SpreadsheetImport.status.in_((ImportStatus.UPLOADED, ImportStatus.CHECKED)),
            SpreadsheetImport.uploaded_at < now - CONTENT_KEPT,
        )
        for found in session.scalars(old.with_for_update(skip_locked=True)):
            found.status = TRANSITIONS[found.status, "expire"]
            found.content, found.finished_at = None, now
        session.flush()
        stuck = select(SpreadsheetImport).where(SpreadsheetImport.status.in_(RUNNING), _gives_no_sign())
        for found in session.scalars(stuck.with_for_update(skip_locked=True)):
            if found.attempts >= MAXIMUM_ATTEMPTS:
                found.status = TRANSITIONS[found.status, "fail"]
                found.content, found.finished_at = None, now
                log.error("import_failed", import_id=str(found.id))
            else:
                applying = found.status is ImportStatus.APPLYING
                enqueue_after_commit(APPLY_JOB if applying else CHECK_JOB, str(found.id))


def _gives_no_sign() -> ColumnElement[bool]:
    return SpreadsheetImport.beat_at < clock.now() - STUCK_AFTER


def _claim(import_id: UUID, status: ImportStatus, claimable: ColumnElement[bool]) -> bool:
    with transaction() as session:
        claimed = session.execute(
            update(SpreadsheetImport)
            .where(SpreadsheetImport.id == import_id, claimable)
            .values(status=status, attempts=SpreadsheetImport.attempts + 1, beat_at=clock.now())
            .returning(SpreadsheetImport.id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return claimed is not None


def _get(import_id: UUID) -> SpreadsheetImport:
    return db.session.execute(
        select(SpreadsheetImport).where(SpreadsheetImport.id == import_id).execution_options(populate_existing=True)
    ).scalar_one()


def _actor_of(found: SpreadsheetImport) -> Actor:
    person_id = found.confirmed_by_person_id or found.uploaded_by_person_id
    return Actor(person_id=person_id, role=found.role, organisation_id=found.organisation_id, channel="console")


def _file_of(found: SpreadsheetImport) -> File:
    return File(_actor_of(found), _content_of(found), found.filename, found.id)


def _content_of(found: SpreadsheetImport) -> bytes:
    if found.content is None:
        raise RuntimeError("the file of an unfinished import is gone")
    return decrypt_bytes(found.content, table=_SEALED_AS, column="content", row_id=found.id)


def _beats(import_id: UUID) -> Callable[[int, int], None]:
    """Return what keeps the progress, and the sign of life, in a transaction of its own so that others see it."""
    last = float("-inf")

    def beat(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < _BEAT_EVERY_SECONDS:
            return
        last = time.monotonic()
        with Session(db.engine, join_transaction_mode="create_savepoint") as session, session.begin():
            session.execute(
                update(SpreadsheetImport)
                .where(SpreadsheetImport.id == import_id)
                .values(done=done, total=total, beat_at=clock.now())
                .execution_options(synchronize_session=False)
            )

    return beat


def _finish(import_id: UUID, status: ImportStatus, outcome: str, report: Report) -> None:
    """Write how it ended, if it is still where it was; the file is kept for a confirmation only."""
    after = TRANSITIONS[status, outcome]
    values = {"status": after, "report": report.as_json(), "done": SpreadsheetImport.total, "beat_at": clock.now()}
    if after is not ImportStatus.CHECKED:
        values |= {"content": None, "finished_at": clock.now()}
    db.session.execute(
        update(SpreadsheetImport)
        .where(SpreadsheetImport.id == import_id, SpreadsheetImport.status == status)
        .values(values)
        .execution_options(synchronize_session=False)
    )
