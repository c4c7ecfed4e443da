"""How the application connects: a small pool, as a role that cannot change what is append-only."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

APPLICATION_ROLE = "bangfu_app"

ENGINE_OPTIONS: dict[str, Any] = {
    # Four blocking threads a web worker: a connection for each and none to queue for.
    "pool_size": 4,
    "max_overflow": 2,
    "pool_recycle": 1800,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
    "connect_args": {"options": "-c timezone=UTC -c lock_timeout=10s", "connect_timeout": 5},
}


def act_as_application(engine: Engine) -> None:
    """Let every connection of this engine take the application's role, which has no right to change audit rows."""

    @event.listens_for(engine, "connect")
    def take_role(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
        cursor.close()
        connection.commit()
