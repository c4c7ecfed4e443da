"""Pages of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from backend.extensions import db

T = TypeVar("T")
MAXIMUM_PAGE_SIZE = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, `page` counted from 1."""

    items: Sequence[T]
    page: int
    page_size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))


def fetch_page(statement: Select[T], *, page: int, page_size: int) -> Page[T]:
    """Run an ordered statement of one entity a row for one page, and count the whole."""
    total = db.session.scalar(select(func.count()).select_from(_unordered(statement).subquery())) or 0
    rows = db.session.scalars(statement.limit(page_size).offset((page - 1) * page_size)).unique().all()
    return Page(items=rows, page=page, page_size=page_size, total=total)


def _unordered(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(None)
