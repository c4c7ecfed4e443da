"""One's own month on the phone: what is in it, what is explained and mended, handing it in, and what became of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.models.taps import CheckInReview
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.attendance.service.corrections import decide_correction
from backend.domain.attendance.service.reviews import phone_page
from backend.domain.attendance.service.timesheets import countersign_timesheet, return_timesheet, submit_timesheet
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction
from tests.support.accounts import make_account
from tests.support.county import County
from tests.support.factories import make_dispatch
from tests.support.lived_months import LivedMonth, live_month
from tests.support.miniprogram import MiniProgram


def open_last_month(phone: MiniProgram) -> None:
    phone.open()
    phone.log_in()
    phone.button("我的本月考勤").click()
    phone.button("上个月").click()


def sheet_of(lived: LivedMonth) -> Timesheet:
    db.session.expire_all()
    return db.session.query(Timesheet).filter_by(dispatch_id=lived.dispatch.id).one()


@pytest.fixture
def lived(phone_county: County, phone_app: MiniProgram) -> LivedMonth:
    """Return the doctor's last month: an afternoon in doubt, a morning missed; the phone shows it."""
    month = live_month(phone_county, phone_county.doctor, doubt=True, gap=True)
    make_account(phone_county.doctor, phone_app.openid)
    open_last_month(phone_app)
    phone_app.says("需要处理 2 条")
    return month


def line(phone: MiniProgram, label: str) -> None:
    phone.shown.locator(".exception", has_text=label).click()


def test_the_month_shows_each_shift_and_what_it_comes_to(phone_app: MiniProgram, lived: LivedMonth) -> None:
    phone_app.says(f"{lived.month.year}年{lived.month.month}月")
    expect(phone_app.shown.locator(".figure")).to_have_text(["4", "3", "0"])
    day = lived.days[1]
    row = phone_app.shown.get_by_role("button", name=f"{day.month}月{day.day}日").filter(has_text="√")
    expect(row).to_have_accessible_name(re.compile("上午在岗，下午存疑"))


def test_a_doubtful_tap_is_explained_and_what_was_typed_outlasts_a_bad_network(
    phone_app: MiniProgram, lived: LivedMonth
) -> None:
    line(phone_app, "存疑")
    phone_app.button("提交说明").click()
    phone_app.says("请先填写")
    phone_app.shown.get_by_label("说明情况").fill("下村义诊，\n在李家坪村卫生室")
    phone_app.change(online=False)
    phone_app.button("提交说明").click()
    phone_app.says("现在没有网络")
    phone_app.page.get_by_role("button", name="返回").click()
    line(phone_app, "存疑")
    expect(phone_app.shown.get_by_label("说明情况")).to_have_value("下村义诊，\n在李家坪村卫生室")
    phone_app.change(online=True)
    phone_app.button("提交说明").click()
    phone_app.says("本人说明：下村义诊， 在李家坪村卫生室")
    expect(phone_app.shown.get_by_label("补充说明")).to_have_value("")

    assert lived.doubtful is not None
    assert db.session.get_one(CheckInReview, lived.doubtful.id).explanation == "下村义诊， 在李家坪村卫生室"
    phone_app.page.get_by_role("button", name="返回").click()
    expect(phone_app.shown.locator(".exception", has_text="存疑")).to_contain_text("已说明")


