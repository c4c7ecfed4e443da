"""Statements that psycopg runs itself: their values, types and rows; connections that the server has ended."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask
from sqlalchemy import bindparam, select, text

from backend.domain.accounts.models import RoleHolding
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.prepared import Prepared
from backend.foundation.transaction import autocommitted
from tests.support.county import make_county

ROLE_OF = Prepared(
    select(RoleHolding.role, RoleHolding.organisation_id).where(
        RoleHolding.person_id == bindparam("person_id"), RoleHolding.role != Role.ADMIN
    )
)

PROCESS = Prepared(text("SELECT pg_backend_pid() AS number"))


@pytest.fixture
def pushed_app(own_app: Flask) -> Iterator[Flask]:
    with own_app.app_context():
        yield own_app
        db.session.remove()


def test_a_row_has_its_columns_by_name_and_enums_as_enums(app: Flask) -> None:
    county = make_county()
    with autocommitted() as connection:
        row = ROLE_OF.fetch(connection, {"person_id": county.director.id})

    assert row.role is Role.DIRECTOR
    assert row.organisation_id == county.township.id


def test_no_row_is_none(app: Flask) -> None:
    county = make_county()
    with autocommitted() as connection:
        assert ROLE_OF.fetch(connection, {"person_id": county.township.id}) is None


def test_each_statement_is_a_transaction_and_the_session_has_its_own_again(pushed_app: Flask) -> None:
    number = Prepared(text("SELECT txid_current() AS number, CAST(:of AS int) AS of"))
    with autocommitted() as connection:
        first, second = (number.fetch(connection, {"of": of}).number for of in (1, 2))
    same = {db.session.scalar(select(text("txid_current()"))) for _ in range(2)}

    assert first != second
    assert len(same) == 1


def test_connections_that_the_server_has_ended_are_replaced_unseen(pushed_app: Flask, database: str) -> None:
    def tell(_turn: int = 0) -> int:
        with pushed_app.app_context(), autocommitted() as connection:
            return int(PROCESS.fetch(connection, {}).number)

    with ThreadPoolExecutor(4) as threads:
        before = set(threads.map(tell, range(16)))
    db.session.scalar(select(text("1")))
    db.session.remove()
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as other:
        other.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = current_database() AND usename = current_user"""
        )

    assert {tell() for _ in range(8)}.isdisjoint(before)
    assert db.session.scalar(select(text("1"))) == 1
