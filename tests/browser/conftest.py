"""An office's web server; a phone with the mini-program, and a county that sends a doctor to a township hospital today.

All tests share the servers, since starting them takes longer than most tests: each file begins with an empty database,
and each test has a county, people, numbers and a WeChat of its own, and asks for no more than its own rows.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import select

from backend.config import Settings
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.taps import CheckIn
from backend.extensions import db
from tests.support import databases
from tests.support.accounts import give_identity, make_account
from tests.support.browser import new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch
from tests.support.miniprogram import MiniProgram
from tests.support.servers import Addresses
from tests.support.standin import Standin

_numbers = itertools.count(1)
Taps = Callable[[], list[CheckIn]]


@pytest.fixture(scope="session")
def deployed(
    settings: Settings,
    servers: Addresses,
    worker_number: int,
    standin_process: Standin,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    """Return the deployed application; ask for `office_server` or `phone_servers` instead."""
    database_url, redis_url = databases.create_clone(servers), servers.valkey.database(48 + worker_number)
    own = dataclasses.replace(settings, database_url=database_url, redis_url=redis_url)
    deployment = Deployment(own, tmp_path_factory.mktemp("deployed"))
    try:
        deployment.start_web()
        yield deployment
    finally:
        deployment.stop()
        databases.drop(servers, database_url)


@pytest.fixture(scope="session")
def preview(deployed: Deployment) -> str:
    """Return the address of the mini-program's preview before the application."""
    return deployed.start_preview()


@pytest.fixture(scope="module")
def office_server(deployed: Deployment) -> Iterator[Deployment]:
    """Return the web server; it knows nothing of other files' tests, and no worker of theirs listens."""
    databases.empty(deployed.settings.database_url)
    with Redis.from_url(deployed.settings.redis_url) as client:
        client.flushdb()
    yield deployed
    for name in deployed.processes.keys() - {"web", "preview"}:
        deployed.kill(name)


@pytest.fixture(scope="module")
def phone_servers(office_server: Deployment, preview: str) -> tuple[Deployment, str]:
    """Return the deployed application and the address of the preview before it."""
    return office_server, preview


@pytest.fixture
def screen() -> tuple[int, int]:
    """Return the phone's width and height; a test may have its own."""
    return 390, 844


@pytest.fixture
def phone_app(
    browser: Browser, standin: Standin, phone_servers: tuple[Deployment, str], screen: tuple[int, int]
) -> Iterator[MiniProgram]:
    """Return a phone with the mini-program; what the preview could not do fails the test."""
    deployment, url = phone_servers
    number = next(_numbers)
    with deployment.app.app_context(), new_page(browser, *screen) as page:
        yield MiniProgram(page, url, openid=f"phone-{number}", telephone=f"1380778{number:04d}")
        assert page.evaluate("window.__preview ? __preview.failures : []") == []


@pytest.fixture
def county(deployment: Deployment) -> Iterator[County]:
    """Return a county in the deployment that a test has for itself."""
    with deployment.app.app_context():
        yield make_county()


@pytest.fixture
def phone_county(phone_app: MiniProgram) -> County:
    """Return a county behind the phone; the roster knows its doctor by the phone's number."""
    county = make_county()
    give_identity(county.doctor, telephone=phone_app.telephone)
    return county


@pytest.fixture
def on_duty(phone_county: County, phone_app: MiniProgram) -> Person:
    """Return the doctor, who is sent every day and whose WeChat is the phone's."""
    make_dispatch(phone_county.doctor, phone_county.township, sites=[phone_county.site])
    make_account(phone_county.doctor, phone_app.openid)
    return phone_county.doctor


@pytest.fixture
def taps(phone_county: County) -> Taps:
    """Return what tells which taps of the doctor the database holds, the oldest first."""

    def read() -> list[CheckIn]:
        db.session.expire_all()
        of_the_doctor = select(CheckIn).where(CheckIn.person_id == phone_county.doctor.id)
        return list(db.session.scalars(of_the_doctor.order_by(CheckIn.received_at)))

    return read