def test_a_correction_is_asked_for_from_the_day_and_counts_once_it_is_accepted(
    phone_app: MiniProgram, phone_county: County, lived: LivedMonth
) -> None:
    line(phone_app, "未签到")
    phone_app.button("申请补签").click()
    phone_app.button("提交").click()
    phone_app.says("请写明原因")
    phone_app.shown.get_by_label("原因", exact=True).fill("手机没电，当时在门诊")
    phone_app.shown.get_by_role("button", name="实际时间").click()
    phone_app.page.locator(".preview-sheet input").fill("08:10")
    phone_app.answer("确定")
    with phone_app.losing_answers("**/correction-requests") as statuses:
        phone_app.button("提交").click()
        phone_app.says("没有提交成功")
    assert statuses == [201]
    phone_app.button("提交").click()
    phone_app.says("补签已提交，待审批")
    phone_app.button("知道了").click()
    phone_app.says("补签待审批")

    asked = db.session.query(CorrectionRequest).filter_by(dispatch_id=lived.dispatch.id).one()
    assert (asked.duty_on, clock.local(asked.happened_at).hour, asked.reason) == (
        lived.days[2],
        8,
        "手机没电，当时在门诊",
    )
    decide_correction(phone_county.recipient, asked.id, asked.version, accept=True)
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.says("需要处理 1 条")


def test_what_the_server_refuses_is_said_and_nothing_that_was_typed_is_lost(
    phone_app: MiniProgram, phone_county: County, lived: LivedMonth
) -> None:
    line(phone_app, "未签到")
    phone_app.button("申请补签").click()
    phone_app.shown.get_by_label("原因", exact=True).fill("手机没电")
    submit_timesheet(phone_county.visitor, lived.dispatch.id, lived.month, 0)
    phone_app.button("提交").click()
    phone_app.says("该月考勤表已提交，不能再改动")

    expect(phone_app.shown.get_by_label("原因", exact=True)).to_have_value("手机没电")


def test_a_request_is_taken_back(phone_app: MiniProgram, lived: LivedMonth) -> None:
    line(phone_app, "未签到")
    phone_app.button("申请补签").click()
    phone_app.shown.get_by_label("原因", exact=True).fill("手机没电")
    phone_app.button("提交").click()
    phone_app.button("知道了").click()
    phone_app.button("补签待审批，查看").click()
    phone_app.shown.get_by_role("radio", name="补签").click()
    phone_app.button("撤销").click()
    phone_app.answer("撤销")
    phone_app.says("已撤销")

    asked = db.session.query(CorrectionRequest).filter_by(dispatch_id=lived.dispatch.id).one()
    assert asked.status is RequestStatus.CANCELLED


def test_the_month_is_handed_in_once_and_countersigned_by_somebody_else(
    phone_app: MiniProgram, phone_county: County, lived: LivedMonth
) -> None:
    phone_app.shown.get_by_label("备注").fill("11 日起轮换")
    phone_app.button("提交考勤表").click()
    phone_app.answer("提交")
    phone_app.says("已提交，等待会签")
    sheet = sheet_of(lived)
    assert (sheet.status, sheet.remark) == (TimesheetStatus.SUBMITTED, "11 日起轮换")
    return_timesheet(phone_county.recipient, sheet.id, sheet.version, reason="请补签一次")
    phone_app.page.evaluate("__preview.pullDown()")
    phone_app.says("已退回，请更正后重新提交")
    phone_app.says("退回原因：请补签一次")
    phone_app.button("提交考勤表").click()
    phone_app.answer("提交")
    phone_app.says("已提交，等待会签")


def test_what_is_countersigned_says_by_whom_and_how_to_verify_it(phone_app: MiniProgram, phone_county: County) -> None:
    month = live_month(phone_county, phone_county.doctor)
    make_account(phone_county.doctor, phone_app.openid)
    sheet = submit_timesheet(phone_county.visitor, month.dispatch.id, month.month, 0).timesheet
    assert sheet is not None
    countersign_timesheet(phone_county.recipient, sheet.id, sheet.version)
    open_last_month(phone_app)
    phone_app.says("已会签")
    phone_app.says("郑明卫（受援院长）")
    phone_app.says(f"校验码 {sheet_of(month).verification_code}")
    phone_app.does_not_say("提交考勤表")
    phone_app.button("看考勤表（PDF）").click()
    file = phone_app.page.get_by_role("link", name="在浏览器中打开").get_attribute("href")
    read = "address => fetch(address).then((file) => file.text()).then((text) => text.slice(0, 5))"
    assert phone_app.page.evaluate(read, file) == "%PDF-"
    phone_app.answer("关闭")


