"""In-process tests: everything a test commits goes when it ends."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from backend.database import HotConnection
from backend.extensions import db


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Run every session on one connection inside one transaction; a commit only ends a savepoint of it."""
    with app.app_context():
        engines = cast("dict[str | None, Any]", db.engines)
    engine: Engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection
        autocommit = app.extensions["autocommit"]
        app.extensions["autocommit"] = lambda: nullcontext(
            HotConnection(cast("Any", connection.connection.dbapi_connection))
        )
        with app.app_context():
            db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield
        finally:
            engines[None] = engine
            app.extensions["autocommit"] = autocommit
            transaction.rollback()


class Client(FlaskClient):
    """A client whose requests run as from outside: with a context, and so a session, of their own.

    What the test has written with `db.session` is committed before the request, and read afresh after it.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.commit()
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return response
