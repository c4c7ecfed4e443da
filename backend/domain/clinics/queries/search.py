"""Finding clinics: a page of cards in one statement, which the database writes as the answer itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.domain.clinics.queries.cards import DISTANCE, FREE_AND_STATE, JOINED, NOW, card_sql
from backend.domain.organisations.rules.places import Point
from backend.foundation.prepared import Prepared
from backend.foundation.transaction import autocommitted


@dataclass(frozen=True, kw_only=True)
class SearchFilters:
    """What is looked for: days, a site, words in the names of department and expert, free places, and from where."""

    day_from: date
    day_to: date
    site_id: UUID | None = None
    department: str | None = None
    expert: str | None = None
    near: Point | None = None
    only_free: bool = False

    def values(self) -> dict[str, Any]:
        """Return what the statement is given, by name; what is not asked for is not there."""
        given = {
            "day_from": self.day_from,
            "day_to": self.day_to,
            "site_id": self.site_id,
            "department": self.department,
            "expert": self.expert,
            "longitude": self.near.longitude if self.near else None,
            "latitude": self.near.latitude if self.near else None,
        }
        return {name: value for name, value in given.items() if value is not None}


_CONDITIONS = {
    "day_from": "c.held_on >= :day_from",
    "day_to": "c.held_on <= :day_to",
    "site_id": "c.site_id = :site_id",
    "department": "c.department_id IN (SELECT id FROM departments WHERE strpos(name, :department) > 0)",
    "expert": "c.person_id IN (SELECT id FROM people WHERE strpos(name, :expert) > 0)",
}


def search_clinics(filters: SearchFilters, *, page: int, page_size: int) -> str:
    """Return a page of cards as the JSON of the answer: soonest first, within a day nearest first if a place is told.

    Free places are those of the instant at which the database answers.
    """
    values = filters.values()
    statement = _statement(frozenset(values), filters.only_free)
    with autocommitted() as connection:
        row = statement.fetch(connection, values | {"page": page, "page_size": page_size})
    answer: str = row.answer
    return answer


@cache
def _statement(given: frozenset[str], only_free: bool) -> Prepared:
    """Return the statement for these filters: what is not asked for is not in it.

    The places of those alone that are shown are counted, unless it is by them that clinics are chosen.
    """
    near = "longitude" in given
    conditions = " AND ".join(condition for name, condition in _CONDITIONS.items() if name in given)
    if only_free:
        conditions = f"{FREE_AND_STATE} WHERE {conditions} AND f.free > 0"
    order = "{0}.held_on, n.distance, {0}.starts_at, {0}.id" if near else "{0}.held_on, {0}.starts_at, {0}.id"
    statement = _PAGE.format(
        distances=DISTANCE if near else "NULL",
        hint="MATERIALIZED" if only_free else "NOT MATERIALIZED",
        conditions=conditions if only_free else f"WHERE {conditions}",
        now=NOW,
        order_of_choice=order.format("chosen"),
        order=order.format("c").replace("n.distance", "shown.distance"),
        card=card_sql("shown.distance"),
        joined=JOINED + FREE_AND_STATE,
    )
    return Prepared(text(statement))


_PAGE = """
WITH near AS MATERIALIZED (SELECT s.id, {distances} AS distance FROM sites s),
chosen AS {hint} (
    SELECT c.id, c.held_on, c.starts_at, c.site_id FROM clinics c {now} {conditions}
),
shown AS MATERIALIZED (
    SELECT chosen.id, n.distance FROM chosen JOIN near n ON n.id = chosen.site_id
    ORDER BY {order_of_choice}
    LIMIT :page_size OFFSET (CAST(:page AS int) - 1) * CAST(:page_size AS int)
)
SELECT CAST(json_build_object(
    'items', coalesce((
        SELECT json_agg({card} ORDER BY {order})
        FROM shown JOIN clinics c ON c.id = shown.id {joined}
    ), '[]'),
    'page', CAST(:page AS int),
    'page_size', CAST(:page_size AS int),
    'total', (SELECT count(*) FROM chosen)
) AS text) AS answer
"""
