"""Statements of hot paths: built by SQLAlchemy once, run by psycopg itself, prepared, each in one round trip.

What SQLAlchemy does around a statement each time costs more than the statement: only that is left out here.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Dialect, Select, TextClause
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from backend.database import HotConnection

_DIALECT: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Prepared:
    """A statement that gives at most one row."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | TextClause) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text = compiled.string  # with its values by name, as %(name)s
        self._sql, self._names = _numbered(self.text)
        self._constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._readers = _readers(statement) if isinstance(statement, Select) else {}
        self._row: Callable[[Iterable[Any]], Any] | None = None

    def fetch(self, connection: HotConnection, values: Mapping[str, Any]) -> Any:
        """Run with these values by name, every one of them; return the row with its columns by name, or None."""
        cursor = connection.cursor_of(self)
        given = {**self._constants, **values}
        found = cursor.execute(self._sql, [given[name] for name in self._names], prepare=True).fetchone()
        if found is None:
            return None
        if self._row is None:
            names = [column.name for column in cursor.description or ()]
            made: Any = namedtuple("Row", names)  # type: ignore[misc]  # known only now
            self._row = made._make
        row = self._row(found)
        return row._replace(**{name: read(getattr(row, name)) for name, read in self._readers.items()})


def _numbered(statement: str) -> tuple[bytes, list[str]]:
    """Return a statement with its values by number, as PostgreSQL itself wants them, and their names in that order.

    psycopg does this too, but remembers it of short statements only.
    """
    names: dict[str, int] = {}
    numbered = re.sub(r"%\((.+?)\)s", lambda found: f"${names.setdefault(found[1], len(names) + 1)}", statement)
    return numbered.replace("%%", "%").encode(), list(names)


def _readers(statement: Select[*tuple[Any, ...]]) -> dict[str, Callable[[Any], Any]]:
    """Return what makes a value of a column into its Python type where psycopg does not: enums."""
    readers = {str(column.key): column.type.result_processor(_DIALECT, None) for column in statement.selected_columns}
    return {name: read for name, read in readers.items() if read is not None}
