"""Databases for tests: one is migrated as production is, the others are clones of it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from dev.places import PYTHON, ROOT
from tests.support.servers import Addresses

_TEMPLATE = "template_bangfu"
_LASTING = ("alembic_version", "audit_events", "audit_seals")


def create_clone(addresses: Addresses, name: str | None = None) -> str:
    """Create a migrated, empty database and return its URL."""
    with _alone(addresses) as marker:
        if not marker.exists():
            _migrate_template(addresses)
            marker.touch()
    name = name or f"test_{uuid.uuid4().hex[:12]}"
    _administer(
        addresses,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(_TEMPLATE)
        ),
    )
    return url_of(addresses, name)


def drop(addresses: Addresses, url: str) -> None:
    """Drop a clone, whoever is still connected to it."""
    name = make_url(url).database or ""
    _administer(addresses, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def empty(url: str) -> None:
    """Empty a clone of all but its trail, which refuses to forget."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [sql.Identifier(name) for (name,) in found if name not in _LASTING]
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(tables)))


def url_of(addresses: Addresses, name: str) -> str:
    """Return the URL of one of the test server's databases."""
    return make_url(addresses.postgres.url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _alone(addresses: Addresses) -> Iterator[Path]:
    """Hold the run's lock, so that only one worker migrates the template."""
    folder = Path(addresses.folder)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / "template.migrated"


def _migrate_template(addresses: Addresses) -> None:
    name = sql.Identifier(_TEMPLATE)
    _administer(addresses, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    _administer(addresses, sql.SQL("CREATE DATABASE {}").format(name))
    migrated = subprocess.run(
        [str(PYTHON), "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT,
        env={
            **os.environ,
            "BANGFU_ENV": "test",
            "DATABASE_URL": url_of(addresses, _TEMPLATE),
            "REDIS_URL": addresses.valkey.url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if migrated.returncode != 0:
        raise RuntimeError(f"The migrations failed:\n{migrated.stderr}")


def _administer(addresses: Addresses, statement: sql.Composed) -> None:
    with psycopg.connect(addresses.postgres.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)
