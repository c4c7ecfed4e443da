"""Logging in on the phone, being bound to the roster, roles, notices, and the way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.domain.accounts import service
from backend.domain.accounts.models import Account, BindingRequest, Person, RoleHolding
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.transaction import transaction
from tests.support.county import County
from tests.support.factories import make_dispatch
from tests.support.miniprogram import MiniProgram
from tests.support.standin import Standin


def fill_claim(phone: MiniProgram, name: str = "吕芬春", tail: str = "123x") -> None:
    """Share the phone number and fill in the two fields that everybody fills in."""
    phone.button("授权手机号").click()
    phone.answer("允许")
    expect(phone.button("✓ 已授权，可重新授权")).to_be_visible()
    phone.shown.get_by_label("姓名").fill(name)
    phone.shown.get_by_label("身份证号后四位").fill(tail)


@pytest.fixture
def stranger(phone_app: MiniProgram, phone_county: County) -> MiniProgram:
    """Return a phone whose owner is logged in and bound to nobody, on the page that binds."""
    make_dispatch(phone_county.doctor, phone_county.township, sites=[phone_county.site])
    phone_app.open()
    phone_app.log_in()
    phone_app.says("您是派驻人员吗？")
    phone_app.says("找专家门诊")
    phone_app.button("绑定我的身份").click()
    return phone_app


def test_number_name_and_last_four_together_bind_at_once(stranger: MiniProgram, phone_county: County) -> None:
    fill_claim(stranger)
    stranger.button("提交").click()
    stranger.says("吕芬春，绑定成功")
    stranger.button("开始使用").click()
    stranger.says("青石镇中心卫生院")

    account = db.session.scalars(select(Account).where(Account.openid == stranger.openid)).one()
    assert account.person_id == phone_county.doctor.id


def test_what_is_missing_is_said_at_its_field(stranger: MiniProgram) -> None:
    stranger.button("提交").click()
    stranger.says("请先按这个按钮")
    stranger.says("请填写姓名")
    stranger.says("请填写四位")


def test_who_refuses_the_phone_number_is_told_what_it_is_for(stranger: MiniProgram) -> None:
    stranger.button("授权手机号").click()
    stranger.answer("不允许")

    stranger.says("绑定需要核对手机号")


def test_one_who_is_not_matched_is_told_what_to_do_and_has_to_share_the_number_again(stranger: MiniProgram) -> None:
    fill_claim(stranger, name="吕芬芬")
    stranger.button("提交").click()

    stranger.says("没有对上名单")
    stranger.says("更换过手机号的，请同时填写机构代码和工号")
    expect(stranger.button("授权手机号")).to_be_visible()


def test_a_new_number_waits_for_medical_affairs_and_works_once_they_agree(
    stranger: MiniProgram, phone_county: County
) -> None:
    stranger.change(phone="13900009999")
    fill_claim(stranger)
    stranger.shown.get_by_role("switch").click()
    stranger.shown.get_by_label("机构代码").fill(phone_county.hospital.code)
    stranger.shown.get_by_label("工号").fill(phone_county.doctor.staff_number)
    stranger.button("提交").click()
    stranger.says("已提交，等待医务科审核")
    stranger.button("知道了").click()
    stranger.says("已提交，等待医务科审核")

    asked = select(BindingRequest).where(BindingRequest.person_id == phone_county.doctor.id)
    request = db.session.scalars(asked).one()
    service.decide_binding_request(phone_county.office, request.id, accept=True)
    stranger.restart()
    stranger.says("今天派驻到")


def test_the_current_role_is_switched_visibly_and_today_follows(
    phone_app: MiniProgram, on_duty: Person, phone_county: County
) -> None:
    db.session.add(RoleHolding(person_id=on_duty.id, organisation_id=phone_county.hospital.id, role=Role.EDUCATION))
    db.session.commit()
    phone_app.open()
    phone_app.log_in()
    phone_app.open_tab("我的")
    education = phone_app.shown.get_by_role("radio").filter(has_text="科教科")
    education.click()
    expect(education).to_have_attribute("aria-checked", "true")
    phone_app.open_tab("今天")

    phone_app.says("当前身份：科教科")


def test_logging_out_ends_the_session_and_nobody_is_logged_in_silently(phone_app: MiniProgram, on_duty: Person) -> None:
    phone_app.open()
    phone_app.log_in()
    phone_app.open_tab("我的")
    phone_app.says("吕芬春")
    phone_app.button("退出登录").click()
    phone_app.answer("退出")
    expect(phone_app.button("用微信登录")).to_be_visible()
    phone_app.restart()

    expect(phone_app.button("用微信登录")).to_be_visible()
    assert phone_app.stored("session") is None
    assert phone_app.stored("last-me") is None


def test_a_tap_that_waits_outlasts_logging_out(phone_app: MiniProgram, on_duty: Person) -> None:
    phone_app.open()
    phone_app.log_in()
    phone_app.says("青石镇中心卫生院")
    phone_app.change(online=False)
    phone_app.check("签到")
    phone_app.says("待上传 1 条")
    phone_app.open_tab("我的")
    phone_app.button("退出登录").click()
    phone_app.answer("退出")
    phone_app.says("还有 1 条签到没有上传")
    phone_app.change(online=True)
    phone_app.log_in()

    phone_app.says("在点内")
    phone_app.does_not_say("待上传")


def test_wechat_that_does_not_answer_is_said_and_a_second_try_works(
    phone_app: MiniProgram, on_duty: Person, standin: Standin
) -> None:
    standin.order("faults", kind="errcode", path="/sns/jscode2session", errcode=-1)
    phone_app.open()
    phone_app.log_in()
    phone_app.says("没有登录成功")
    standin.order("reset")
    phone_app.log_in()

    phone_app.says("青石镇中心卫生院")


def test_notices_are_counted_opened_and_read(phone_app: MiniProgram, on_duty: Person) -> None:
    with transaction():
        for number in range(25):
            notice = Notice(NoticeKind.DISPATCH_CHANGED, f"派驻有变更 {number}", "请查看新的派驻时间。")
            owe_notice(on_duty.id, notice, dedupe_key=f"{on_duty.id} {number}")
    phone_app.open()
    phone_app.log_in()
    phone_app.button("25 条未读消息").click()
    phone_app.says("派驻有变更 24")
    phone_app.shown.get_by_text("派驻有变更 24").click()
    expect(phone_app.shown.get_by_text("未读")).to_have_count(19)
    phone_app.button("更早的消息").scroll_into_view_if_needed()
    phone_app.says("派驻有变更 0")
    phone_app.open_tab("今天")

    phone_app.says("24 条未读消息")
