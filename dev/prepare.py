"""Brings the database up to date and loads the demo data once; its last words are the demo log-ins."""

from __future__ import annotations

import io
import os
import sys
import time
from contextlib import redirect_stdout

import click
import psycopg
from redis import Redis
from redis.exceptions import RedisError

from dev.places import LOCAL
from dev.refusal import Refusal

LOG_INS = LOCAL / "demo-log-ins"
_PATIENCE_SECONDS = 60.0


def prepare() -> None:
    """Wait for the servers, migrate, load the demo data, keep its log-ins for the closing line."""
    LOG_INS.unlink(missing_ok=True)
    _wait_for_servers()
    _flask("db", "upgrade")
    _flask("demo", "load")
    LOG_INS.write_text(_flask("demo", "show", quiet=True).strip(), encoding="utf-8")


def _wait_for_servers() -> None:
    database_url = os.environ["DATABASE_URL"].replace("+psycopg", "", 1)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(database_url, connect_timeout=3).close()
            with Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=3) as client:
                client.ping()
        except (psycopg.OperationalError, RedisError) as error:
            if time.monotonic() > deadline:
                raise Refusal(f"The database or the queue does not answer: {str(error).splitlines()[0]}") from None
            time.sleep(0.1)
        else:
            return


def _flask(*arguments: str, quiet: bool = False) -> str:
    """Run a command of `flask` in this process, since each process takes a second to start; return its words."""
    from flask.cli import ScriptInfo  # noqa: PLC0415

    from wsgi import app  # noqa: PLC0415 - after the servers answer

    said = io.StringIO()
    try:
        with redirect_stdout(said if quiet else sys.stdout):
            app.cli.main(list(arguments), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    except click.ClickException as error:
        raise Refusal(f"`flask {' '.join(arguments)}` failed: {error.format_message()}") from None
    except Exception as error:
        if _is_full_disk(error):
            raise Refusal("The disk is full: free some space and start again.") from None
        raise
    return said.getvalue()


def _is_full_disk(error: BaseException) -> bool:
    """Look for the database's own word for it among the causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.errors.DiskFull):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


if __name__ == "__main__":
    try:
        prepare()
    except Refusal as refusal:
        sys.exit(str(refusal))
