"""Debian's Chromium, driven by Playwright; it finds nothing but this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation
from tests.support.accounts import PASSWORD

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",  # a container's root has no user namespaces
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

# What is waited for comes when the machine has time for it: the wait is long, and only a failure takes all of it.
expect.set_options(timeout=20_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, headless=True, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def new_page(browser: Browser, width: int, height: int) -> Iterator[Page]:
    """Open a page in a profile of its own; an error of a script on it fails the test that caused it."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert not failures, f"scripts of the page failed: {failures}"


def log_in_as(page: Page, url: str, organisation: Organisation, person: Person) -> None:
    """Log somebody who has the tests' password in to the console."""
    page.goto(f"{url}/console/")
    page.get_by_label("机构代码").fill(organisation.code)
    page.get_by_label("工号").fill(person.staff_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{url}/console/*")
