"""Checking in on the phone: what the doctor sees, and what the database holds then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from backend.domain.accounts.models import Person, Session
from backend.domain.attendance.rules.taps import CheckInKind, Reason, Verdict
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation import clock
from tests.browser.conftest import Taps
from tests.support.accounts import make_account
from tests.support.county import County
from tests.support.factories import make_dispatch, make_setting
from tests.support.miniprogram import FIVE_KILOMETRES_AWAY, MiniProgram

WAITING = "waiting-taps"


@pytest.fixture
def at_work(phone_app: MiniProgram, on_duty: Person) -> MiniProgram:
    """Return the phone of the doctor, logged in, with today on the screen."""
    phone_app.open()
    phone_app.log_in()
    phone_app.says("青石镇中心卫生院")
    return phone_app


def wait_on_phone(phone: MiniProgram, minutes: int) -> None:
    """Let the tap that waits have been made some minutes ago, with all that the phone noted then."""

    def earlier(text: str) -> str:
        return (datetime.fromisoformat(text) - timedelta(minutes=minutes)).isoformat(timespec="milliseconds")

    waiting = phone.stored(WAITING)
    for tap in waiting:
        tap["tappedAt"] = earlier(tap["tappedAt"])
        tap["serverClock"] = {name: earlier(at) for name, at in tap["serverClock"].items()}
    phone.store(WAITING, waiting)


def test_one_press_at_the_site_is_a_row_inside_and_leaving_is_another(
    phone_app: MiniProgram, phone_county: County, taps: Taps
) -> None:
    one_shift = WeeklyPattern.of(range(1, 8), [Shift.MORNING])  # at noon one arrives for the second of two
    make_dispatch(phone_county.doctor, phone_county.township, sites=[phone_county.site], pattern=one_shift)
    make_account(phone_county.doctor, phone_app.openid)
    phone_app.open()
    phone_app.log_in()
    phone_app.says("在签到范围内")
    phone_app.check("签到")
    phone_app.says("签到已记录，在点内")
    phone_app.check("签退")
    phone_app.says("签退已记录，在点内")
    phone_app.says("已签到签退")

    assert [(tap.kind, tap.verdict, tap.late) for tap in taps()] == [
        (CheckInKind.IN, Verdict.INSIDE, False),
        (CheckInKind.OUT, Verdict.INSIDE, False),
    ]


def test_far_from_the_site_it_is_said_before_and_recorded_all_the_same(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(**FIVE_KILOMETRES_AWAY)
    at_work.restart()
    at_work.says("不在签到范围内")
    at_work.check("签到")
    at_work.page.get_by_placeholder("可以写明原因").fill(" 下村义诊 ")
    at_work.answer("仍要签到")
    at_work.says("签到已记录，不在点内")
    at_work.says("定位不在派驻点范围内")

    [tap] = taps()
    assert tap.verdict is Verdict.OUTSIDE
    assert tap.distance_m == pytest.approx(4944, abs=5)
    assert tap.note == "下村义诊"


@pytest.mark.parametrize(
    ("location", "said", "reason"),
    [
        ("denied", "没有位置权限", Reason.LOCATION_DENIED),
        ("off", "手机定位没有打开", Reason.LOCATION_MISSING),
        ("timeout", "暂时定不了位", Reason.LOCATION_MISSING),
    ],
)
def test_without_a_place_one_is_told_what_to_do_and_can_check_in(
    at_work: MiniProgram, location: str, said: str, reason: Reason, taps: Taps
) -> None:
    at_work.change(location=location)
    at_work.restart()
    at_work.says(said)
    at_work.check("签到")
    at_work.answer("没有码，仍要签到")
    at_work.says("签到已记录，位置不确定")

    [tap] = taps()
    assert (tap.verdict, tap.reasons) == (Verdict.UNCERTAIN, [reason])


def test_who_would_rather_not_check_in_without_a_place_has_not(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(location="denied")
    at_work.check("签到")
    at_work.answer("取消")
    at_work.says("没有位置权限")

    assert taps() == []
    assert not at_work.stored(WAITING)


def test_allowing_the_place_in_the_settings_helps_at_once(at_work: MiniProgram) -> None:
    at_work.change(location="denied")
    at_work.restart()
    at_work.button("打开设置").click()
    at_work.page.get_by_role("dialog").get_by_role("checkbox").check()
    at_work.answer("完成")

    at_work.says("在签到范围内")


def test_a_tap_without_network_waits_survives_a_restart_and_is_sent_late_once(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(online=False)
    at_work.check("签到")
    at_work.says("等待上传")
    at_work.restart()
    at_work.says("待上传 1 条")
    wait_on_phone(at_work, minutes=10)
    assert taps() == []

    at_work.change(online=True)
    at_work.does_not_say("待上传")
    at_work.says("离线签到，事后补传")

    [tap] = taps()
    assert (tap.late, tap.verdict, tap.reasons) == (True, Verdict.UNCERTAIN, [Reason.LATE_UPLOAD])
    assert tap.phone_at is not None
    assert timedelta(minutes=9) < clock.now() - tap.phone_at < timedelta(minutes=12)


def test_taps_without_network_are_sent_in_their_order(at_work: MiniProgram, taps: Taps) -> None:
    at_work.change(online=False)
    at_work.check("签到")
    at_work.says("待上传 1 条")
    at_work.check("签退")
    at_work.says("待上传 2 条")
    at_work.change(online=True)
    at_work.does_not_say("待上传")

    assert [tap.kind for tap in taps()] == [CheckInKind.IN, CheckInKind.OUT]


def test_a_press_whose_answer_was_lost_is_one_row(at_work: MiniProgram, taps: Taps) -> None:
    with at_work.losing_answers("**/check-ins") as statuses:
        at_work.check("签到")
        at_work.says("等待上传")
    at_work.button("立即上传").click()
    at_work.does_not_say("待上传")

    assert statuses == [201]
    assert len(taps()) == 1


def test_a_press_whose_answer_was_lost_is_one_row_even_when_sent_again_as_a_late_one(
    at_work: MiniProgram, taps: Taps
) -> None:
    with at_work.losing_answers("**/check-ins"):
        at_work.check("签到")
        at_work.says("等待上传")
    wait_on_phone(at_work, minutes=10)
    at_work.button("立即上传").click()
    at_work.does_not_say("待上传")

    [tap] = taps()
    assert not tap.late
    assert at_work.stored(WAITING) == []


def test_pressing_twice_is_one_row(at_work: MiniProgram, taps: Taps) -> None:
    at_work.shown.locator(".big", has_text="签到").dblclick()
    at_work.says("签到已记录")

    assert len(taps()) == 1


@pytest.mark.parametrize("ended", ["access token", "session"])
def test_a_session_that_ended_meanwhile_costs_no_tap(at_work: MiniProgram, ended: str, taps: Taps) -> None:
    now = clock.now()
    values = {"access_expires_at": now} if ended == "access token" else {"ended_at": now}
    db.session.execute(update(Session).values(**values))
    db.session.commit()
    at_work.check("签到")
    at_work.says("签到已记录，在点内")

    assert len(taps()) == 1


def test_what_the_server_refuses_is_shown_until_it_is_dismissed(
    at_work: MiniProgram, phone_county: County, taps: Taps
) -> None:
    make_setting(phone_county.hospital, "attendance.late_upload_days", 3)
    at_work.change(online=False)
    at_work.check("签到")
    at_work.says("待上传 1 条")
    wait_on_phone(at_work, minutes=60 * 24 * 30)
    at_work.change(online=True)
    at_work.says("这次离线签到已超过补传期限")
    at_work.restart()
    at_work.says("这次离线签到已超过补传期限")
    at_work.shown.get_by_text("知道了").click()
    at_work.does_not_say("未被接受")

    assert taps() == []
    assert at_work.stored(WAITING) == []


def test_one_who_is_not_sent_today_is_told_when_next(phone_app: MiniProgram, phone_county: County) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    make_dispatch(
        phone_county.doctor,
        phone_county.township,
        pattern=WeeklyPattern.of([tomorrow.isoweekday()]),
        sites=[phone_county.site],
    )
    make_account(phone_county.doctor, phone_app.openid)
    phone_app.open()
    phone_app.log_in()

    phone_app.says("今天没有派驻任务")
    phone_app.says(f"下一次：{tomorrow.month}月{tomorrow.day}日")
    expect(phone_app.shown.locator(".big")).to_have_count(0)


def test_started_without_network_on_another_day_it_takes_the_last_known_posting(
    at_work: MiniProgram, taps: Taps
) -> None:
    today = at_work.stored("last-today")
    yesterday = clock.today() - timedelta(days=1)
    at_work.store("last-today", today | {"day": yesterday.isoformat(), "taps": []})
    at_work.change(online=False)
    at_work.restart()
    at_work.says("今天的安排还没有读到")
    at_work.check("签到")
    at_work.says("待上传 1 条")
    at_work.change(online=True)
    at_work.does_not_say("待上传")

    [tap] = taps()
    assert tap.duty_on == clock.today()


def test_what_was_recorded_is_known_even_if_the_network_goes_right_after(at_work: MiniProgram) -> None:
    at_work.page.route("**/me/today", lambda route: route.abort())
    at_work.check("签到")
    at_work.says("签到已记录，在点内")

    at_work.says("今天的记录")
    expect(at_work.shown.locator(".big", has_text="签退")).to_be_visible()
