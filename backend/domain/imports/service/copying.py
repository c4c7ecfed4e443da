"""Writing rows by COPY, which costs a fifth of what INSERT with parameters does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from psycopg import Cursor, sql
from psycopg.types.json import Json

from backend.extensions import db


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Copy rows into a table in the present transaction."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with _cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([_as_copied(value) for value in row])


def _cursor() -> Cursor[Any]:
    cursor: Any = db.session.connection().connection.cursor()
    opened: Cursor[Any] = cursor
    return opened


def _as_copied(value: Any) -> Any:
    """Return a value as psycopg copies it; an enum by its value, for psycopg would take its name."""
    if isinstance(value, StrEnum):
        return value.value
    return Json(value) if isinstance(value, dict) else value
