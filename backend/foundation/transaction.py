"""One transaction a use case: the outermost service opens it, inner ones join, jobs follow the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.database import Connection, HotConnection
from backend.extensions import db
from backend.foundation import queue
from backend.foundation.errors import BangfuError

_OPEN = "bangfu_transaction_open"
_JOBS = "bangfu_jobs_after_commit"


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit on leaving the outermost block, roll back on any error; then enqueue what waited for the commit."""
    session = db.session()
    if session.info.get(_OPEN):
        yield session
        return
    session.info[_OPEN] = True
    session.info[_JOBS] = []
    try:
        yield session
        session.commit()
        jobs = session.info[_JOBS]
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_OPEN] = False
        session.info[_JOBS] = []
    for job, arguments in jobs:
        queue.enqueue(job, *arguments)


def enqueue_after_commit(job: str, *arguments: str) -> None:
    """Enqueue the job of this dotted name once the transaction has committed, or never.

    The arguments are ids in text: nothing personal goes into Redis.
    """
    session = db.session()
    if not session.info.get(_OPEN):
        raise RuntimeError("enqueue_after_commit outside of a transaction")
    session.info[_JOBS].append((job, arguments))


def autocommitted() -> AbstractContextManager[HotConnection]:
    """Return a connection on which each statement is a transaction of its own, in one round trip: for hot paths."""
    connect: Callable[[], AbstractContextManager[HotConnection]] = current_app.extensions["autocommit"]
    return connect()


def joined() -> HotConnection:
    """Return the connection of the present transaction, for a prepared statement that is a part of it."""
    return HotConnection(cast("Connection", db.session.connection().connection.dbapi_connection))


def violated_constraint(error: IntegrityError) -> str | None:
    """Return the name of the constraint that the database refused a row for."""
    diagnostics = getattr(error.orig, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


@contextmanager
def refusals(situations: Mapping[str, type[BangfuError]]) -> Iterator[None]:
    """Turn the violation of a named constraint into the error that names the situation.

    The statements inside must be flushed inside, in a savepoint of their own where work before them is kept.
    """
    try:
        yield
        db.session.flush()
    except IntegrityError as error:
        situation = situations.get(violated_constraint(error) or "")
        if situation is None:
            raise
        raise situation from error
