"""Handing a record in, and taking it back before anybody has decided.

What is handed in others read: WeChat checks its text first, outside of the transaction. When WeChat does not answer,
the record waits as a draft that says so, and handing it in again asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from backend.domain.access.rules import Action
from backend.domain.accounts.service.text_checks import TextCheck, check_text
from backend.domain.activities.errors.records import RecordLocked, RecordNotWaiting, TextRefused
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.placing import require_day_within
from backend.domain.activities.queries.records import get_record
from backend.domain.activities.queries.showing import values_of
from backend.domain.activities.rules.content import free_text, read_content
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.rules.lateness import is_late
from backend.domain.activities.rules.statuses import EDITABLE, TRANSITIONS, RecordAction
from backend.domain.activities.service.proofs import compare_files
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import transaction

HELD_UNCHECKED: Final = "text_check_unavailable"
HELD_REFUSED: Final = "text_refused"
HELD_REASONS: Final[Mapping[str, str]] = {
    HELD_UNCHECKED: "微信内容检查暂时不可用，已存为草稿，请稍后再提交。",
    HELD_REFUSED: "文字未通过微信内容安全检查，请修改后再提交。",
}


def submit_record(actor: Actor, record_id: UUID, version: int) -> ActivityRecord:
    """Hand a record in; it stays a draft, held with a reason, where its text cannot be checked.

    Raises:
        RecordNotFound, Forbidden: as in get_record; only the author hands in.
        StaleVersion, RecordLocked: it stands otherwise than when it was read.
        ContentInvalid: something that its kind needs is missing.
        DispatchWasCancelled, OutsideDispatch: the dispatch was cancelled or shortened meanwhile.
        TextRefused: WeChat holds its text for one that may not be shown; the draft is kept.
    """
    record = get_record(actor, record_id, Action.WRITE)
    _require_ready(record, version)
    text = free_text(KINDS[record.kind], values_of(record))
    checked = check_text(actor, text)
    with transaction():
        record = locked_record(actor, record_id, version)
        _require_ready(record, version)
        if checked in (TextCheck.REFUSED, TextCheck.UNAVAILABLE):
            _hold(record, HELD_REFUSED if checked is TextCheck.REFUSED else HELD_UNCHECKED)
        else:
            hand_in(actor, record)
    if checked is TextCheck.REFUSED:
        raise TextRefused
    return record


def recall_record(actor: Actor, record_id: UUID, version: int) -> ActivityRecord:
    """Take a record back that waits to be countersigned: it is a draft again.

    Raises:
        RecordNotFound, Forbidden: as in get_record; only the author takes back.
        StaleVersion, RecordNotWaiting: it stands otherwise than when it was read.
    """
    with transaction():
        record = locked_record(actor, record_id, version)
        move(record, RecordAction.RECALL)
        record_event(actor, "recall_activity", "activity_record", record.id, organisation_id=record.supporting_id)
        return record


def hand_in(actor: Actor, record: ActivityRecord) -> None:
    """Hand in, within a transaction, a record whose text may be read by others."""
    move(record, RecordAction.SUBMIT)
    record.held_reason = ""
    record.return_reason = ""
    if record.submitted_at is None or not _may_tell_of(record, record.submitted_at):
        record.submitted_at = clock.now()
    record.is_late = record.is_late or _is_late(record)
    compare_files(record)  # what others have handed in meanwhile may have the same pictures
    record_event(actor, "submit_activity", "activity_record", record.id, organisation_id=record.supporting_id)


def locked_record(actor: Actor, record_id: UUID, version: int) -> ActivityRecord:
    """Return a record of the actor's own for update, as it was when they read it.

    Raises:
        RecordNotFound, Forbidden: as in get_record.
        StaleVersion: it has changed since.
    """
    record = get_record(actor, record_id, Action.WRITE)
    db.session.refresh(record, with_for_update={"of": ActivityRecord})
    if record.version != version:
        raise StaleVersion
    return record


def move(record: ActivityRecord, action: RecordAction) -> None:
    """Let a record take a step, if it stands where that can be done.

    Raises:
        RecordNotWaiting: it does not.
    """
    following = TRANSITIONS.get((record.status, action))
    if following is None:
        raise RecordNotWaiting
    record.status = following
    touch(record)


def touch(record: ActivityRecord) -> None:
    """Count a change of a record."""
    record.version += 1
    record.changed_at = clock.now()


def _require_ready(record: ActivityRecord, version: int) -> None:
    if record.version != version:
        raise StaleVersion
    if record.status not in EDITABLE:
        raise RecordLocked
    values: dict[str, Any] = values_of(record)
    read_content(KINDS[record.kind], values, occurred_on=record.occurred_on)
    if record.dispatch is not None:
        require_day_within(record.dispatch, record.occurred_on)


def _hold(record: ActivityRecord, reason: str) -> None:
    record.held_reason = reason
    touch(record)


def _is_late(record: ActivityRecord) -> bool:
    """Tell by the first time that any edition was handed in: a later one is not late for mending an early one.

    What was handed in before the day told of another: a record that is moved to a later day is not timely for it.
    """
    statement = select(ActivityRecord.submitted_at).where(ActivityRecord.series_id == record.series_id)
    times: list[datetime] = [at for at in db.session.scalars(statement) if at is not None]
    first = min((at for at in times if _may_tell_of(record, at)), default=clock.now())
    days: int = find_setting("activities.late_after_days", record.supporting_id, record.occurred_on)
    return is_late(record.occurred_on, clock.local(first).date(), days)


def _may_tell_of(record: ActivityRecord, at: datetime) -> bool:
    return clock.local(at).date() >= record.occurred_on
