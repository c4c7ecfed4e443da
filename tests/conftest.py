"""Fixtures that every test may ask for; see docs/architecture.md for which kind of test wants which."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from redis import Redis

from backend.config import Settings
from dev.ports import pick
from dev.refusal import Refusal
from dev.temporary import TemporaryServers
from tests.support import databases
from tests.support.browser import chromium, new_page
from tests.support.deployment import Deployment
from tests.support.servers import Addresses, start, told_by_the_controller
from tests.support.standin import APP_ID, PUSH_TOKEN, SECRET, Standin, StandinProcess

hypothesis.settings.register_profile("suite", deadline=None)  # what a test takes depends on the machine
hypothesis.settings.load_profile("suite")

_started: list[TemporaryServers] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the workers of pytest-xdist; without it, when a test first asks for them."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        try:
            _started.append(start()[0])
        except Refusal as refusal:
            raise pytest.UsageError(str(refusal)) from None


def pytest_unconfigure() -> None:
    """Stop the servers if this process started them."""
    while _started:
        _started.pop().stop()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the test of each of our API's routes an id of its own.

    Schemathesis names them apart, but pytest makes an id of what the function was called at first.
    """
    if type(item).__module__.startswith("schemathesis.") and item.parent is not None:
        item._id = item.parent.id.child(item.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests of one id: pytest-xdist, which keeps a file's tests together, would run the last of them alone."""
    ids = Counter(item.nodeid for item in items)
    if shared := [name for name, times in ids.items() if times > 1]:
        raise pytest.UsageError(f"tests share an id: {', '.join(shared[:5])}")


@pytest.fixture(scope="session")
def servers() -> Addresses:
    """Return where this run's PostgreSQL and Valkey are."""
    addresses = told_by_the_controller()
    if addresses is None:
        servers, addresses = start()
        _started.append(servers)
    return addresses


@pytest.fixture(scope="session")
def worker_number() -> int:
    """Return the number of this pytest-xdist worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def redis_url(servers: Addresses, worker_number: int) -> str:
    """Return this worker's own numbered database of Valkey."""
    return servers.valkey.database(worker_number)


@pytest.fixture(scope="session")
def standin_port() -> int:
    """Return where the stand-in WeChat is, or would be: it starts when a test asks for `standin`."""
    return pick()


@pytest.fixture(scope="session")
def settings(
    servers: Addresses, redis_url: str, standin_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Return the settings of the in-process application; its database is this worker's own."""
    url = databases.create_clone(servers)
    yield Settings.from_environment(
        {
            "BANGFU_ENV": "test",
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "WECHAT_API_URL": f"http://127.0.0.1:{standin_port}",
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": SECRET,
            "WECHAT_PUSH_TOKEN": PUSH_TOKEN,
            "ATTACHMENT_STORE": tmp_path_factory.mktemp("attachments").as_uri(),
        }
    )
    databases.drop(servers, url)


@pytest.fixture(scope="session")
def standin_process(standin_port: int) -> Iterator[Standin]:
    """Run the stand-in WeChat; ask for `standin` instead."""
    process = StandinProcess(standin_port)
    yield process.standin
    process.stop()


@pytest.fixture
def standin(standin_process: Standin) -> Standin:
    """Return a stand-in WeChat that remembers nothing; `app` and `deployment` talk to it."""
    standin_process.order("reset")
    return standin_process


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


@pytest.fixture
def own_app(settings: Settings, database: str, redis: Redis) -> Iterator[Flask]:
    """Return an application on a database of the test's own, for threads: each pushes a context for itself."""
    from backend.app import create_app
    from backend.extensions import db

    app = create_app(dataclasses.replace(settings, database_url=database))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def deployment(
    settings: Settings, servers: Addresses, database: str, worker_number: int, tmp_path: Path
) -> Iterator[Deployment]:
    """Return the application as processes on a database of the test's own; it starts what is asked for."""
    redis_url = servers.valkey.database(32 + worker_number)
    with Redis.from_url(redis_url) as client:
        client.flushdb()
    store = (tmp_path / "attachments").as_uri()  # of its own, as its rows are
    own = dataclasses.replace(settings, database_url=database, redis_url=redis_url, attachment_store=store)
    deployment = Deployment(own, tmp_path)
    yield deployment
    deployment.stop()


@pytest.fixture
def server(deployment: Deployment) -> Deployment:
    """Return the deployment with its web server started."""
    deployment.start_web()
    return deployment


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a Chromium for this file: Playwright's event loop would be in the way of other files' own."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page as the office's computer shows it."""
    with new_page(browser, 1366, 768) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Return a page of a telephone's size."""
    with new_page(browser, 390, 844) as page:
        yield page
