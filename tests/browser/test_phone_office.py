"""The phone of who signs: what waits, clean sheets together, doubts settled by name, requests decided, delegation."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.accounts.service import give_delegation
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.taps import CheckInReview
from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.evidence import Confirmation
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import REQUEST_STATUS_LABELS, LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.attendance.service.amendments import Change, request_amendment
from backend.domain.attendance.service.leave import LeaveDraft, request_leave
from backend.domain.attendance.service.timesheets import countersign_timesheet, submit_timesheet
from backend.domain.dispatch.rules import Shift
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.accounts import make_account
from tests.support.county import County
from tests.support.factories import acting, make_person, make_setting
from tests.support.lived_months import LivedMonth, live_month
from tests.support.miniprogram import MiniProgram
from tests.support.pictures import PNG


@pytest.fixture
def signer(phone_app: MiniProgram, phone_county: County) -> MiniProgram:
    """Return the phone of the director, started but not logged in: a test arranges first."""
    make_account(phone_county.director, phone_app.openid)
    phone_app.open()
    return phone_app


def hand_in(county: County, person: Person, *, doubt: bool = False, gap: bool = False) -> LivedMonth:
    lived = live_month(county, person, doubt=doubt, gap=gap)
    submit_timesheet(acting(person, Role.STAFF), lived.dispatch.id, lived.month, 0)
    return lived


def sheet_of(lived: LivedMonth) -> Timesheet:
    db.session.expire_all()
    return db.session.query(Timesheet).filter_by(dispatch_id=lived.dispatch.id).one()


def open_errand(phone: MiniProgram, name: str) -> None:
    phone.log_in()
    phone.shown.locator(".errand", has_text=name).click()


def open_sheet(phone: MiniProgram, name: str) -> None:
    phone.shown.get_by_role("button").filter(has_text=name).click()
    phone.says("应出勤 天")


def test_of_thirty_sheets_the_clean_ones_are_signed_together_and_the_others_stay(
    signer: MiniProgram, phone_county: County
) -> None:
    clean = [hand_in(phone_county, make_person(phone_county.hospital, f"周文{number}")) for number in range(28)]
    doubtful = [
        hand_in(phone_county, make_person(phone_county.hospital, f"马福{number}"), doubt=True) for number in range(2)
    ]
    signer.log_in()
    expect(signer.shown.locator(".errand", has_text="考勤表会签")).to_contain_text("30")
    signer.shown.locator(".errand", has_text="考勤表会签").click()
    signer.button("会签选中的 28 张").click()
    signer.answer("会签")
    signer.says("已会签 28 张")
    signer.says("有异常 2 张，要逐张打开")

    assert {sheet_of(lived).status for lived in clean} == {TimesheetStatus.COUNTERSIGNED}
    assert {sheet_of(lived).countersigned_by_person_id for lived in clean} == {phone_county.director.id}
    assert {sheet_of(lived).status for lived in doubtful} == {TimesheetStatus.SUBMITTED}


def test_with_no_sheet_it_says_so(signer: MiniProgram) -> None:
    signer.log_in()
    expect(signer.shown.get_by_text("没有待办")).to_have_count(5)
    signer.shown.locator(".errand", has_text="考勤表会签").click()
    signer.says("没有要会签的考勤表")


def test_one_that_somebody_else_signed_meanwhile_is_left_and_said(signer: MiniProgram, phone_county: County) -> None:
    first, second = (hand_in(phone_county, make_person(phone_county.hospital, name)) for name in ("周文一", "周文二"))
    open_errand(signer, "考勤表会签")
    signer.says("没有异常 2 张")
    sheet = sheet_of(first)
    countersign_timesheet(phone_county.recipient, sheet.id, sheet.version)
    signer.button("会签选中的 2 张").click()
    signer.answer("会签")
    signer.says("已会签 1 张，1 张没有会签")
    signer.says("周文一：")

    assert sheet_of(second).status is TimesheetStatus.COUNTERSIGNED


@pytest.mark.parametrize(
    ("button", "answer", "confirmation", "served"),
    [("当时在岗", "在岗", Confirmation.PRESENT, "4"), ("不在岗", "不在岗", Confirmation.ABSENT, "3.5")],
)
def test_a_doubt_is_settled_by_name_and_then_the_sheet_is_signed(
    signer: MiniProgram, phone_county: County, button: str, answer: str, confirmation: Confirmation, served: str
) -> None:
    lived = hand_in(phone_county, phone_county.doctor, doubt=True)
    open_errand(signer, "考勤表会签")
    open_sheet(signer, "吕芬春")
    signer.says("还有 1 条存疑，逐条现场确认后才能会签")
    expect(signer.button("会签")).to_have_count(0)
    signer.button(button).click()
    signer.page.get_by_role("dialog").get_by_text(f"吕芬春{answer}？").wait_for()
    signer.answer(answer)
    signer.does_not_say("请现场确认")
    expect(signer.shown.locator(".figure").nth(1)).to_have_text(served)
    signer.button("会签").click()
    signer.answer("会签")
    signer.says("已会签")
    signer.says("校验码")

    assert lived.doubtful is not None
    review = db.session.get_one(CheckInReview, lived.doubtful.id)
    assert (review.confirmation, review.confirmed_by_person_id) == (confirmation, phone_county.director.id)
    assert sheet_of(lived).status is TimesheetStatus.COUNTERSIGNED


def test_a_sheet_is_given_back_with_a_reason_that_outlasts_a_bad_network(
    signer: MiniProgram, phone_county: County
) -> None:
    lived = hand_in(phone_county, phone_county.doctor, gap=True)
    open_errand(signer, "考勤表会签")
    open_sheet(signer, "吕芬春")
    signer.says("未计出勤 1 次")
    signer.button("退回更正…").click()
    signer.button("退回").click()
    signer.says("请先填写")
    signer.shown.get_by_label("退回原因").fill("请补签上午")
    signer.change(online=False)
    signer.button("退回").click()
    signer.says("现在没有网络")
    signer.page.get_by_role("button", name="返回").click()
    signer.change(online=True)
    open_sheet(signer, "吕芬春")
    signer.button("退回更正…").click()
    expect(signer.shown.get_by_label("退回原因")).to_have_value("请补签上午")
    signer.button("退回").click()
    signer.says("已退回，等本人更正")

    assert (sheet_of(lived).status, sheet_of(lived).return_reason) == (TimesheetStatus.RETURNED, "请补签上午")


def test_two_who_sign_at_once_are_told_and_see_what_there_is(signer: MiniProgram, phone_county: County) -> None:
    lived = hand_in(phone_county, phone_county.doctor)
    open_errand(signer, "考勤表会签")
    open_sheet(signer, "吕芬春")
    sheet = sheet_of(lived)
    countersign_timesheet(phone_county.recipient, sheet.id, sheet.version)
    signer.button("会签").click()
    signer.answer("会签")
    signer.says("校验码")
    expect(signer.button("会签")).to_have_count(0)


def test_taps_are_confirmed_on_the_spot_before_the_month_is_over(signer: MiniProgram, phone_county: County) -> None:
    lived = live_month(phone_county, phone_county.doctor, doubt=True)
    open_errand(signer, "签到现场确认")
    signer.says("吕芬春")
    signer.shown.get_by_role("button", name="吕芬春").filter(has_text="不在岗").click()
    signer.answer("先不")
    signer.shown.get_by_role("button", name="吕芬春").get_by_text("在岗", exact=True).click()
    signer.answer("在岗")
    signer.says("没有要确认的签到")

    assert lived.doubtful is not None
    assert db.session.get_one(CheckInReview, lived.doubtful.id).confirmation is Confirmation.PRESENT


@pytest.fixture
def asked(phone_county: County) -> tuple[CorrectionRequest, LeaveRequest]:
    """Return a correction and a leave that the doctor has asked for."""
    lived = live_month(phone_county, phone_county.doctor, gap=True)
    correction = CorrectionRequest(
        dispatch_id=lived.dispatch.id,
        person_id=phone_county.doctor.id,
        duty_on=lived.days[2],
        shift=Shift.MORNING,
        kind=CheckInKind.IN,
        happened_at=datetime.combine(lived.days[2], time(8, 5), SHANGHAI),
        reason="手机没电，当时在门诊",
    )
    db.session.add(correction)
    db.session.commit()
    day = lived.days[3]
    span = LeaveSpan(day, Shift.AFTERNOON, day, Shift.AFTERNOON)
    draft = LeaveDraft(lived.dispatch.id, LeaveKind.PERSONAL, span, "家中有事", frozenset())
    return correction, request_leave(phone_county.visitor, draft, key=None).leave


def test_requests_are_decided(
    signer: MiniProgram, asked: tuple[CorrectionRequest, LeaveRequest], phone_county: County
) -> None:
    correction, leave = asked
    open_errand(signer, "请假、补签审批")
    signer.shown.locator(".card", has_text="手机没电").get_by_role("button", name="同意").click()
    signer.answer("同意")
    signer.does_not_say("手机没电")
    request = signer.shown.locator(".card", has_text="家中有事")
    request.get_by_role("button", name="退回…").click()
    request.get_by_label("退回原因").fill("当天有义诊")
    request.get_by_role("button", name="退回", exact=True).click()
    signer.says("没有要审批的申请")
    signer.shown.get_by_role("radio", name="全部").click()
    signer.says("退回原因：当天有义诊")

    db.session.expire_all()
    assert db.session.get_one(CorrectionRequest, correction.id).status is RequestStatus.ACCEPTED
    assert db.session.get_one(LeaveRequest, leave.id).status is RequestStatus.REJECTED


def test_a_request_that_was_withdrawn_meanwhile_is_said(
    signer: MiniProgram, asked: tuple[CorrectionRequest, LeaveRequest], phone_county: County
) -> None:
    correction, _leave = asked
    open_errand(signer, "请假、补签审批")
    signer.says("手机没电")
    correction.status, correction.version = RequestStatus.CANCELLED, correction.version + 1
    db.session.commit()
    signer.shown.locator(".card", has_text="手机没电").get_by_role("button", name="同意").click()
    signer.answer("同意")

    signer.does_not_say("手机没电")


def test_the_director_sees_other_work_than_the_doctor(signer: MiniProgram, phone_county: County) -> None:
    signer.log_in()
    signer.says("受援院长")
    expect(signer.shown.locator(".big")).to_have_count(0)
    expect(signer.button("授权代签")).to_be_visible()


def test_a_director_names_who_signs_and_takes_it_back(signer: MiniProgram, phone_county: County) -> None:
    deputy = make_person(phone_county.township, "赵华", roles=[])
    signer.log_in()
    signer.button("授权代签").click()
    signer.says("还没有授权代签")
    signer.button("授权").click()
    signer.says("请选代签的人")
    signer.shown.get_by_role("button", name="代签人").click()
    dialog = signer.page.get_by_role("dialog")
    dialog.locator("select").select_option(label=f"赵华 主治医师 {deputy.staff_number}")
    signer.answer("确定")
    signer.button("授权").click()
    signer.answer("授权")
    signer.says("生效中")
    signer.says("郑明卫 授权")
    held = db.session.query(RoleHolding).filter_by(person_id=deputy.id, role=Role.DELEGATE)
    assert held.one().organisation_id == phone_county.township.id
    signer.button("收回").click()
    signer.answer("收回")
    signer.says("还没有授权代签")
    db.session.rollback()
    assert held.count() == 0


def test_a_delegate_signs_by_their_current_role_and_names_nobody(phone_app: MiniProgram, phone_county: County) -> None:
    deputy = make_person(phone_county.township, "赵华", roles=[])
    today = clock.today()
    give_delegation(phone_county.recipient, person_id=deputy.id, starts_on=today, ends_on=today)
    make_account(deputy, phone_app.openid)
    lived = hand_in(phone_county, phone_county.doctor)
    phone_app.open()
    open_errand(phone_app, "考勤表会签")
    phone_app.button("会签选中的 1 张").click()
    phone_app.answer("会签")
    phone_app.says("已会签 1 张")
    assert sheet_of(lived).countersigned_as is Role.DELEGATE
    phone_app.page.get_by_role("button", name="返回").click()
    phone_app.button("授权代签").click()
    phone_app.says("生效中")
    expect(phone_app.button("收回")).to_have_count(0)
    phone_app.does_not_say("新的授权")


@pytest.fixture
def signed(phone_county: County) -> LivedMonth:
    """Return a countersigned month of the doctor."""
    lived = hand_in(phone_county, phone_county.doctor, gap=True)
    sheet = sheet_of(lived)
    countersign_timesheet(phone_county.recipient, sheet.id, sheet.version)
    return lived


def open_signed(phone: MiniProgram) -> None:
    open_errand(phone, "考勤表会签")
    phone.shown.get_by_role("radio", name="按月看").click()
    phone.button("上个月").click()
    open_sheet(phone, "吕芬春")


@pytest.mark.parametrize(("accepts", "status"), [(True, RequestStatus.ACCEPTED), (False, RequestStatus.REJECTED)])
def test_a_later_change_is_countersigned_by_itself(
    signer: MiniProgram, phone_county: County, signed: LivedMonth, accepts: bool, status: RequestStatus
) -> None:
    change = Change(
        duty_on=signed.days[2],
        shift=Shift.MORNING,
        after=Standing.LEAVE,
        leave_kind=LeaveKind.OFFICIAL,
        reason="当天回院开会",
    )
    amendment = request_amendment(phone_county.office, sheet_of(signed).id, change)
    open_signed(signer)
    signer.says("未签到 → 公出")
    if accepts:
        signer.button("会签更正").click()
    else:
        signer.button("退回…").click()
        signer.shown.get_by_label("退回原因").fill("没有通知")
        signer.button("退回").click()
    signer.says(REQUEST_STATUS_LABELS[status])
    db.session.expire_all()

    assert db.session.get_one(TimesheetAmendment, amendment.id).status is status


def test_the_signed_and_stamped_paper_is_attached_as_a_photo(
    signer: MiniProgram, phone_county: County, signed: LivedMonth
) -> None:
    make_setting(phone_county.hospital, "attendance.timesheet_needs_scan", "是")
    open_signed(signer)
    signer.says("还要附上签字盖章的扫描件")
    with signer.page.expect_file_chooser() as choosing:
        signer.button("附签字盖章的扫描件").click()
    choosing.value.set_files({"name": "考勤表.png", "mimeType": "image/png", "buffer": PNG})
    signer.says("已附签字盖章的扫描件")

    assert sheet_of(signed).scan_id is not None


def test_ones_own_sheet_is_for_another_to_sign(phone_app: MiniProgram, phone_county: County) -> None:
    phone_county.doctor.roles.append(RoleHolding(organisation_id=phone_county.township.id, role=Role.DIRECTOR))
    db.session.commit()
    make_account(phone_county.doctor, phone_app.openid)
    hand_in(phone_county, phone_county.doctor)
    phone_app.open()
    phone_app.log_in()
    phone_app.open_tab("我的")
    director = phone_app.shown.get_by_role("radio").filter(has_text="受援院长")
    director.click()
    expect(director).to_have_attribute("aria-checked", "true")
    phone_app.open_tab("今天")
    phone_app.shown.locator(".errand", has_text="考勤表会签").click()
    phone_app.says("您不能签的 1 张")
    open_sheet(phone_app, "吕芬春")
    phone_app.says("要由其他签字人会签")

    expect(phone_app.button("会签")).to_have_count(0)
