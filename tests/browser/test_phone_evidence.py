"""What proves a tap on the phone: the server's nonce, the installation, and the site's rotating code."""

from __future__ import annotations

import pytest

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.evidence import SiteTablet
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.taps import Reason, Verdict
from backend.domain.attendance.service.site_codes import code_shown
from backend.extensions import db
from backend.foundation import clock
from tests.browser.conftest import Taps
from tests.support.county import County
from tests.support.factories import make_tablet
from tests.support.miniprogram import FIVE_KILOMETRES_AWAY, MiniProgram

BETWEEN_INSIDE_AND_OUTSIDE = {"accuracy": 2000}


@pytest.fixture
def at_work(phone_app: MiniProgram, on_duty: Person) -> MiniProgram:
    """Return the phone of the doctor, logged in, with today on the screen."""
    phone_app.open()
    phone_app.log_in()
    phone_app.says("青石镇中心卫生院")
    return phone_app


@pytest.fixture
def code(phone_county: County) -> str:
    """Return what the tablet at the site shows now."""
    return code_shown(make_tablet(phone_county.site).id, clock.now())


def test_a_press_has_a_nonce_that_was_asked_for_before_the_place(at_work: MiniProgram, taps: Taps) -> None:
    sent = []
    at_work.page.on("request", lambda request: sent.append((request.method, request.url.split("/api/v1")[-1])))
    at_work.page.evaluate(
        "() => { const ask = wx.getLocation; wx.getLocation = (all) => (console.log('place'), ask(all)) }"
    )
    at_work.page.on("console", lambda message: sent.append(("", message.text)))
    at_work.check("签到")
    at_work.says("签到已记录，在点内")

    nonce, place, tap = ("POST", "/check-ins/nonces"), ("", "place"), ("POST", "/check-ins")
    assert [one for one in sent if one in (nonce, place, tap)] == [nonce, place, tap]
    [row] = taps()
    assert (row.outcome, row.reasons) == (Outcome.VERIFIED, [])


def test_a_nonce_that_could_not_be_had_costs_no_tap_but_certainty(at_work: MiniProgram, taps: Taps) -> None:
    at_work.page.route("**/check-ins/nonces", lambda route: route.abort())
    at_work.check("签到")
    at_work.says("签到已记录，在点内（存疑）")
    at_work.says("签到前没有取得服务器的校验")

    [tap] = taps()
    assert (tap.outcome, tap.reasons) == (Outcome.UNCERTAIN, [Reason.NONCE_MISSING])


def test_the_installation_is_named_once_and_for_all(at_work: MiniProgram, taps: Taps) -> None:
    at_work.check("签到")
    at_work.says("签到已记录")
    named = at_work.stored("installation")
    at_work.restart()
    at_work.check("签退")
    at_work.says("签退已记录")

    assert at_work.stored("installation") == named
    first, second = taps()
    assert first.installation_hash == second.installation_hash is not None


@pytest.mark.parametrize("by", ["camera", "digits"])
def test_without_a_place_the_sites_code_proves_presence(at_work: MiniProgram, taps: Taps, code: str, by: str) -> None:
    at_work.change(location="denied")
    at_work.check("签到")
    if by == "camera":
        at_work.show_camera(code)
        at_work.answer("扫派驻点动态码")
    else:
        at_work.answer("输入 8 位动态码")
        at_work.page.get_by_placeholder("派驻点平板上的 8 位数字").fill(code[:5])
        at_work.answer("确定")
        at_work.page.get_by_placeholder("派驻点平板上的 8 位数字").fill(code)
        at_work.answer("确定")
    at_work.says("已核对派驻点的动态码")

    [tap] = taps()
    assert (tap.outcome, tap.verdict) == (Outcome.VERIFIED, Verdict.UNCERTAIN)


def test_an_inexact_place_is_recorded_and_the_code_may_follow(at_work: MiniProgram, taps: Taps, code: str) -> None:
    at_work.change(**BETWEEN_INSIDE_AND_OUTSIDE)
    at_work.check("签到")
    at_work.says("签到已记录，位置不确定（存疑）")
    at_work.show_camera(code)
    at_work.button("扫派驻点动态码").click()
    at_work.says("已核对派驻点的动态码")

    assert [(tap.outcome, tap.effective) for tap in taps()] == [(Outcome.UNCERTAIN, False), (Outcome.VERIFIED, True)]


def test_a_code_that_the_tablet_no_longer_shows_is_said_and_can_be_read_again(
    at_work: MiniProgram, taps: Taps, phone_county: County, code: str
) -> None:
    at_work.change(location="denied")
    at_work.show_camera("00000000" if code != "00000000" else "11111111")
    at_work.check("签到")
    at_work.answer("扫派驻点动态码")
    at_work.says("签到没有被接受")
    assert taps() == []
    assert at_work.stored("waiting-taps") == []
    tablet = db.session.query(SiteTablet).filter_by(site_id=phone_county.site.id).one()
    at_work.show_camera(code_shown(tablet.id, clock.now()))
    at_work.button("扫派驻点动态码").click()
    at_work.says("已核对派驻点的动态码")

    assert [tap.outcome for tap in taps()] == [Outcome.VERIFIED]


def test_what_is_no_code_of_a_site_is_not_sent(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(location="denied")
    at_work.show_camera("https://example.cn/menu")
    at_work.check("签到")
    at_work.answer("扫派驻点动态码")
    at_work.page.get_by_text("这不是派驻点的动态码").wait_for()
    at_work.answer("知道了")
    at_work.says("签到")

    assert taps() == []


def test_no_code_is_asked_for_where_it_would_change_nothing(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(**FIVE_KILOMETRES_AWAY)
    at_work.check("签到")
    at_work.answer("仍要签到")
    at_work.says("签到已记录，不在点内（异常）")

    assert at_work.button("扫派驻点动态码").count() == 0
