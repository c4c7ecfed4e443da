"""The scan of the signed and stamped paper of a month."""

from __future__ import annotations

from uuid import UUID

from backend.domain.attachments.errors import PaperKindRefused
from backend.domain.attachments.queries import File, list_own_files, read_file
from backend.domain.attachments.rules import PAPERS
from backend.domain.attachments.service.files import store_file
from backend.domain.attendance.errors.timesheets import ScanFiled, TimesheetNotWaiting
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.queries.signing import may_ask_for_changes, may_sign
from backend.domain.attendance.queries.timesheets import get_timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.audit.service import record_event
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, NotFound
from backend.foundation.transaction import transaction


def attach_scan(actor: Actor, timesheet_id: UUID, attachment_id: UUID) -> Timesheet:
    """Attach the scan of the signed and stamped paper to a countersigned month; a later scan takes its place.

    Raises:
        TimesheetNotFound, Forbidden: as in get_timesheet.
        TimesheetNotWaiting: it is not countersigned.
        ScanFiled: the one concerned does not take the place of what was filed.
        NotFound: the actor has not uploaded such a file.
        PaperKindRefused: it is a document that can be edited.
    """
    with transaction() as session:
        timesheet = get_timesheet(actor, timesheet_id)
        if not may_ask_for_changes(actor, timesheet.dispatch) and not may_sign(actor, timesheet.dispatch):
            raise Forbidden
        if timesheet.status is not TimesheetStatus.COUNTERSIGNED:
            raise TimesheetNotWaiting
        if timesheet.scan_id is not None and actor.person_id == timesheet.dispatch.person_id:
            raise ScanFiled
        own = list_own_files(actor, [attachment_id])
        if not own:
            raise NotFound
        if own[0].content_type not in PAPERS:
            raise PaperKindRefused
        timesheet.scan_id = own[0].id
        session.flush()
        record_event(
            actor,
            "attach_scan",
            "timesheet",
            timesheet.id,
            organisation_id=timesheet.dispatch.supporting_id,
            attachment_id=str(timesheet.scan_id),
        )
        return timesheet


def file_scan(actor: Actor, timesheet_id: UUID, filename: str, content: bytes) -> Timesheet:
    """Keep a file and attach it as the scan of a month, both or neither.

    Raises:
        FileEmpty, FileTooLarge, FileKindRefused, TooManyFiles: as in store_file.
        TimesheetNotFound, Forbidden, TimesheetNotWaiting: as in attach_scan.
    """
    with transaction():
        return attach_scan(actor, timesheet_id, store_file(actor, filename, content).id)


def read_scan(actor: Actor, timesheet_id: UUID) -> File:
    """Return the scan of a month; it is audited.

    Raises:
        TimesheetNotFound, Forbidden: as in get_timesheet.
        NotFound: there is none.
    """
    with transaction():
        timesheet = get_timesheet(actor, timesheet_id)
        if timesheet.scan_id is None:
            raise NotFound
        record_event(actor, "read_scan", "timesheet", timesheet.id, organisation_id=timesheet.dispatch.supporting_id)
        return read_file(timesheet.scan_id)
