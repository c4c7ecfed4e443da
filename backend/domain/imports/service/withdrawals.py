"""Taking back what an import of an old ledger brought."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from backend.domain.access.rules import Action
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.audit.service import record_event
from backend.domain.imports.errors import ImportNotWithdrawable
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.queries import get_import
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.rules.status import TRANSITIONS
from backend.domain.imports.service.waiting import wait_for_other_imports
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def withdraw_import(actor: Actor, import_id: UUID, reason: str) -> int:
    """Take back the records that an import of a ledger brought, and return how many; they stay, and count no more.

    What was there before it, though the file says it as well, is not of this import. Importing the file again brings
    the records anew.

    Raises:
        ImportNotFound, Forbidden: as in get_import.
        ImportNotWithdrawable: it is no ledger, or not (or no longer) there to be taken back.
    """
    with transaction() as session:
        withdrawn = get_import(actor, import_id, Action.WRITE)
        wait_for_other_imports()
        session.refresh(withdrawn, with_for_update={"of": SpreadsheetImport})
        if withdrawn.kind is not ImportKind.LEDGER or (withdrawn.status, "withdraw") not in TRANSITIONS:
            raise ImportNotWithdrawable
        withdrawn.status = TRANSITIONS[withdrawn.status, "withdraw"]
        withdrawn.withdrawn_at, withdrawn.withdrawn_by_person_id = clock.now(), actor.person_id
        withdrawn.withdrawal_reason = reason
        session.flush()
        taken_back = session.execute(
            update(ActivityRecord)
            .where(ActivityRecord.import_id == import_id, ActivityRecord.status == RecordStatus.IMPORTED)
            .values(status=RecordStatus.WITHDRAWN, version=ActivityRecord.version + 1, changed_at=clock.now())
            .returning(ActivityRecord.id)
            .execution_options(synchronize_session=False)
        ).all()
        record_event(actor, "withdraw_ledger", "spreadsheet_import", import_id, records=len(taken_back))
    return len(taken_back)
