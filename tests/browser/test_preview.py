"""The preview's runtime, on a project of its own: what it draws, and that what it does not know is loud."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.places import PREVIEW
from dev.privileges import tied
from tests.support.browser import new_page


@pytest.fixture(scope="module")
def fixture_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the project with which the preview tests itself."""
    project, out = PREVIEW / "test" / "fixture", tmp_path_factory.mktemp("preview")
    command = ["node", str(PREVIEW / "serve.js"), "--port", "0", "--project", str(project), "--out", str(out)]
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

    expect(page.locator("[data-page='pages/tab/index']")).to_have_text("2")


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
