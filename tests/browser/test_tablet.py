"""A site's tablet in a real browser: it turns with the half minute, and never shows a code that is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.service.site_codes import judge_code
from backend.domain.attendance.service.tablets import Registered, register_tablet, revoke_tablet
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from tests.support.browser import new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch
from tests.support.legibility import flaws_of

UPRIGHT = (800, 1280)


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        yield make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


@pytest.fixture
def registered(county: County) -> Registered:
    return register_tablet(county.recipient, county.site.id, "门诊大厅")


@pytest.fixture
def tablet(browser: Browser, office_server: Deployment) -> Iterator[Page]:
    with new_page(browser, *UPRIGHT) as page:
        yield page


def pair(page: Page, office_server: Deployment, registered: Registered) -> None:
    """Open the address that the registering page shows, whose code fills itself in."""
    page.goto(f"{office_server.url}/console/tablet#{registered.pairing_code}")
    expect(page.get_by_label("配对码")).to_have_value(registered.pairing_code)
    assert registered.pairing_code not in page.url
    page.get_by_role("button", name="启用").click()
    expect(page.locator("#digits")).to_be_visible()


def code_on(page: Page) -> str:
    return page.locator("#digits").inner_text().replace(" ", "")


def test_what_a_tablet_shows_holds_at_its_site(
    tablet: Page, office_server: Deployment, registered: Registered, dispatch: Dispatch
) -> None:
    pair(tablet, office_server, registered)
    expect(tablet.get_by_text("青石镇中心卫生院")).to_be_visible()
    assert judge_code(dispatch.id, code_on(tablet), clock.now()) == registered.tablet.id
    tablet.reload()
    expect(tablet.locator("#digits")).to_be_visible()


def test_digits_and_squares_are_large_enough_for_two_metres_however_the_tablet_lies(
    tablet: Page, office_server: Deployment, registered: Registered
) -> None:
    pair(tablet, office_server, registered)
    for width, height in (UPRIGHT, (1280, 800), (1366, 768)):
        tablet.set_viewport_size({"width": width, "height": height})
        digits, squares = tablet.locator("#digits").bounding_box(), tablet.locator("#qr svg").bounding_box()
        assert digits is not None
        assert squares is not None
        assert digits["height"] > 0.11 * min(width, height)
        assert squares["width"] > 0.55 * min(width, height)
        for box in (digits, squares):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height


def test_a_tablet_turns_with_the_half_minute_by_itself(
    tablet: Page, office_server: Deployment, registered: Registered, dispatch: Dispatch
) -> None:
    tablet.clock.install()
    pair(tablet, office_server, registered)
    tablet.evaluate("window.never_reloaded = true")
    with tablet.expect_response("**/console/tablet/code"):
        tablet.clock.fast_forward(31_000)
    expect(tablet.locator("#digits")).to_be_visible()
    assert tablet.evaluate("window.never_reloaded")
    assert judge_code(dispatch.id, code_on(tablet), clock.now()) == registered.tablet.id


def test_without_network_a_tablet_says_so_and_shows_no_old_code(
    tablet: Page, office_server: Deployment, registered: Registered
) -> None:
    tablet.clock.install()
    pair(tablet, office_server, registered)
    tablet.context.set_offline(True)
    tablet.clock.fast_forward(40_000)
    expect(tablet.get_by_role("alert")).to_contain_text("网络中断")
    expect(tablet.locator("#digits")).to_be_hidden()
    expect(tablet.locator("#qr")).to_be_hidden()
    tablet.context.set_offline(False)
    tablet.clock.fast_forward(15_000)
    expect(tablet.locator("#digits")).to_be_visible()
    expect(tablet.get_by_text("网络中断")).to_be_hidden()


def test_a_revoked_tablet_says_so(
    tablet: Page, office_server: Deployment, county: County, registered: Registered
) -> None:
    tablet.clock.install()
    pair(tablet, office_server, registered)
    revoke_tablet(county.recipient, county.site.id, registered.tablet.id)
    assert db.session.get_one(SiteTablet, registered.tablet.id).revoked_at is not None
    tablet.clock.fast_forward(31_000)
    expect(tablet.get_by_role("alert")).to_contain_text("这台平板已停用")
    expect(tablet.locator("#digits")).to_be_hidden()


def test_the_page_is_legible(tablet: Page, office_server: Deployment, registered: Registered) -> None:
    pair(tablet, office_server, registered)
    assert flaws_of(tablet, 18) == []
