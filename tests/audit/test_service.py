"""The audit trail: append-only, sealed in batches, and provably unchanged."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import ProgrammingError

from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.domain.audit.rules import GENESIS, seal_digest
from backend.domain.audit.service import BrokenSeal, record_event, seal_events, verify_seals
from backend.extensions import db
from backend.foundation.actor import SYSTEM
from backend.foundation.transaction import transaction


@pytest.fixture
def pushed_app(own_app: Flask) -> Iterator[Flask]:
    with own_app.app_context():
        yield own_app
        db.session.remove()


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection]:
    """The owner of the schema, who is not bound to the application's role."""
    url = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def record(action: str = "open_page") -> None:
    with transaction():
        record_event(SYSTEM, action, "page")


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events"]
)
def test_the_application_has_no_right_to_change_an_event(app: Flask, change: str) -> None:
    record()
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text(change))


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events"]
)
def test_not_even_the_owner_changes_an_event_by_accident(
    pushed_app: Flask, owner: psycopg.Connection, change: str
) -> None:
    record()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(change)


def test_each_seal_covers_what_came_since_the_last_one(app: Flask) -> None:
    record()
    record()
    first = seal_events()
    record()
    second = seal_events()

    assert first is not None
    assert second is not None
    assert (first.events, second.events) == (2, 1)
    assert second.first_event_id > first.last_event_id
    assert seal_events() is None
    assert verify_seals() == (2, second.digest)
    assert verify_seals(kept_head=first.digest) == (2, second.digest)


def test_a_head_from_elsewhere_is_missed(app: Flask) -> None:
    record()
    seal_events()
    with pytest.raises(BrokenSeal, match="kept"):
        verify_seals(kept_head=bytes(32))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_events SET action = 'x' WHERE id = {id}",
        "UPDATE audit_events SET happened_at = happened_at - interval '1 second' WHERE id = {id}",
        "DELETE FROM audit_events WHERE id = {id}",
    ],
)
def test_an_event_changed_behind_the_triggers_breaks_its_seal(
    pushed_app: Flask, owner: psycopg.Connection, tampering: str
) -> None:
    record()
    record()
    seal_events()
    verify_seals()
    event_id = db.session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).first()
    db.session.rollback()

    owner.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
    owner.execute(tampering.format(id=event_id))

    with pytest.raises(BrokenSeal):
        verify_seals()


def test_an_event_that_is_not_committed_yet_is_never_left_out_below_a_seal(pushed_app: Flask) -> None:
    record("before")
    written, sealed = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with pushed_app.app_context(), transaction() as session:
            record_event(SYSTEM, "slow", "page")
            session.flush()
            written.set()
            sealed.wait(10)

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert written.wait(10)
    assert seal_events() is None, "the writer is in the way: later"
    sealed.set()
    writer.join()

    seal = seal_events()
    assert seal is not None
    assert seal.events == 2


def test_a_seal_depends_on_the_order_of_the_events_and_on_the_seal_before() -> None:
    one, two = {"id": 1, "action": "a"}, {"id": 2, "action": "b"}
    digests = {
        seal_digest(GENESIS, [one, two]),
        seal_digest(GENESIS, [two, one]),
        seal_digest(seal_digest(GENESIS, [one]), [two]),
        seal_digest(GENESIS, [one | two]),
    }
    assert len(digests) == 4
    assert seal_digest(GENESIS, [{"action": "a", "id": 1}]) == seal_digest(GENESIS, [one])


def test_the_command_prints_the_head_and_fails_on_a_broken_chain(app: Flask) -> None:
    record()
    runner = app.test_cli_runner()
    head = runner.invoke(args=["audit", "seal"]).output.strip()
    assert runner.invoke(args=["audit", "verify", "--head", head]).output.strip() == f"1 seals hold, head {head}"
    assert runner.invoke(args=["audit", "verify", "--head", "00"]).exit_code == 1
    assert db.session.scalars(select(AuditSeal)).one().digest.hex() == head
