"""A filter of claims as a query has it: in addresses of the console and in the parameters of exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from backend.domain.subsidies.queries.claims import ClaimFilter
from backend.domain.subsidies.rules.statuses import ClaimStatus


def query_of(which: ClaimFilter) -> dict[str, str]:
    """Return a filter as a query, without what it does not narrow."""
    asked = {one.name: getattr(which, one.name) for one in fields(ClaimFilter)}
    default = ClaimFilter()
    return {name: _text(value) for name, value in asked.items() if value != getattr(default, name)}


def filter_of(query: Mapping[str, str]) -> ClaimFilter:
    """Return the filter of a query that query_of returned."""
    read: dict[str, Any] = {name: _READ[name](text) for name, text in query.items()}
    return ClaimFilter(**read)


def _text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return "true" if value is True else str(value)


def _is_true(text: str) -> bool:
    return text == "true"


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "mine": _is_true,
    "waiting": _is_true,
    "status": ClaimStatus,
    "month": _month,
    "recipient_id": UUID,
    "person_id": UUID,
    "text": str,
}
"""How a query's text is read."""
