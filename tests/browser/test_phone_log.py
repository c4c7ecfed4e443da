"""Logging what was done on the phone: in a few taps, without a network, and mended after it was given back."""

from __future__ import annotations

import re
from datetime import timedelta

import requests
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.showing import values_of
from backend.domain.activities.rules.kinds import ActivityKind, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.countersigning import return_record
from backend.domain.attachments.models import Attachment
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from tests.support.activities import make_record
from tests.support.county import County
from tests.support.miniprogram import MiniProgram
from tests.support.standin import Standin


def records_of(person: Person) -> list[ActivityRecord]:
    db.session.expire_all()
    return list(db.session.query(ActivityRecord).filter_by(person_id=person.id).order_by(ActivityRecord.id))


def begin(phone: MiniProgram, kind: str) -> None:
    phone.button("记一条").click()
    phone.button(kind).click()
    phone.says("照片和文件")


def go_back(phone: MiniProgram) -> None:
    phone.page.get_by_role("button", name="返回").click()


def test_a_lecture_of_yesterday_is_logged_in_a_few_taps(phone_app: MiniProgram, on_duty: Person) -> None:
    phone_app.open()
    phone_app.log_in()
    phone_app.says("本周已记 0 条")
    begin(phone_app, "讲座")
    phone_app.shown.get_by_role("radio", name="昨天").click()
    phone_app.button("提交会签").click()
    phone_app.says("请填写题目")
    assert records_of(on_duty) == []
    phone_app.shown.get_by_label("题目").fill("高血压规范管理")
    phone_app.shown.get_by_role("radio", name="医护人员").click()
    # As keyboards for Chinese give them.
    phone_app.shown.get_by_label("听课人次").fill("３２")
    phone_app.add_photo("拍照：签到表")
    phone_app.says("已上传")
    phone_app.button("提交会签").click()
    phone_app.says("等青石镇中心卫生院会签")
    [record] = records_of(on_duty)
    assert (record.kind, record.status) == (ActivityKind.LECTURE, RecordStatus.SUBMITTED)
    assert (record.occurred_on, record.person_times) == (clock.today() - timedelta(days=1), 32)
    assert [file.proof for file in record.files] == [Proof.SIGN_IN_SHEET]

    phone_app.button("再记一条").click()
    phone_app.shown.get_by_role("button", name="讲座").first.click()
    phone_app.button("照上次填").click()
    expect(phone_app.shown.get_by_role("radio", name=re.compile("医护人员"))).to_have_attribute("aria-checked", "true")
    go_back(phone_app)
    phone_app.button("我的日志").click()
    phone_app.shown.locator(".card", has_text="待会签").click()
    phone_app.button("看照片 照片.png").click()
    expect(phone_app.page.locator(".preview-picture")).to_have_attribute("src", re.compile("^blob:"))
    phone_app.answer("关闭")
    phone_app.button("撤回修改").click()
    phone_app.answer("撤回")
    expect(phone_app.button("修改")).to_be_visible()
    assert records_of(on_duty)[0].status is RecordStatus.DRAFT


def test_without_a_network_a_record_and_its_photo_wait_and_arrive_once(phone_app: MiniProgram, on_duty: Person) -> None:
    phone_app.open()
    phone_app.log_in()
    begin(phone_app, "门诊")
    go_back(phone_app)
    phone_app.change(online=False)
    begin(phone_app, "门诊")
    phone_app.shown.get_by_label("上午").fill("18")
    phone_app.add_photo("拍照：现场照片")
    phone_app.says("会和这条记录一起上传")
    phone_app.button("提交会签").click()
    phone_app.says("已保存在手机里")
    phone_app.restart()
    phone_app.says("1 条在手机里等待上传")
    with phone_app.losing_answers("**/api/v1/activities") as statuses:
        phone_app.change(online=True)
        phone_app.button("我的日志").click()
        phone_app.button("立即上传").click()
        phone_app.says("上次没有传成")
    assert 201 in statuses
    phone_app.button("立即上传").click()
    phone_app.says("待会签")
    phone_app.does_not_say("在手机里")

    [record] = records_of(on_duty)
    assert (record.status, record.quantity, len(record.files)) == (RecordStatus.SUBMITTED, 18, 1)
    assert db.session.query(Attachment).filter_by(uploaded_by_person_id=on_duty.id).count() == 1


def test_what_was_given_back_is_mended_and_who_a_patient_is_is_asked_about_first(
    phone_app: MiniProgram, on_duty: Person, phone_county: County, standin: Standin
) -> None:
    dispatch = db.session.query(Dispatch).filter_by(person_id=on_duty.id).one()
    details = {"diagnosis": "脑梗死"}
    record = make_record(
        dispatch, ActivityKind.CONSULTATION, status=RecordStatus.SUBMITTED, title="脑梗死", details=details
    )
    return_record(phone_county.recipient, record.id, record.version, reason="请补写会诊意见")
    phone_app.open()
    phone_app.log_in()
    phone_app.says("退回 1 条")
    phone_app.button("我的日志").click()
    phone_app.says("退回原因：请补写会诊意见")
    phone_app.shown.get_by_text("打开修改").click()
    phone_app.button("修改").click()
    opinion = phone_app.shown.get_by_label("会诊意见")
    opinion.fill("患者王建国，男，56岁，建议转上级医院。")
    phone_app.button("提交会签").click()
    phone_app.says("提交前请看一下")
    phone_app.says("全名“王建国”")
    [changed] = records_of(on_duty)
    assert changed.status is RecordStatus.DRAFT  # nobody else reads the name
    opinion.fill("患者王某，建议转上级医院。")
    standin.order("faults", kind="http", path="/wxa/msg_sec_check")
    phone_app.button("提交会签").click()
    phone_app.says("微信内容检查暂时不可用")
    requests.delete(f"{standin.url}/standin/faults", timeout=10)
    phone_app.button("打开这条记录").click()
    phone_app.button("再提交一次").click()
    phone_app.says("待会签")

    [mended] = records_of(on_duty)
    assert (mended.status, values_of(mended)["opinion"]) == (RecordStatus.SUBMITTED, "患者王某，建议转上级医院。")
