"""Fixtures that every test may ask for; see docs/architecture.md for which kind of test wants which."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from backend.config import Settings
from dev.temporary import TemporaryServers
from tests.support import databases
from tests.support.servers import Addresses, start, told_by_the_controller

_started: list[TemporaryServers] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the workers of pytest-xdist; without it, when a test first asks for them."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        _started.append(start()[0])


def pytest_unconfigure() -> None:
    """Stop the servers if this process started them."""
    while _started:
        _started.pop().stop()


@pytest.fixture(scope="session")
def servers() -> Addresses:
    """Return where this run's PostgreSQL and Valkey are."""
    addresses = told_by_the_controller()
    if addresses is None:
        servers, addresses = start()
        _started.append(servers)
    return addresses


@pytest.fixture(scope="session")
def redis_url(servers: Addresses) -> str:
    """Return this worker's own numbered database of Valkey."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return servers.valkey.database(int(worker.removeprefix("gw")))


@pytest.fixture(scope="session")
def settings(servers: Addresses, redis_url: str) -> Iterator[Settings]:
    """Return the settings of the in-process application; its database is this worker's own."""
    url = databases.create_clone(servers)
    yield dataclasses.replace(Settings.from_environment({"BANGFU_ENV": "test"}), database_url=url, redis_url=redis_url)
    databases.drop(servers, url)


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    """Return the application that in-process tests share; ask for `app` instead."""
    from backend.app import create_app  # here, so that tests of pure rules start at once
    from backend.extensions import db
    from tests.support.rollback import Client

    application = create_app(settings)
    application.test_client_class = Client
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """Return this worker's Valkey, empty."""
    with Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture
def app(application: Flask, redis: Redis) -> Iterator[Flask]:
    """Return the application with its context pushed; what the test writes is rolled back."""
    from tests.support.rollback import rolled_back

    with rolled_back(application), application.app_context():
        yield application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the rolled-back application."""
    return app.test_client()


@pytest.fixture
def database(servers: Addresses) -> Iterator[str]:
    """Return the URL of a migrated database of the test's own: for processes, concurrency and faults."""
    url = databases.create_clone(servers)
    yield url
    databases.drop(servers, url)
