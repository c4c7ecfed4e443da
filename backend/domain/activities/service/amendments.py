"""Changing what is countersigned: a new edition, which counts once it is countersigned itself."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from backend.domain.access.rules import Action
from backend.domain.activities.errors.signing import AmendmentOpen, RecordNotCountersigned
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.records import require_record
from backend.domain.activities.queries.showing import COLUMN, TABLE
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.audit.service import record_event
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt, encrypt
from backend.foundation.ids import new_id
from backend.foundation.transaction import refusals, transaction

_KEPT: Final = (
    *("series_id", "kind", "occurred_on", "person_id", "supporting_id", "recipient_id", "department_id"),
    *("dispatch_id", "title", "quantity", "quantity_at_least", "quantity_about"),
    *("person_times", "person_times_at_least", "person_times_about", "is_late"),
)
_OPEN: Final = {
    "activity_records_open_key": AmendmentOpen,
    "activity_records_series_id_edition_key": AmendmentOpen,
}


def amend_record(actor: Actor, record_id: UUID) -> ActivityRecord:
    """Begin a new edition of a countersigned record of the actor's own, a draft with the same content and files.

    The edition before it stays readable and counts until the new one is countersigned.

    Raises:
        RecordNotFound, Forbidden: as in get_record; only the author amends.
        RecordNotCountersigned: it is not countersigned, or a later edition is.
        AmendmentOpen: a later edition is not countersigned yet.
    """
    with transaction() as session:
        # Whoever countersigns a later edition holds this row.
        found = session.get(ActivityRecord, record_id, with_for_update={"of": ActivityRecord}, populate_existing=True)
        before = require_record(actor, found, Action.WRITE)
        if before.status is not RecordStatus.COUNTERSIGNED:
            raise RecordNotCountersigned
        edition = _next_edition(before)
        with refusals(_OPEN):
            session.add(edition)
        record_event(
            actor,
            "amend_activity",
            "activity_record",
            edition.id,
            organisation_id=edition.supporting_id,
            edition=edition.edition,
        )
        return edition


def _next_edition(before: ActivityRecord) -> ActivityRecord:
    edition_id = new_id()
    return ActivityRecord(
        id=edition_id,
        edition=_last_edition(before.series_id) + 1,
        status=RecordStatus.DRAFT,
        details=dict(before.details),
        clinical=_clinical_for(edition_id, before),
        files=[
            ActivityFile(
                attachment_id=file.attachment_id, proof=file.proof, position=file.position, findings=list(file.findings)
            )
            for file in before.files
        ],
        **{name: getattr(before, name) for name in _KEPT},
    )


def _last_edition(series_id: UUID) -> int:
    """Return the number of the last edition, those that were given up too."""
    return db.session.scalar(select(func.max(ActivityRecord.edition)).where(ActivityRecord.series_id == series_id)) or 0


def _clinical_for(edition_id: UUID, before: ActivityRecord) -> bytes | None:
    """Return what it says of a patient, sealed to the new row."""
    if before.clinical is None:
        return None
    plain = decrypt(before.clinical, table=TABLE, column=COLUMN, row_id=before.id)
    return encrypt(plain, table=TABLE, column=COLUMN, row_id=edition_id)
