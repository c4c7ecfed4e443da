"""Brings the database up to date and loads the demo data once; its last words are the demo log-ins."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from dev.places import LOCAL, PYTHON
from dev.refusal import Refusal

LOG_INS = LOCAL / "demo-log-ins"
_PATIENCE_SECONDS = 60.0


def prepare() -> None:
    """Wait for the servers, migrate, load the demo data, keep its log-ins for the closing line."""
    LOG_INS.unlink(missing_ok=True)
    _wait_for_servers()
    _flask("db", "upgrade")
    _flask("demo", "load")
    LOG_INS.write_text(_flask("demo", "show", capture=True).strip())


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


def _flask(*arguments: str, capture: bool = False) -> str:
    done = subprocess.run(
        [str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments],
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal(f"`flask {' '.join(arguments)}` failed: its own lines above say why.")
    return done.stdout or ""


if __name__ == "__main__":
    try:
        prepare()
    except Refusal as refusal:
        sys.exit(str(refusal))
