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
    order = "c.held_on, c.distance, c.starts_at, c.id" if near else "c.held_on, c.starts_at, c.id"
    statement = _PAGE.format(
        hint="MATERIALIZED" if only_free else "NOT MATERIALIZED",
        source=_NEAR.format(distance=DISTANCE) if near else "clinics",
        conditions=f"{NOW} {FREE_AND_STATE} WHERE {conditions} AND f.free > 0" if only_free else f"WHERE {conditions}",
        order=order,
        card=card_sql("c.distance" if near else "NULL"),
        joined=JOINED + FREE_AND_STATE,
    )
    return Prepared(text(statement))


# How far each site is, is found once and not for each of its clinics.
_NEAR = """(
    SELECT clinics.*, n.distance FROM clinics
    JOIN (SELECT s.id, {distance} AS distance FROM sites s OFFSET 0) n ON n.id = clinics.site_id
)"""
_PAGE = """
WITH chosen AS {hint} (SELECT c.* FROM {source} c {conditions}),
shown AS MATERIALIZED (
    SELECT c.* FROM chosen c ORDER BY {order}
    LIMIT :page_size OFFSET (CAST(:page AS int) - 1) * CAST(:page_size AS int)
)
SELECT CAST(json_build_object(
    'items', coalesce((SELECT json_agg({card} ORDER BY {order}) FROM shown c {joined}), '[]'),
    'page', CAST(:page AS int),
    'page_size', CAST(:page_size AS int),
    'total', (SELECT count(*) FROM chosen)
) AS text) AS answer
"""
