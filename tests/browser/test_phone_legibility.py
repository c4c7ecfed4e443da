"""Every page of the phone can be read and pressed: on a small screen, and with the largest letters too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attendance.service.timesheets import submit_timesheet
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.transaction import transaction
from tests.support.accounts import make_account
from tests.support.activities import make_record
from tests.support.clinics import link_patient, make_booking, make_clinic, make_patient
from tests.support.county import County
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.legibility import flaws_of
from tests.support.lived_months import live_month
from tests.support.miniprogram import FIVE_KILOMETRES_AWAY, MiniProgram
from tests.support.spot_checks import make_spot_check

SMALLEST_PX = 18
NARROWEST = (320, 568, 23)  # with the largest letters: where something does not fit, it does not fit here
OTHERS = [pytest.param(screen, marks=pytest.mark.slow) for screen in ((390, 844, 16), (320, 568, 14))]


@pytest.fixture(params=[NARROWEST, *OTHERS], ids=lambda screen: "{}×{} at {} px".format(*screen))
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
    assert flaws_of(phone.page, SMALLEST_PX) == []


def visit(phone: MiniProgram, button: str, text: str) -> None:
    """Open a page by its button, look at it with and without a network, and come back."""
    phone.button(button).click()
    phone.says(text)
    is_legible(phone)
    go_back(phone)
    phone.change(online=False)
    phone.button(button).click()
    phone.says("现在没有网络")
    is_legible(phone)
    go_back(phone)
    phone.change(online=True)


def go_back(phone: MiniProgram) -> None:
    phone.page.get_by_role("button", name="返回").click()


@pytest.mark.usefixtures("phone_county")
def test_pages_that_patients_see(phone: MiniProgram) -> None:
    phone.says("登录后会用到什么")
    is_legible(phone)
    phone.log_in()
    phone.says("您是派驻人员吗？")
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


def test_pages_on_which_patients_book(phone: MiniProgram, phone_county: County) -> None:
    expert = make_person(phone_county.hospital, "古丽努尔·阿卜杜热西提", title="主任医师")
    make_dispatch(expert, phone_county.township, sites=[phone_county.site])
    account, patient = make_account(None, phone.openid), make_patient("罗桂兰")
    link_patient(account, patient)
    for_days = [
        make_clinic(expert, phone_county.site, held_on=clock.today() + timedelta(days=day)) for day in (1, 2, 3)
    ]
    for clinic in for_days[:2]:
        make_booking(clinic, patient, account=account)
    db.session.commit()
    close_clinic(phone_county.office, for_days[0].id, 1, ClosureDraft(ClosureReason.CALLED_BACK, "医院有紧急手术。"))
    phone.log_in()
    for opened, text in (("去答复", "要这个号"), ("我的预约", "要去的"), ("就诊人", "社会保障卡")):
        phone.shown.get_by_role("button").filter(has_text=opened).first.click()
        phone.says(text)
        is_legible(phone)
        go_back(phone)
    is_legible(phone)
    phone.shown.locator(".booking").click()
    phone.says("到了请给服务台扫这个码")
    is_legible(phone)
    go_back(phone)
    phone.button("找专家门诊").click()
    phone.says("停诊")
    is_legible(phone)
    phone.button("按日期、地点找").click()
    phone.says("看哪位专家")
    is_legible(phone)
    phone.button("查找").click()
    phone.shown.locator(".clinic", has_text="停诊").last.click()
    phone.says("医院有紧急手术")
    is_legible(phone)
    phone.shown.locator(".clinic").last.click()
    phone.says("选几点来")
    is_legible(phone)
    phone.shown.get_by_role("button").filter(has_text="预约 09:00").click()
    phone.says("给谁预约")
    phone.change(online=False)
    phone.button("确认预约").click()
    phone.says("没有收到答复")
    is_legible(phone)
    phone.button("添加就诊人").click()
    phone.shown.get_by_role("radio").filter(has_text="户口簿").click()
    phone.button("添加").click()
    phone.says("请选出生日期")
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
    # At noon a departure is still of the morning, and the big button goes on asking for one.
    phone.shown.get_by_role("button").filter(has_text="签退").first.click()
    phone.answer("仍要签退")
    phone.says("待上传 1 条")
    is_legible(phone)
    phone.change(online=True, location="denied")
    phone.restart()
    phone.says("没有位置权限")
    is_legible(phone)
    visit(phone, "我的本月考勤", "应出勤 天")
    visit(phone, "我的日志", "更早的记录")
    visit(phone, "请假、补签", "还没有请过假")
    visit(phone, "查岗记录", "还没有查岗")
    phone.open_tab("消息")
    phone.shown.get_by_text("您的派驻有变更").first.click()
    is_legible(phone)
    phone.open_tab("我的")
    phone.says("当前身份")
    is_legible(phone)


def test_the_month_with_what_has_to_be_explained_and_mended(phone: MiniProgram, phone_county: County) -> None:
    live_month(phone_county, phone_county.doctor, doubt=True, gap=True)
    make_account(phone_county.doctor, phone.openid)
    phone.log_in()
    phone.button("我的本月考勤").click()
    phone.button("上个月").click()
    phone.says("需要处理 2 条")
    is_legible(phone)
    phone.shown.locator(".exception", has_text="存疑").click()
    phone.button("提交说明").click()
    phone.says("请先填写")
    is_legible(phone)
    go_back(phone)
    phone.shown.locator(".exception", has_text="未签到").click()
    phone.button("申请补签").click()
    phone.button("提交").click()
    phone.says("请写明原因")
    is_legible(phone)


def test_the_form_of_a_leave(phone: MiniProgram, on_duty: Person) -> None:
    phone.log_in()
    phone.button("请假、补签").click()
    phone.button("我要请假").click()
    expect(phone.button("提交")).to_be_enabled()
    with phone.page.expect_file_chooser() as choosing:
        phone.button("拍照或选照片").click()
    choosing.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    phone.says("没有传成")
    phone.button("提交").click()
    phone.says("请选请假种类")
    is_legible(phone)


def test_the_form_of_a_record_and_the_record(phone: MiniProgram, on_duty: Person) -> None:
    phone.log_in()
    phone.button("记一条").click()
    phone.says("门诊与查房")
    is_legible(phone)
    phone.button("疑难病例讨论").click()
    phone.button("提交会签").click()
    phone.says("请填写诊断")
    is_legible(phone)
    phone.shown.get_by_label("诊断").fill("患者王建国，男，56岁，急性脑梗死")
    phone.change(online=False)
    with phone.page.expect_file_chooser() as choosing:
        phone.button("拍照：签到表").click()
    choosing.value.set_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    phone.says("会和这条记录一起上传")
    phone.button("先存草稿").click()
    phone.says("已保存在手机里")
    is_legible(phone)
    go_back(phone)
    phone.button("我的日志").click()
    phone.says("在手机里 1 条")
    phone.change(online=True)
    phone.says("没有被接受")
    is_legible(phone)
    phone.shown.get_by_role("button").filter(has_text="修改").click()
    phone.shown.get_by_role("button", name="移除第 1 个文件").click()
    phone.button("先存草稿").click()
    phone.button("知道了").click()
    phone.shown.locator(".card", has_text="草稿").click()
    phone.says("全名“王建国”")
    is_legible(phone)


def test_a_spot_check(phone: MiniProgram, on_duty: Person) -> None:
    make_spot_check(on_duty)
    phone.change(location="denied")
    phone.log_in()
    phone.button("用定位应答").click()
    phone.says("小程序没有位置权限")
    is_legible(phone)


def test_pages_of_who_signs(phone: MiniProgram, phone_county: County) -> None:
    make_account(phone_county.director, phone.openid)
    doctor, other = phone_county.doctor, make_person(phone_county.hospital, "古丽努尔·阿卜杜热西提")
    for person, doubt in ((doctor, True), (other, False)):
        lived = live_month(phone_county, person, doubt=doubt, gap=doubt)
        submit_timesheet(acting(person, Role.STAFF), lived.dispatch.id, lived.month, 0)
        make_record(lived.dispatch, occurred_on=lived.days[0], status=RecordStatus.SUBMITTED, is_late=doubt)
    phone.log_in()
    phone.says("考勤表会签")
    is_legible(phone)
    for errand, text in (("考勤表会签", "要逐张打开"), ("请假、补签审批", "没有要审批"), ("签到现场确认", "吕芬春")):
        phone.shown.locator(".errand", has_text=errand).click()
        phone.says(text)
        is_legible(phone)
        go_back(phone)
    phone.shown.locator(".errand", has_text="工作日志会签").click()
    phone.says("要逐条打开")
    is_legible(phone)
    phone.shown.locator(".waits", has_text="补记").click()
    phone.button("退回…").click()
    phone.says("退回原因")
    is_legible(phone)
    go_back(phone)
    go_back(phone)
    visit(phone, "授权代签", "还没有授权代签")
    phone.shown.locator(".errand", has_text="考勤表会签").click()
    phone.shown.locator(".waits", has_text="吕芬春").get_by_role("button").click()
    phone.button("退回更正…").click()
    phone.says("退回原因")
    is_legible(phone)
