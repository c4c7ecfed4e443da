"""How the application connects: a small pool, as a role that cannot change what is append-only."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, cast

import orjson
import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

APPLICATION_ROLE = "bangfu_app"
Connection = psycopg.Connection[Any]

ENGINE_OPTIONS: dict[str, Any] = {
    # Four blocking threads a web worker: a connection for each and none to queue for.
    "pool_size": 4,
    "max_overflow": 2,
    "pool_recycle": 1800,
    "hide_parameters": True,  # the text of an error goes into logs: it must not quote what people typed
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
    # work_mem: figures of a thousand organisations by kind are grouped in 10 MB, beyond which they would go to disk.
    "connect_args": {"options": "-c timezone=UTC -c lock_timeout=10s -c work_mem=16MB", "connect_timeout": 5},
}


def equip(engine: Engine) -> None:
    """Let every connection take the application's role, which may not change audit rows, and be alive when used."""

    @event.listens_for(engine, "connect")
    def take_role(connection: Connection, _record: object) -> None:
        connection.execute(f"SET ROLE {APPLICATION_ROLE}")
        connection.commit()

    @event.listens_for(engine, "checkout")
    def refuse_dead(connection: Connection, _record: object, _lent: object) -> None:
        # One that has something to say while nothing was asked has been ended by the server: no ping is needed.
        if connection.closed or _has_something_to_say(connection.fileno()):
            raise DisconnectionError


class HotConnection:
    """A connection of psycopg's own that commits each statement, with a cursor kept for each of them.

    A cursor that runs the same statement again knows how to write its values and read its row: a new one finds out.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cursors: dict[object, psycopg.RawCursor[tuple[Any, ...]]] = {}

    def cursor_of(self, statement: object) -> psycopg.RawCursor[tuple[Any, ...]]:
        """Return the cursor of a statement, which takes its values by number."""
        if statement not in self._cursors:
            self._cursors[statement] = psycopg.RawCursor(self._connection)
        return self._cursors[statement]


def autocommitting(engine: Engine) -> Callable[[], AbstractContextManager[HotConnection]]:
    """Return what lends connections for hot paths out of the engine's pool."""

    @contextmanager
    def lend() -> Iterator[HotConnection]:
        with closing(engine.raw_connection()) as lent:
            connection = cast("Connection", lent.dbapi_connection)
            hot: HotConnection = lent.info.setdefault("hot", HotConnection(connection))
            connection.autocommit = True
            try:
                yield hot
            finally:
                if not connection.closed:
                    connection.autocommit = False

    return lend


def _has_something_to_say(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
