"""What answers tell of records of activities, in a list and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.activities.models.records import ActivityFile, ActivityRecord
from backend.domain.activities.queries.completeness import thin_of
from backend.domain.activities.queries.patients import readable_values
from backend.domain.activities.queries.permits import permits_of
from backend.domain.activities.queries.presence import presence_of
from backend.domain.activities.queries.records import editions_of
from backend.domain.activities.queries.showing import lines_of
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.completeness import Finding
from backend.domain.activities.rules.identifying import warnings_of
from backend.domain.activities.rules.kinds import KINDS, PROOF_LABELS, Unit
from backend.domain.activities.rules.presence import PRESENCE_LABELS, Presence
from backend.domain.activities.rules.statuses import EDITABLE, STATUS_LABELS
from backend.domain.activities.service.submitting import HELD_REASONS
from backend.domain.attachments.rules import CHECK_LABELS, PICTURES
from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.foundation.actor import Actor


def describe_records(records: Sequence[ActivityRecord]) -> list[dict[str, Any]]:
    """Return what `ActivityCardOut` shows of records."""
    thin = thin_of(records)
    return [_card(record, len(thin[record.id])) for record in records]


def describe_record(actor: Actor, record: ActivityRecord) -> dict[str, Any]:
    """Return what `ActivityOut` shows of a record to an actor who may read it."""
    thin = thin_of([record])[record.id]
    values = readable_values(actor, record)
    presence = _presence(record)
    return _card(record, len(thin)) | {
        "series_id": record.series_id,
        "dispatch_id": record.dispatch_id,
        "department": record.department,
        "values": values,
        "lines": [{"label": label, "value": value} for label, value in lines_of(record, values)],
        "files": [_file(file) for file in record.files],
        "presence": {"code": presence, "label": PRESENCE_LABELS[presence]},
        "thin": [_finding(finding) for finding in thin],
        "warnings": warnings_of(KINDS[record.kind], values),
        "returned_at": record.returned_at,
        "countersigned": _countersigned(record),
        "source": record.source,
        "editions": [_edition(edition) for edition in editions_of(record)],
        "may": permits_of(actor, record),
        "created_at": record.created_at,
        "submitted_at": record.submitted_at,
    }


def describe_amount(amount: Amount, unit: str) -> dict[str, Any]:
    """Return what `AmountOut` shows of an amount."""
    return {
        "value": amount.value,
        "at_least": amount.at_least,
        "about": amount.about,
        "label": amount.label(unit),
    }


def _card(record: ActivityRecord, thin: int) -> dict[str, Any]:
    entry = KINDS[record.kind]
    is_held = record.held_reason in HELD_REASONS and record.status in EDITABLE
    return {
        "id": record.id,
        "kind": record.kind,
        "kind_label": entry.label,
        "title": record.title,
        "occurred_on": record.occurred_on,
        "weekday_label": f"星期{WEEKDAY_LABELS[record.occurred_on.weekday()]}",
        "person": record.person,
        "recipient": record.recipient,
        "supporting": record.supporting,
        "quantity": describe_amount(record.amount, entry.unit),
        "person_times": describe_amount(record.reached, Unit.PERSON_TIMES) if entry.person_times else None,
        "status": record.status,
        "status_label": STATUS_LABELS[record.status],
        "is_late": record.is_late,
        "edition": record.edition,
        "files": len(record.files),
        "thin": thin,
        "held": {"code": record.held_reason, "text": HELD_REASONS[record.held_reason]} if is_held else None,
        "return_reason": record.return_reason,
        "version": record.version,
    }


def _presence(record: ActivityRecord) -> Presence:
    if record.dispatch_id is None:
        return Presence.UNKNOWN
    pair = (record.dispatch_id, record.occurred_on)
    return presence_of([pair])[pair]


def _file(file: ActivityFile) -> dict[str, Any]:
    attachment = file.attachment
    return {
        "attachment_id": file.attachment_id,
        "proof": file.proof,
        "proof_label": PROOF_LABELS[file.proof],
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "picture": attachment.content_type in PICTURES,
        "check": attachment.picture_check,
        "check_label": CHECK_LABELS[attachment.picture_check],
        "findings": file.findings,
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "text": finding.text}


def _countersigned(record: ActivityRecord) -> dict[str, Any] | None:
    by, role = record.countersigned_by, record.countersigned_as
    if by is None or role is None:
        return None
    return {"by": by.name, "as_label": ROLE_LABELS[role], "at": record.countersigned_at}


def _edition(record: ActivityRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "edition": record.edition,
        "status_label": STATUS_LABELS[record.status],
        "countersigned_at": record.countersigned_at,
    }
