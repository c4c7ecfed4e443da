"""A filter of records as a query: the same for GET /activities, the console's list, a figure's link and an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from backend.domain.activities.queries.records import RecordFilter
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus


def query_of(which: RecordFilter) -> dict[str, str]:
    """Return a filter as a query, without what it does not narrow."""
    unasked = {one.name: one.default for one in fields(RecordFilter)}
    values = {name: (getattr(which, attribute), unasked[attribute]) for name, (attribute, _read) in _NAMES.items()}
    asked = {name: value for name, (value, default) in values.items() if value != default}
    return {name: "true" if value is True else str(value) for name, value in asked.items()}


def filter_of(query: Mapping[str, str]) -> RecordFilter:
    """Return the filter of a query that query_of returned."""
    read: dict[str, Any] = {_NAMES[name][0]: _NAMES[name][1](text) for name, text in query.items()}
    return RecordFilter(**read)


def _is_true(text: str) -> bool:
    return text == "true"


_NAMES: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "mine": ("mine", _is_true),
    "counted": ("counted", _is_true),
    "status": ("status", RecordStatus),
    "kind": ("kind", ActivityKind),
    "from": ("first", date.fromisoformat),
    "to": ("last", date.fromisoformat),
    "person_id": ("person_id", UUID),
    "recipient_id": ("recipient_id", UUID),
    "supporting_id": ("supporting_id", UUID),
    "department_id": ("department_id", UUID),
    "organisation_id": ("organisation_id", UUID),
    "without_department": ("without_department", _is_true),
    "title": ("title", str),
    "without_title": ("without_title", _is_true),
    "text": ("text", str),
}
"""The attribute of the filter by its name in a query, and how a query's text is read."""
