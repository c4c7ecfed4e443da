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
_AFTER_COMMIT = "bangfu_after_commit"
_ON_FAILURE = "bangfu_on_failure"


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit on leaving the outermost block, roll back on any error; then do what waited for the one or the other."""
    session = db.session()
    if session.info.get(_OPEN):
        yield session
        return
    session.info |= {_OPEN: True, _AFTER_COMMIT: [], _ON_FAILURE: []}
    try:
        yield session
        session.flush()
        session.info[_ON_FAILURE] = []  # whether a commit that fails has not happened, nobody knows
        session.commit()
        follow: list[Callable[[], None]] = session.info[_AFTER_COMMIT]
    except BaseException:
        session.rollback()
        for undo in session.info[_ON_FAILURE]:
            undo()
        raise
    finally:
        session.info |= {_OPEN: False, _AFTER_COMMIT: [], _ON_FAILURE: []}
    for deed in follow:
        deed()


def after_commit(deed: Callable[[], None]) -> None:
    """Do something outside of the database once the transaction has committed, or never."""
    _waiting(_AFTER_COMMIT).append(deed)


def on_failure(undo: Callable[[], None]) -> None:
    """Undo something outside of the database if the transaction is rolled back; `undo` raises nothing.

    Not if the commit itself fails: then nobody knows whether it has happened, and a sweep must tell.
    """
    _waiting(_ON_FAILURE).append(undo)


def release_connection() -> None:
    """Give back the connection of what was only read, before waiting for the network; it is read anew afterwards.

    Within a transaction nothing happens: that holds its connection until it ends.
    """
    session = db.session()
    if not session.info.get(_OPEN):
        session.rollback()


def enqueue_after_commit(job: str, *arguments: str) -> None:
    """Enqueue the job of this dotted name once the transaction has committed, or never.

    The arguments are ids in text: nothing personal goes into Redis.
    """
    after_commit(lambda: queue.enqueue(job, *arguments))


def _waiting(kind: str) -> list[Callable[[], None]]:
    session = db.session()
    if not session.info.get(_OPEN):
        raise RuntimeError("nothing waits for a transaction outside of one")
    waiting: list[Callable[[], None]] = session.info[kind]
    return waiting


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
