"""The servers and databases that tests stand on."""

from __future__ import annotations

import socket

import psycopg
import pytest
from pytest_socket import SocketConnectBlockedError
from redis import Redis

from tests.support.servers import Addresses


def test_the_database_speaks_as_a_role_that_is_no_superuser(servers: Addresses) -> None:
    with psycopg.connect(servers.postgres.url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

    assert row == (False,)


def test_the_superuser_cannot_log_in(servers: Addresses) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba.conf entry"):
        psycopg.connect(host="127.0.0.1", port=servers.postgres.port, user="postgres", dbname="postgres")


def test_a_worker_finds_its_own_valkey_database_empty(redis: Redis) -> None:
    assert redis.dbsize() == 0


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_no_test_reaches_past_this_machine() -> None:
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
