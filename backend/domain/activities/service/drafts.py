"""Writing records: a draft begun, also one that was made without network, changed, given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.accounts.service.text_checks import TextCheck, check_text
from backend.domain.activities.errors.records import RecordKeyReused, RecordLocked, TextRefused
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.placing import department_at, dispatch_of_day, require_day_within
from backend.domain.activities.queries.records import get_record
from backend.domain.activities.rules.content import Content, free_text, read_content
from backend.domain.activities.rules.kinds import KINDS, ActivityKind, Proof
from backend.domain.activities.rules.statuses import EDITABLE, RecordAction, RecordStatus
from backend.domain.activities.service.proofs import attach_files
from backend.domain.activities.service.submitting import HELD_UNCHECKED, hand_in, locked_record, move, touch
from backend.domain.activities.service.writing import put_content
from backend.domain.audit.service import record_event
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Department
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.encryption import keyed_hash
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction


@dataclass(frozen=True)
class RecordDraft:
    """What somebody says that they did; `fields` are as `rules.content.read_content` takes them."""

    occurred_on: date
    fields: dict[str, Any] = field(repr=False)
    files: tuple[tuple[UUID, Proof], ...] = ()
    department_id: UUID | None = None  # the dispatch's, where none is said


@dataclass(frozen=True)
class Written:
    """A record that was begun; `repeated`: the same request had come before."""

    record: ActivityRecord
    repeated: bool = False


def create_record(
    actor: Actor,
    kind: ActivityKind,
    draft: RecordDraft,
    *,
    key: str,
    dispatch_id: UUID | None = None,
    submit: bool = False,
) -> Written:
    """Begin a record, and hand it in if told to; the same key and content once more give the record that they made.

    Raises:
        DispatchNotFound, Forbidden, DispatchUnclear, NoDispatchThatDay, OutsideDispatch, OccurredInFuture: see
            `dispatch_of_day`.
        DepartmentElsewhere: the department is not the recipient's.
        ContentInvalid: a field cannot be so, or is missing from what is handed in.
        ProofNotFound and others: see attach_files.
        RecordKeyReused: the key came with something else before.
        TextRefused: WeChat refuses the text of what is handed in; nothing is kept.
    """
    if actor.person_id is None:
        dispatch_of_day(actor, draft.occurred_on, dispatch_id)  # of whomever: for a patient there is none
        raise Forbidden
    said = _fingerprint(kind, draft, dispatch_id, submit=submit)
    before = _made_before(actor.person_id, key, said)
    if before is not None:
        return Written(before, repeated=True)
    content = read_content(KINDS[kind], draft.fields, complete=submit, occurred_on=draft.occurred_on)
    dispatch_of_day(actor, draft.occurred_on, dispatch_id)
    checked = _checked(actor, kind, content) if submit else None
    with transaction() as session:
        # One at a time: two sendings of one press must not both find nothing.
        session.get(Person, actor.person_id, with_for_update={"key_share": True})
        before = _made_before(actor.person_id, key, said)
        if before is not None:
            return Written(before, repeated=True)
        dispatch = dispatch_of_day(actor, draft.occurred_on, dispatch_id)
        record = _begin(actor, kind, draft, dispatch, content)
        record.idempotency_key, record.request_hash = key, said
        if checked is TextCheck.UNAVAILABLE:
            record.held_reason = HELD_UNCHECKED
        elif submit:
            hand_in(actor, record)
        session.flush()
    return Written(get_record(actor, record.id))


def save_record(
    actor: Actor, record_id: UUID, draft: RecordDraft, version: int, *, keep_department: bool = False
) -> ActivityRecord:
    """Change a draft or what was returned; its kind and its dispatch stay.

    What was returned is a draft from then on: nobody has checked what it says now, and others may not read it.

    Raises:
        RecordNotFound, Forbidden: as in get_record; only the author writes.
        StaleVersion: it has changed since it was read.
        RecordLocked: it is handed in.
        ContentInvalid, OutsideDispatch, OccurredInFuture, DepartmentElsewhere, ProofNotFound: as in create_record.
    """
    with transaction() as session:
        record = locked_record(actor, record_id, version)
        if record.status not in EDITABLE:
            raise RecordLocked
        content = read_content(KINDS[record.kind], draft.fields, complete=False, occurred_on=draft.occurred_on)
        if record.dispatch is not None:
            require_day_within(record.dispatch, draft.occurred_on)
        if not keep_department:
            record.department = _department(record.recipient_id, draft)
        record.occurred_on = draft.occurred_on
        record.status = RecordStatus.DRAFT
        record.held_reason = ""
        put_content(record, content)
        attach_files(record, draft.files)
        touch(record)
        session.flush()
        _tell_audit(actor, "change_activity", record)
    return get_record(actor, record_id)


def discard_record(actor: Actor, record_id: UUID, version: int) -> None:
    """Give up a draft, or what was returned; its files go, and what it says of a patient.

    Raises:
        RecordNotFound, Forbidden, StaleVersion: as in save_record.
        RecordNotWaiting: it is handed in.
    """
    with transaction() as session:
        record = locked_record(actor, record_id, version)
        move(record, RecordAction.DISCARD)
        record.clinical = None
        attach_files(record, [])
        session.flush()
        _tell_audit(actor, "discard_activity", record)


def _begin(
    actor: Actor, kind: ActivityKind, draft: RecordDraft, dispatch: Dispatch, content: Content
) -> ActivityRecord:
    record_id = new_id()
    record = ActivityRecord(
        id=record_id,
        series_id=record_id,
        edition=1,
        kind=kind,
        occurred_on=draft.occurred_on,
        person_id=dispatch.person_id,
        supporting_id=dispatch.supporting_id,
        recipient_id=dispatch.recipient_id,
        department=_department(dispatch.recipient_id, draft) or dispatch.department,
        dispatch=dispatch,
        status=RecordStatus.DRAFT,
        is_late=False,
        version=1,
    )
    put_content(record, content)
    db.session.add(record)
    db.session.flush()
    attach_files(record, draft.files)
    _tell_audit(actor, "record_activity", record)
    return record


def _department(recipient_id: UUID, draft: RecordDraft) -> Department | None:
    return department_at(recipient_id, draft.department_id) if draft.department_id is not None else None


def _checked(actor: Actor, kind: ActivityKind, content: Content) -> TextCheck:
    checked = check_text(actor, free_text(KINDS[kind], {**content.details, **content.clinical}))
    if checked is TextCheck.REFUSED:
        raise TextRefused
    return checked


def _fingerprint(kind: ActivityKind, draft: RecordDraft, dispatch_id: UUID | None, *, submit: bool) -> bytes:
    said = [kind, draft.occurred_on, dispatch_id, draft.department_id, draft.fields, draft.files, submit]
    # Keyed: what it covers may be about a patient.
    return keyed_hash("activity record", orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())


def _made_before(person_id: UUID, key: str, said: bytes) -> ActivityRecord | None:
    statement = select(ActivityRecord).where(
        ActivityRecord.person_id == person_id, ActivityRecord.idempotency_key == key
    )
    record = db.session.scalars(statement).one_or_none()
    if record is not None and record.request_hash != said:
        raise RecordKeyReused
    return record


def _tell_audit(actor: Actor, action: str, record: ActivityRecord) -> None:
    record_event(actor, action, "activity_record", record.id, organisation_id=record.supporting_id)
