"""A journey's one clock: the application's own, around each request, and its database's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql

from backend.foundation import clock
from backend.foundation.clock import SHANGHAI

# Whoever asks this database for the time is answered from here: its own functions come after these.
_SHIFTED = """
CREATE SCHEMA lived;
CREATE TABLE lived.clock (ahead interval NOT NULL);
INSERT INTO lived.clock VALUES ('0');
GRANT USAGE ON SCHEMA lived TO PUBLIC;
GRANT SELECT ON lived.clock TO PUBLIC;
CREATE FUNCTION lived.now() RETURNS timestamptz STABLE LANGUAGE sql
    AS 'SELECT pg_catalog.now() + ahead FROM lived.clock';
CREATE FUNCTION lived.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
    AS 'SELECT pg_catalog.statement_timestamp() + ahead FROM lived.clock';
"""


class Moments:
    """Moves an application and its database to instants in Shanghai's time; what is stored by default is real."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url.replace("postgresql+psycopg://", "postgresql://")
        self.now = datetime.now(UTC)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(_SHIFTED)
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("ALTER DATABASE {} SET search_path = lived, pg_catalog, public").format(name))

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Move on to an instant."""
        self.now = datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("UPDATE lived.clock SET ahead = %s - pg_catalog.now()", [self.now])

    def present(self) -> AbstractContextManager[None]:
        """Let what happens within happen now."""
        return clock.as_of(self.now)

    def run(self, app: Flask, job: Callable[[], None]) -> None:
        """Let the scheduler's moment come."""
        with self.present(), app.app_context():
            job()

    def rule(self, app: Flask) -> None:
        """Let each request of an application happen now."""
        serve = app.wsgi_app

        def serve_now(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            with self.present():
                return serve(environ, start_response)

        app.wsgi_app = serve_now  # type: ignore[method-assign]
