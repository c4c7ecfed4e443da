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
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
    "connect_args": {"options": "-c timezone=UTC -c lock_timeout=10s", "connect_timeout": 5},
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


def autocommitting(engine: Engine) -> Callable[[], AbstractContextManager[Connection]]:
    """Return what lends psycopg's own connections out of the engine's pool, to commit each statement at once."""

    @contextmanager
    def lend() -> Iterator[Connection]:
        with closing(engine.raw_connection()) as lent:
            connection = cast("Connection", lent.dbapi_connection)
            connection.autocommit = True
            try:
                yield connection
            finally:
                if not connection.closed:
                    connection.autocommit = False

    return lend


def _has_something_to_say(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
