"""Every page of the phone can be read and pressed: on a small screen, and with the largest letters too."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.notifications.rules import Notice, NoticeKind
from backend.domain.notifications.service import owe_notice
from backend.foundation.transaction import transaction
from tests.support.miniprogram import FIVE_KILOMETRES_AWAY, MiniProgram

FLAWS = (Path(__file__).parent / "legibility.js").read_text(encoding="utf-8")
SMALLEST_PX = 18
SCREENS = [(390, 844, 16), (320, 568, 14), (320, 568, 23)]


@pytest.fixture(params=SCREENS, ids=lambda screen: "{}×{} at {} px".format(*screen))
def letters(request: pytest.FixtureRequest) -> tuple[int, int, int]:
    """Return a screen's width and height, and the size of letters that its owner likes."""
    size: tuple[int, int, int] = request.param
    return size


@pytest.fixture
def screen(letters: tuple[int, int, int]) -> tuple[int, int]:
    """Return the phone's width and height."""
    return letters[:2]


@pytest.fixture
def phone(phone_app: MiniProgram, letters: tuple[int, int, int]) -> MiniProgram:
    """Return a phone of that size, started."""
    phone_app.open(fontSize=letters[2])
    return phone_app


def is_legible(phone: MiniProgram) -> None:
    assert phone.page.evaluate(f"({FLAWS})({SMALLEST_PX})") == []


@pytest.mark.usefixtures("phone_county")
def test_pages_that_patients_see(phone: MiniProgram) -> None:
    phone.says("登录后会用到什么")
    is_legible(phone)
    phone.log_in()
    phone.says("您是患者吗？")
    is_legible(phone)
    phone.button("绑定我的身份").click()
    phone.shown.get_by_role("switch").click()
    phone.button("提交").click()
    phone.says("请填写工号")
    is_legible(phone)
    phone.page.get_by_role("button", name="返回").click()
    phone.open_tab("消息")
    phone.says("还没有消息")
    is_legible(phone)
    phone.open_tab("我的")
    phone.says("还没有绑定身份")
    is_legible(phone)


def test_pages_that_doctors_see(phone: MiniProgram, on_duty: Person) -> None:
    with transaction():
        for number in range(3):
            notice = Notice(NoticeKind.DISPATCH_CHANGED, "您的派驻有变更，请注意" * 3, "请查看新的派驻时间。" * 20)
            owe_notice(on_duty.id, notice, dedupe_key=f"{on_duty.id} {number}")
    phone.log_in()
    phone.says("在签到范围内")
    is_legible(phone)
    expect(phone.shown.locator(".big")).to_be_in_viewport()
    phone.check("签到")
    phone.says("签到已记录")
    phone.change(**FIVE_KILOMETRES_AWAY)
    phone.check("签退")
    phone.answer("仍要签退")
    phone.says("签退已记录")
    phone.change(online=False)
    phone.button("再次签退").click()
    phone.answer("仍要签退")
    phone.says("待上传 1 条")
    is_legible(phone)
    phone.change(online=True, location="denied")
    phone.restart()
    phone.says("没有位置权限")
    is_legible(phone)
    phone.button("我的本月考勤").click()
    phone.says("应出勤 天")
    is_legible(phone)
    phone.page.get_by_role("button", name="返回").click()
    phone.open_tab("消息")
    phone.shown.get_by_text("您的派驻有变更").first.click()
    is_legible(phone)
    phone.open_tab("我的")
    phone.says("当前身份")
    is_legible(phone)
