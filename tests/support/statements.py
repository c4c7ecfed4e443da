"""Counting what is sent to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from backend.extensions import db


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the statements that run inside, but for savepoints."""
    statements: list[str] = []

    def collect(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
            statements.append(statement)

    bind: Engine | Connection = db.engines[None]
    event.listen(bind, "before_cursor_execute", collect)
    try:
        yield statements
    finally:
        event.remove(bind, "before_cursor_execute", collect)
