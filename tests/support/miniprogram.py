"""The mini-program in its preview: a phone in a browser, with what a test decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.pictures import PNG

AT_THE_SITE = {"longitude": 103.2003, "latitude": 27.3002, "accuracy": 25}
FIVE_KILOMETRES_AWAY = {"longitude": 103.25, "latitude": 27.3, "accuracy": 25}


class MiniProgram:
    """A phone on which the mini-program runs; whose WeChat it is, and the number that WeChat knows."""

    def __init__(self, page: Page, url: str, *, openid: str, telephone: str) -> None:
        self.page = page
        self.openid = openid
        self.telephone = telephone
        self._url = url

    def open(self, **settings: Any) -> None:
        """Start it at the site; its owner accepts messages without being asked, unless a test says otherwise."""
        chosen = {"openid": self.openid, "phone": self.telephone, "messages": "always", **AT_THE_SITE, **settings}
        self.page.goto(f"{self._url}/phone?{urlencode(chosen)}")

    def restart(self) -> None:
        """Start it anew with what the phone has stored."""
        self.page.goto(f"{self._url}/phone")

    def change(self, **settings: Any) -> None:
        """Change what holds of the phone: network, place, font size."""
        self.page.evaluate("settings => __preview.change(settings)", settings)

    def log_in(self) -> None:
        """Press the button of the first page."""
        self.button("用微信登录").click()

    @property
    def shown(self) -> Locator:
        """The page that is on top."""
        return self.page.locator(".preview-page:not([hidden])")

    def button(self, name: str) -> Locator:
        """A button of the page that is shown."""
        return self.shown.get_by_role("button", name=name, exact=True)

    def check(self, kind: str) -> None:
        """Press the big button, which also shows the time."""
        self.shown.locator(".big", has_text=kind).click()

    def answer(self, choice: str) -> None:
        """Answer a question that WeChat asks above the page."""
        self.page.get_by_role("dialog").get_by_role("button", name=choice, exact=True).click()

    def choose(self, field: str, value: str) -> None:
        """Choose in one of WeChat's pickers: an option, or a day."""
        self.shown.get_by_role("button", name=field).click()
        sheet = self.page.get_by_role("dialog")
        sheet.wait_for()
        if sheet.locator("select").count():
            sheet.locator("select").select_option(label=value)
        else:
            sheet.locator("input").fill(value)
        self.answer("确定")

    def add_photo(self, button: str = "拍照或选照片", content: bytes = PNG) -> None:
        """Take a photograph."""
        with self.page.expect_file_chooser() as choosing:
            self.button(button).click()
        choosing.value.set_files({"name": "照片.png", "mimeType": "image/png", "buffer": content})

    def show_camera(self, text: str | None) -> None:
        """Hold a code before the camera; None: turn back from scanning."""
        self.page.evaluate("text => __preview.showCamera(text)", text)

    def open_tab(self, name: str) -> None:
        """Press a tab at the bottom."""
        self.page.locator(".preview-tab", has_text=name).click()

    def says(self, text: str) -> None:
        """Wait until the page shows a text."""
        expect(self.shown.get_by_text(text).first).to_be_visible()

    def does_not_say(self, text: str) -> None:
        """Wait until the page no longer shows a text."""
        expect(self.shown.get_by_text(text)).to_have_count(0)

    def stored(self, key: str) -> Any:
        """Return what the mini-program keeps on the phone under a key."""
        script = "key => JSON.parse(localStorage.getItem(key) || '{}').data"
        return self.page.evaluate(script, f"__wx:{self.openid}:{key}")

    def store(self, key: str, value: Any) -> None:
        """Change what the phone keeps."""
        script = "([key, data]) => localStorage.setItem(key, JSON.stringify({ data }))"
        self.page.evaluate(script, [f"__wx:{self.openid}:{key}", value])

    @contextmanager
    def losing_answers(self, path: str) -> Iterator[list[int]]:
        """Let requests reach the server and lose what it answers; gather the answers' statuses."""
        statuses: list[int] = []

        def lose(route: Route) -> None:
            statuses.append(route.fetch().status)
            route.abort()

        self.page.route(path, lose)
        yield statuses
        self.page.unroute(path)
