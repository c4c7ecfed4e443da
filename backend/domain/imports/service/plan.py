"""What an import would write: rows for each table, counted; made by comparing the file with the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.notifications.rules.kinds import NoticeKind

Values = dict[str, Any]


@dataclass
class Counts:
    """How many rows of a sheet are new, changed, or say what is there."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A notice about a dispatch that has not ended."""

    kind: NoticeKind
    person_id: UUID
    dispatch_id: UUID
    version: int
    recipient_name: str
    starts_on: date
    ends_on: date


@dataclass
class Plan:
    """Rows to insert, and to update by id (`b_id` is the id in the statement's WHERE)."""

    counts: dict[SheetKind, Counts] = field(default_factory=lambda: {kind: Counts() for kind in FORMATS})
    organisations: list[Values] = field(default_factory=list)
    organisation_changes: list[Values] = field(default_factory=list)
    sites: list[Values] = field(default_factory=list)
    site_changes: list[Values] = field(default_factory=list)
    departments: list[Values] = field(default_factory=list)
    people: list[Values] = field(default_factory=list)
    people_changes: list[Values] = field(default_factory=list)
    telephones_given_up: list[UUID] = field(default_factory=list)
    roles: list[Values] = field(default_factory=list)
    roles_ended: list[Values] = field(default_factory=list)
    rotations: list[Values] = field(default_factory=list)
    dispatches: list[Values] = field(default_factory=list)
    dispatch_changes: list[Values] = field(default_factory=list)
    senders_of_changed: list[UUID] = field(default_factory=list)  # the supporting hospital of each change
    leads_given_up: list[UUID] = field(default_factory=list)
    patterns: list[Values] = field(default_factory=list)
    patterns_ended: list[UUID] = field(default_factory=list)
    dispatch_sites: list[Values] = field(default_factory=list)
    dispatches_moved: list[UUID] = field(default_factory=list)  # whose sites are written anew
    notices: list[OwedNotice] = field(default_factory=list)


@dataclass
class Planning:
    """What all parts of the planning share."""

    findings: Findings
    plan: Plan
    today: date
    lock: bool
    tick: Callable[[int], None]
