"""Being asked on the phone where one is: the ways to answer, the time that runs, and a word about what was missed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import AnswerMeans, SpotCheckKind, SpotCheckStatus
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.attendance.service.site_codes import code_shown
from backend.extensions import db
from backend.foundation import clock
from tests.support.county import County
from tests.support.factories import make_tablet
from tests.support.miniprogram import FIVE_KILOMETRES_AWAY, MiniProgram
from tests.support.spot_checks import make_spot_check

Ask = Callable[..., SpotCheck]


@pytest.fixture
def ask(on_duty: Person) -> Ask:
    """Return what asks the doctor where they are, a moment ago unless told otherwise."""

    def ask(kind: SpotCheckKind = SpotCheckKind.PRESENCE, **columns: object) -> SpotCheck:
        return make_spot_check(on_duty, kind, **columns)

    return ask


@pytest.fixture
def phone(phone_app: MiniProgram, on_duty: Person) -> MiniProgram:
    """Return the doctor's phone, logged in."""
    phone_app.open()
    phone_app.log_in()
    phone_app.says("今天派驻到")
    return phone_app


def now_is(check: SpotCheck) -> SpotCheck:
    db.session.expire_all()
    return db.session.get_one(SpotCheck, check.id)


def show(phone: MiniProgram) -> None:
    """Come back to the mini-program, as one does who read WeChat's message."""
    phone.restart()
    phone.says("您现在在")


def test_it_is_on_top_of_today_with_its_time_running_from_when_it_was_seen(phone: MiniProgram, ask: Ask) -> None:
    check = ask(sent_at=clock.now() - timedelta(minutes=30))
    show(phone)
    expect(phone.shown.locator("wx-spot-check .clock")).to_have_text(re.compile(r"^1[45]:\d\d$"))

    seen = now_is(check)
    assert seen.status is SpotCheckStatus.DELIVERED
    assert seen.delivered_at is not None
    assert seen.answer_by == seen.delivered_at + timedelta(minutes=15)


def test_one_press_answers_with_the_place(phone: MiniProgram, ask: Ask) -> None:
    check = ask()
    show(phone)
    phone.button("用定位应答").click()
    phone.says("查岗已应答（定位，在点内）")
    phone.does_not_say("您现在在")

    answered = now_is(check)
    assert (answered.status, answered.verdict) == (SpotCheckStatus.ANSWERED, Verdict.INSIDE)


def test_far_away_it_is_recorded_as_it_is(phone: MiniProgram, ask: Ask) -> None:
    check = ask()
    phone.change(**FIVE_KILOMETRES_AWAY)
    show(phone)
    phone.button("用定位应答").click()
    phone.says("查岗已应答（定位，不在点内）")
    phone.says("可以到“查岗记录”里说明情况")

    assert now_is(check).verdict is Verdict.OUTSIDE


def test_without_a_place_the_sites_code_answers(phone: MiniProgram, ask: Ask, phone_county: County) -> None:
    check, tablet = ask(), make_tablet(phone_county.site)
    phone.change(location="denied")
    show(phone)
    phone.button("用定位应答").click()
    phone.says("小程序没有位置权限")
    phone.show_camera(code_shown(tablet.id, clock.now()))
    phone.button("扫派驻点动态码").click()
    phone.says("查岗已应答（动态码")

    assert now_is(check).answer_means is AnswerMeans.CODE


@pytest.mark.parametrize(("said", "means"), [("正在手术", AnswerMeans.SURGERY), ("正在门诊", AnswerMeans.CLINIC)])
def test_who_operates_or_sees_patients_says_so(phone: MiniProgram, ask: Ask, said: str, means: AnswerMeans) -> None:
    check = ask()
    show(phone)
    phone.button("正在手术 / 门诊").click()
    phone.answer(said)
    phone.says(f"查岗已应答（{said}）")

    assert now_is(check).answer_means is means


def test_in_the_evening_it_asks_for_the_lodging(phone: MiniProgram, ask: Ask) -> None:
    ask(SpotCheckKind.RESIDENCE)
    show(phone)
    phone.says("您现在在派驻地住宿吗")

    expect(phone.button("正在手术 / 门诊")).to_have_count(0)


def test_without_network_it_says_what_else_one_can_do(phone: MiniProgram, ask: Ask) -> None:
    check = ask()
    show(phone)
    phone.change(online=False)
    phone.button("用定位应答").click()
    phone.says("也可以请派驻单位用座机打给医务科")
    phone.change(online=True)
    phone.button("用定位应答").click()
    phone.says("查岗已应答")

    assert now_is(check).status is SpotCheckStatus.ANSWERED


def test_once_its_time_is_over_it_says_where_to_explain(phone: MiniProgram, ask: Ask) -> None:
    now = clock.now()
    ask(status=SpotCheckStatus.DELIVERED, delivered_at=now, answer_by=now + timedelta(seconds=4))
    phone.restart()
    phone.says("应答时间已过")

    expect(phone.button("用定位应答")).to_have_count(0)


def test_a_missed_one_is_explained(phone: MiniProgram, ask: Ask) -> None:
    past = clock.now() - timedelta(hours=2)
    check = ask(status=SpotCheckStatus.MISSED, sent_at=past, delivered_at=past, answer_by=past + timedelta(minutes=15))
    phone.button("查岗记录").click()
    phone.says("未应答")
    phone.shown.get_by_label("说明情况").fill("正在抢救病人")
    phone.button("提交说明").click()
    phone.says("本人说明：正在抢救病人")

    assert now_is(check).explanation == "正在抢救病人"


def test_who_was_never_asked_is_told_how_it_goes(phone: MiniProgram) -> None:
    phone.button("查岗记录").click()
    phone.says("还没有查岗")
