"""The demo county as it was loaded on a Sunday at noon, once for a file of tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection

from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.rollback import rolled_back

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def loaded(application: Flask) -> Iterator[Flask]:
    """Load the demo for all tests of a file; ask for `county` instead."""
    with rolled_back(application), application.app_context(), time_machine.travel(SUNDAY_NOON):
        result = run(application, "load")
        assert result.exit_code == 0, result.output
        yield application


@pytest.fixture
def county(loaded: Flask) -> Iterator[Flask]:
    """Return the application with the demo loaded; what the test does to it is taken back."""
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    db.session.commit()
    savepoint = connection.begin_nested()
    try:
        yield loaded
    finally:
        db.session.rollback()
        db.session.expunge_all()
        savepoint.rollback()
