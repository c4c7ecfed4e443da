"""The preview's runtime, on a project of its own: what it draws, and that what it does not know is loud."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from dev.places import PREVIEW
from dev.privileges import tied
from tests.support.browser import new_page


class TellsWhatWasSent(BaseHTTPRequestHandler):
    """A backend that answers with the parts of a multipart body, one after the other."""

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"]))
        message = message_from_bytes(
            b"content-type: %s\n\n" % self.headers["content-type"].encode() + sent, policy=policy.HTTP
        )
        parts = [(part["content-disposition"].params, part.get_content()) for part in message.iter_parts()]
        told = [self.headers["authorization"]]
        told += [f"{of['name']} {of.get('filename', '')} {content!r}" for of, content in parts]
        self.send_response(201)
        self.end_headers()
        self.wfile.write("; ".join(told).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def echo_url() -> Iterator[str]:
    """Run the backend that tells what it was sent."""
    with HTTPServer(("127.0.0.1", 0), TellsWhatWasSent) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def fixture_url(tmp_path_factory: pytest.TempPathFactory, echo_url: str) -> Iterator[str]:
    """Serve the project with which the preview tests itself."""
    project, out = PREVIEW / "test" / "fixture", tmp_path_factory.mktemp("preview")
    command = ["node", str(PREVIEW / "serve.js"), "--port", "0", "--project", str(project), "--out", str(out)]
    command += ["--api", echo_url]
    process = subprocess.Popen(tied(command), stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture
def page(browser: Browser, fixture_url: str) -> Iterator[Page]:
    """Return the fixture's first page, on a phone."""
    with new_page(browser, 390, 844) as page:
        page.goto(f"{fixture_url}/phone")
        yield page


def failures(page: Page) -> str:
    return "\n".join(page.evaluate("__preview.failures"))


def log(page: Page) -> str:
    return page.locator("wx-text").last.inner_text()


def test_templates_scripts_and_styles_are_drawn(page: Page) -> None:
    expect(page.get_by_text("1:one")).to_be_visible()
    wide = page.get_by_text("ab0")
    expect(wide).to_have_css("margin-left", "39px")
    expect(wide).to_have_css("width", "390px")
    expect(page.locator("wx-card").get_by_text("Card")).to_have_css("color", "rgb(9, 9, 9)")
    expect(page.get_by_text("1:one")).to_have_css("color", "rgb(17, 17, 17)")
    assert failures(page) == ""


def test_taps_and_fields_reach_the_page_once_each(page: Page) -> None:
    page.get_by_text("2:two").click()
    page.get_by_role("button", name="pick").click()
    page.get_by_placeholder("name").fill("bob")
    page.get_by_role("switch").click()
    page.get_by_text("blue").click()
    page.get_by_role("button", name="off").click(force=True)
    page.get_by_role("button", name="send").click()

    assert log(page) == (
        'load;show;ready;row 2;picked Card;hello bob;switch true;colour blue;{"name":"bob","on":true,"colour":"blue"};'
    )
    assert failures(page) == ""


