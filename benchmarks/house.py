"""What a benchmark runs on: PostgreSQL and Valkey of its own, as durable as in production, and a migrated database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from backend.app import create_app
from backend.config import Settings
from backend.extensions import db
from dev.temporary import TemporaryServers
from tests.support.databases import create_clone
from tests.support.deployment import Deployment, environment_of
from tests.support.servers import Addresses


@dataclass(frozen=True)
class House:
    """An application in this process on a database of its own, and servers of it as they are deployed."""

    settings: Settings
    app: Flask
    folder: Path

    def tidy(self) -> None:
        """Let the database know what it holds, as autovacuum would after a while."""
        with psycopg.connect(self.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    @property
    def database(self) -> Web:
        """Return the database's server, to be asked for its CPU."""
        return Web(0, int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0]))

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment in which another process finds the same database."""
        return {**os.environ, **environment_of(self.settings)}

    @contextmanager
    def served(self, application: str = "wsgi:app") -> Iterator[Web]:
        """Run a web server of an application, as production does."""
        folder = self.folder / application.replace(":", "-")
        folder.mkdir(exist_ok=True)
        deployment = Deployment(self.settings, folder)
        try:
            deployment.start_web(workers=2, application=application)
            yield Web(int(deployment.url.rpartition(":")[2]), deployment.processes["web"].pid)
        finally:
            deployment.stop()


@dataclass(frozen=True)
class Web:
    """A web server with its workers, or the database's with its backends."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Return what the server and its workers have used so far, user and system."""
        ticks = sum(
            int(fields[11]) + int(fields[12])
            for pid, fields in _processes()
            if self.pid in (pid, int(fields[1]))  # itself, and its children
        )
        return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, list[str]]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # it has ended
            continue
        yield int(stat.parent.name), text.rpartition(") ")[2].split()


@contextmanager
def opened(servers: TemporaryServers) -> Iterator[House]:
    """Make a database of its own for one subject, and an application on it."""
    url = create_clone(Addresses(servers.postgres.port, servers.valkey.port, str(servers.folder)))
    environment = {"DATABASE_URL": url, "REDIS_URL": servers.valkey.url, "LOG_LEVEL": "WARNING"}
    settings = Settings.from_environment(environment)
    app = create_app(settings)
    try:
        yield House(settings, app, servers.folder)
    finally:
        with app.app_context():
            db.engine.dispose()