def test_a_month_that_is_not_over_says_so(phone_app: MiniProgram, on_duty: object) -> None:
    phone_app.open()
    phone_app.log_in()
    phone_app.button("我的本月考勤").click()
    phone_app.says("还不能提交")


def test_a_month_without_a_dispatch_says_so(phone_app: MiniProgram, phone_county: County) -> None:
    make_account(phone_county.doctor, phone_app.openid)
    phone_app.open(launch="doctor/month/index")
    phone_app.button("用微信登录").click()
    phone_app.button("我的本月考勤").click()
    phone_app.says("这个月没有派驻")


def test_a_server_that_does_not_answer_is_said_and_asked_again(phone_app: MiniProgram, lived: LivedMonth) -> None:
    phone_app.page.route("**/timesheets?**", lambda route: route.fulfill(status=503, body="busy"))
    phone_app.page.evaluate("__preview.pullDown()")
    phone_app.says("没有读到最新的考勤")
    phone_app.says("需要处理 2 条")
    phone_app.page.unroute("**/timesheets?**")
    phone_app.button("重新读取").click()
    phone_app.does_not_say("没有读到最新的考勤")


def test_who_was_at_two_places_in_a_month_has_two_sheets(phone_app: MiniProgram, phone_county: County) -> None:
    lived = live_month(phone_county, phone_county.doctor)
    after = lived.days[-1] + timedelta(days=1)
    make_dispatch(phone_county.doctor, phone_county.other_township, starts_on=after, ends_on=after + timedelta(days=3))
    make_account(phone_county.doctor, phone_app.openid)
    open_last_month(phone_app)
    other = phone_app.shown.get_by_role("radio", name="元坝镇中心卫生院")
    other.click()
    expect(other).to_have_attribute("aria-checked", "true")
    phone_app.says("还不能提交")
    phone_app.shown.get_by_role("radio", name="青石镇中心卫生院").click()

    expect(phone_app.button("提交考勤表")).to_be_visible()


def test_nothing_that_was_typed_stays_for_the_next_person(phone_app: MiniProgram, lived: LivedMonth) -> None:
    phone_app.shown.get_by_label("备注").fill("家里的事")
    name = f"draft:remark:{lived.dispatch.id}:{lived.month:%Y-%m}"
    assert phone_app.stored(name) == "家里的事"
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.open_tab("我的")
    phone_app.button("退出登录").click()
    phone_app.answer("退出")
    expect(phone_app.button("用微信登录")).to_be_visible()

    assert phone_app.stored(name) is None


def test_a_notice_opens_what_it_is_about(phone_app: MiniProgram, lived: LivedMonth) -> None:
    assert lived.doubtful is not None
    with transaction():
        notice = Notice(NoticeKind.TAP_QUESTIONED, "请说明一次签到", "请补充说明。", phone_page(lived.doubtful))
        owe_notice(lived.doubtful.person_id, notice, dedupe_key="one")
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.open_tab("消息")
    phone_app.shown.get_by_text("请说明一次签到").click()
    phone_app.button("去看看").click()

    expect(phone_app.button("提交说明")).to_be_visible()


def test_two_stays_at_one_place_are_told_apart(phone_app: MiniProgram, phone_county: County) -> None:
    after = live_month(phone_county, phone_county.doctor).days[-1] + timedelta(days=1)
    make_dispatch(phone_county.doctor, phone_county.township, starts_on=after, ends_on=after + timedelta(days=3))
    make_account(phone_county.doctor, phone_app.openid)
    open_last_month(phone_app)
    phone_app.says("青石镇中心卫生院（第 1 段）")
    phone_app.says("青石镇中心卫生院（第 2 段）")