def test_pages_are_stacked_and_tab_pages_stay_alive(page: Page) -> None:
    page.get_by_role("link", name="go on").click()
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    expect(page.get_by_text("你好")).to_have_css("color", "rgb(1, 2, 3)")
    page.get_by_role("button", name="返回").click()
    page.locator(".preview-tab", has_text="Tab").click()
    page.locator(".preview-tab", has_text="First").click()
    page.locator(".preview-tab", has_text="Tab").click()

    expect(page.locator("[data-page='pages/tab/index'] wx-view").first).to_have_text("2")


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("granted", "116.397,39.909"),
        ("denied", "getLocation:fail auth deny"),
        ("off", "getLocation:fail system permission denied"),
        ("timeout", "getLocation:fail timeout"),
    ],
)
def test_the_place_is_what_the_settings_say(page: Page, location: str, told: str) -> None:
    page.evaluate("location => __preview.change({ location })", location)
    page.get_by_role("link", name="go on").click()

    expect(page.get_by_text(told)).to_be_visible()


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("wx.createInnerAudioContext()", "wx.createInnerAudioContext is not in the preview"),
        ("wx.getLocation()", 'ask with type "gcj02"'),
        ("wx.navigateTo({ url: '/pages/none/index' })", 'page "pages/none/index" is not found'),
        ("wx.navigateTo({ url: '/pages/tab/index' })", "use switchTab"),
        ("wx.request({ url: 'http://127.0.0.1/api', method: 'PATCH' })", "knows no method PATCH"),
        ("wx.showModal({ title: '', content: '', confirmText: '五个字太长' })", "longer than 4 characters"),
        ("wx.scanCode({ scanType: ['face'] })", 'knows no scanType "face"'),
        ("wx.requestSubscribeMessage({ tmplIds: ['a'] })", "can only be called while a tap is handled"),
        ("wx.exchange()", "wx.exchange is not in the preview"),
        ("__preview.change({ batery: 1 })", 'there is no setting "batery"'),
    ],
)
def test_what_wechat_would_not_do_is_drawn_in_red(browser: Browser, fixture_url: str, mistake: str, told: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{fixture_url}/phone")
    page.evaluate(f"setTimeout(() => {{ {mistake} }})")

    expect(page.locator("#failure")).to_contain_text(told)
    context.close()


def told(page: Page) -> Locator:
    """Open the tab whose page scans, attaches and chooses; return where it tells what came of it."""
    page.locator(".preview-tab", has_text="Tab").click()
    return page.locator("[data-page='pages/tab/index'] wx-text")


def test_a_code_is_what_the_test_says_or_what_a_person_types(page: Page) -> None:
    said = told(page)
    page.evaluate("__preview.showCamera('first')")
    page.get_by_role("button", name="scan").click()
    expect(said).to_have_text("first")
    page.evaluate("__preview.showCamera(null)")
    page.get_by_role("button", name="scan").click()
    expect(said).to_have_text("scanCode:fail cancel")
    page.get_by_role("button", name="scan").click()
    page.get_by_placeholder("二维码的内容").fill("typed")
    page.get_by_role("button", name="扫到了").click()

    expect(said).to_have_text("typed")
    assert failures(page) == ""


def test_a_chosen_picture_is_sent_as_a_form_does(page: Page) -> None:
    said = told(page)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="attach").click()
    choosing.value.set_files({"name": "诊断证明.png", "mimeType": "image/png", "buffer": b"png"})

    expect(said).to_have_text("201 Bearer t; purpose 'proof'; file 诊断证明.png b'png'")


def test_a_picture_is_not_sent_without_network(page: Page) -> None:
    said = told(page)
    page.evaluate("__preview.change({ online: false })")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="attach").click()
    choosing.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"png"})

    expect(said).to_have_text("uploadFile:fail")


def test_a_saved_picture_outlives_the_page_and_can_be_removed(page: Page) -> None:
    said = told(page)
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="save", exact=True).click()
    choosing.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"png"})
    expect(said).to_have_text("saved")
    expect(page.locator("wx-image img")).to_have_attribute("src", re.compile("^blob:"))
    page.reload()
    said = told(page)
    page.get_by_role("button", name="send saved").click()
    expect(said).to_have_text("none; file a.png b'png'")
    page.get_by_role("button", name="remove saved").click()
    expect(said).to_have_text("0 left")
    page.get_by_role("button", name="send saved").click()

    expect(said).to_have_text("uploadFile:fail file not found")


def test_one_column_may_decide_what_the_next_offers(page: Page) -> None:
    said = told(page)
    page.get_by_text("place").click()
    first, second = (page.get_by_role("listbox").nth(column) for column in range(2))
    first.select_option("S")
    second.select_option("southwest")
    page.get_by_role("button", name="确定").click()

    expect(said).to_have_text("chosen 1,1")


def test_each_user_of_wechat_has_a_storage_of_their_own(page: Page) -> None:
    page.evaluate("wx.setStorageSync('k', { a: 1 })")
    page.evaluate("__preview.change({ openid: 'somebody-else' })")
    assert page.evaluate("wx.getStorageSync('k')") == ""
    page.evaluate("__preview.change({ openid: 'preview-user' })")

    assert page.evaluate("wx.getStorageSync('k')") == {"a": 1}


def test_the_network_goes_and_comes_back(page: Page) -> None:
    page.evaluate("window.states = []; wx.onNetworkStatusChange(({ isConnected }) => states.push(isConnected))")
    page.evaluate("__preview.change({ online: false })")
    failed = page.evaluate("new Promise((fail) => wx.request({ url: 'http://x/api/v1', fail }))")
    page.evaluate("__preview.change({ online: true })")

    assert failed["errMsg"].startswith("request:fail")
    assert page.evaluate("states") == [False, True]


def test_the_desk_beside_the_phone_changes_the_phone(page: Page, fixture_url: str) -> None:
    page.goto(f"{fixture_url}/?longitude=103.2")
    phone = page.frame_locator("#phone")
    expect(phone.get_by_role("link", name="go on")).to_be_visible()
    page.get_by_label("定位精度（米）").fill("7")
    page.get_by_label("微信字体大小").select_option("23")
    phone.get_by_role("link", name="go on").click()
    expect(phone.get_by_text("103.2,39.909")).to_be_visible()

    expect(phone.locator("html")).to_have_css("font-size", "23px")
    assert page.evaluate("document.getElementById('phone').contentWindow.__preview.settings.accuracy") == 7
