"""What tests with processes and with a browser stand on."""

from __future__ import annotations

import requests
from playwright.sync_api import Page

from tests.support.deployment import Deployment


def test_the_deployed_application_is_alive(server: Deployment) -> None:
    assert requests.get(f"{server.url}/healthz", timeout=5).json() == {"status": "ok"}


def test_a_database_that_nobody_filled_is_ready_once_a_worker_listens(server: Deployment) -> None:
    assert requests.get(f"{server.url}/readyz", timeout=5).status_code == 503

    server.start_worker()

    assert requests.get(f"{server.url}/readyz", timeout=5).json() == {"status": "ok", "failures": {}}


def test_a_browser_opens_the_deployed_application(server: Deployment, page: Page) -> None:
    page.goto(f"{server.url}/healthz")

    assert '"status"' in page.content()
