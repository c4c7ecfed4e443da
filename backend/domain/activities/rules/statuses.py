"""Where a record stands, what may be done with it, and what counts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RecordStatus(StrEnum):
    """Where a record stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    COUNTERSIGNED = "countersigned"
    SUPERSEDED = "superseded"  # countersigned once; a later edition was countersigned after it
    DISCARDED = "discarded"  # a draft that was given up, never seen by others
    IMPORTED = "imported"  # from an old ledger: it counts, and is never shown as countersigned
    WITHDRAWN = "withdrawn"  # an import that was taken back


class RecordAction(StrEnum):
    """What may be done with a record."""

    SUBMIT = "submit"
    RETURN = "return"
    COUNTERSIGN = "countersign"
    RECALL = "recall"  # by the author, before anybody has decided
    DISCARD = "discard"
    SUPERSEDE = "supersede"


TRANSITIONS: Mapping[tuple[RecordStatus, RecordAction], RecordStatus] = {
    (RecordStatus.DRAFT, RecordAction.SUBMIT): RecordStatus.SUBMITTED,
    (RecordStatus.DRAFT, RecordAction.DISCARD): RecordStatus.DISCARDED,
    (RecordStatus.SUBMITTED, RecordAction.COUNTERSIGN): RecordStatus.COUNTERSIGNED,
    (RecordStatus.SUBMITTED, RecordAction.RETURN): RecordStatus.RETURNED,
    (RecordStatus.SUBMITTED, RecordAction.RECALL): RecordStatus.DRAFT,
    (RecordStatus.RETURNED, RecordAction.SUBMIT): RecordStatus.SUBMITTED,
    (RecordStatus.RETURNED, RecordAction.DISCARD): RecordStatus.DISCARDED,
    (RecordStatus.COUNTERSIGNED, RecordAction.SUPERSEDE): RecordStatus.SUPERSEDED,
}
"""A change after countersigning is a new edition: a draft of its own, which supersedes when it is countersigned."""

STATUS_LABELS: Mapping[RecordStatus, str] = {
    RecordStatus.DRAFT: "草稿",
    RecordStatus.SUBMITTED: "待会签",
    RecordStatus.RETURNED: "已退回",
    RecordStatus.COUNTERSIGNED: "已会签",
    RecordStatus.SUPERSEDED: "已被新版本取代",
    RecordStatus.DISCARDED: "已放弃",
    RecordStatus.IMPORTED: "台账导入",
    RecordStatus.WITHDRAWN: "导入已撤回",
}
EDITABLE = frozenset({RecordStatus.DRAFT, RecordStatus.RETURNED})


class Standing(StrEnum):
    """As what a record enters a figure; drafts and what is over enter none."""

    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    WAITING = "waiting"  # shown beside the figure, not in it


STANDINGS: Mapping[RecordStatus, Standing] = {
    RecordStatus.COUNTERSIGNED: Standing.CONFIRMED,
    RecordStatus.IMPORTED: Standing.IMPORTED,
    RecordStatus.SUBMITTED: Standing.WAITING,
}
