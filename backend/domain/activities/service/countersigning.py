"""Countersigning records at the recipient, one or many, and giving them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import was_appointed_by
from backend.domain.activities.errors.records import RecordNotWaiting
from backend.domain.activities.errors.signing import OwnRecord, RecordNotClean, ReturnReasonMissing
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import require_record, with_names
from backend.domain.activities.queries.waiting import Beside, beside
from backend.domain.activities.rules.statuses import RecordAction, RecordStatus
from backend.domain.activities.service.proofs import forget_places
from backend.domain.activities.service.signing_notices import tell_returned, tell_signed
from backend.domain.activities.service.submitting import move
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import require_list_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError, StaleVersion
from backend.foundation.transaction import transaction


def countersign_record(actor: Actor, record_id: UUID, version: int) -> ActivityRecord:
    """Countersign a record: it counts from now on, and the edition before it no longer does.

    Raises:
        RecordNotFound, Forbidden: as in get_record.
        StaleVersion, RecordNotWaiting: it stands otherwise than when it was read.
        OwnRecord: it is the signer's own, or that of who appointed the signer.
    """
    with transaction():
        record = _chosen([record_id]).get(record_id)
        signed = _sign(actor, record, version)
        tell_signed([signed])
        return signed


@dataclass(frozen=True)
class LeftRecord:
    """A record that was not signed with the others, and why."""

    record_id: UUID
    error: BangfuError


def countersign_records(
    actor: Actor, chosen: Iterable[tuple[UUID, int]]
) -> tuple[list[ActivityRecord], list[LeftRecord]]:
    """Countersign those of these (id, version) that are clean, each judged by itself; return which were left, and why.

    All that are signed are signed in one transaction, so that each author is told once of all of theirs.

    Raises:
        Forbidden: the current role signs nothing.
    """
    require_list_right(actor, Action.DECIDE, Resource.ACTIVITY)
    versions = dict(chosen)
    signed: list[ActivityRecord] = []
    left: list[LeftRecord] = []
    with transaction():
        records = _chosen(versions)
        seen = beside(records.values())
        for record_id, version in versions.items():
            try:
                signed.append(_sign(actor, records.get(record_id), version, seen.get(record_id)))
            except BangfuError as refusal:
                left.append(LeftRecord(record_id, refusal))
        tell_signed(signed)
    return signed, left


def return_record(actor: Actor, record_id: UUID, version: int, *, reason: str) -> ActivityRecord:
    """Give a record back to its author, with a reason.

    Raises:
        RecordNotFound, Forbidden, StaleVersion, RecordNotWaiting, OwnRecord: as in countersign_record.
        ReturnReasonMissing: no reason is given.
    """
    if not reason.strip():
        raise ReturnReasonMissing(fields={"reason": ["请填写退回原因。"]})
    with transaction():
        record = _decidable(actor, _chosen([record_id]).get(record_id), version)
        move(record, RecordAction.RETURN)
        record.return_reason = reason.strip()
        record.returned_at = clock.now()
        record.returned_by_person_id = actor.person_id
        _record(actor, "return_activity", record)
        tell_returned(record)
        return record


def _chosen(record_ids: Collection[UUID]) -> dict[UUID, ActivityRecord]:
    """Return these records, held until the commit; all hold them in one order, so that nobody waits for each other."""
    statement = (
        with_names(select(ActivityRecord))
        .where(ActivityRecord.id.in_(record_ids))
        .order_by(ActivityRecord.id)
        .with_for_update(of=ActivityRecord)
        .execution_options(populate_existing=True)
    )
    return {record.id: record for record in db.session.scalars(statement)}


def _sign(actor: Actor, found: ActivityRecord | None, version: int, together: Beside | None = None) -> ActivityRecord:
    """Countersign a record; what stands `together` with it says whether it may be signed with others."""
    record = _decidable(actor, found, version)
    if together is not None and together.oddities:
        raise RecordNotClean
    _supersede_the_edition_before(record)
    move(record, RecordAction.COUNTERSIGN)
    record.return_reason = ""
    record.countersigned_at = clock.now()
    record.countersigned_by_person_id = actor.person_id
    record.countersigned_as = actor.role
    forget_places(record)
    db.session.flush()
    _record(actor, "countersign_activity", record)
    return record


def _decidable(actor: Actor, found: ActivityRecord | None, version: int) -> ActivityRecord:
    record = require_record(actor, found, Action.DECIDE)
    _refuse_own(actor, record.person_id)
    if record.version != version:
        raise StaleVersion
    if record.status is not RecordStatus.SUBMITTED:
        raise RecordNotWaiting
    return record


def _refuse_own(actor: Actor, author_id: UUID) -> None:
    if actor.person_id is None or actor.person_id == author_id:
        raise OwnRecord
    if actor.role is Role.DELEGATE and was_appointed_by(actor, author_id):
        raise OwnRecord


def _supersede_the_edition_before(record: ActivityRecord) -> None:
    if record.edition == 1:
        return
    statement = select(ActivityRecord).where(
        ActivityRecord.series_id == record.series_id, ActivityRecord.status == RecordStatus.COUNTERSIGNED
    )
    before = db.session.scalars(statement.with_for_update(of=ActivityRecord)).one_or_none()
    if before is not None:
        move(before, RecordAction.SUPERSEDE)
        db.session.flush()  # before the new one counts: no two of a series may


def _record(actor: Actor, action: str, record: ActivityRecord) -> None:
    record_event(
        actor, action, "activity_record", record.id, organisation_id=record.supporting_id, edition=record.edition
    )
