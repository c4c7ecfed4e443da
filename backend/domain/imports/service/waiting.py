"""Imports wait for each other."""

from __future__ import annotations

from sqlalchemy import text

from backend.extensions import db


def wait_for_other_imports() -> None:
    """Hold the one lock of all imports until the transaction ends."""
    db.session.execute(text("SET LOCAL lock_timeout = '60s'"))
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('spreadsheet_import'))"))
    db.session.execute(text("SET LOCAL lock_timeout = '10s'"))
