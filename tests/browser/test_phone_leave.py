"""Asking for leave on the phone: with photos of the papers, over a bad network, and what became of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.service.leave import reject_leave
from backend.domain.dispatch.rules import Shift
from backend.extensions import db
from backend.foundation import clock
from tests.support.county import County
from tests.support.miniprogram import MiniProgram
from tests.support.pictures import PNG


def leaves_of(person: Person) -> list[LeaveRequest]:
    db.session.expire_all()
    return list(db.session.query(LeaveRequest).filter_by(person_id=person.id))


@pytest.fixture
def form(phone_app: MiniProgram, on_duty: Person) -> MiniProgram:
    """Return the phone of the doctor with the form before them."""
    phone_app.open()
    phone_app.log_in()
    phone_app.button("请假、补签").click()
    phone_app.says("还没有请过假")
    phone_app.button("我要请假").click()
    expect(phone_app.button("提交")).to_be_enabled()
    return phone_app


def test_sick_leave_with_its_paper_is_asked_for(form: MiniProgram, on_duty: Person) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    form.choose("请假种类", "病假")
    form.says("请附诊断证明")
    form.choose("开始日期", tomorrow.isoformat())
    form.choose("结束日期", (tomorrow + timedelta(days=1)).isoformat())
    form.choose("到哪个班次为止", "上午")
    form.shown.get_by_label("事由").fill("急性阑尾炎")
    form.add_photo()
    form.says("已上传")
    form.button("提交").click()
    form.says("请假已提交，待审批")
    form.button("知道了").click()
    form.says("急性阑尾炎")
    expect(form.button("看证明")).to_be_visible()

    [leave] = leaves_of(on_duty)
    assert (leave.kind, leave.starts_on, leave.starts_with) == (LeaveKind.SICK, tomorrow, Shift.MORNING)
    assert (leave.ends_on, leave.ends_with) == (tomorrow + timedelta(days=1), Shift.MORNING)
    assert [(file.filename, file.size) for file in leave.attachments] == [("照片.png", len(PNG))]


def test_what_is_missing_is_said_at_its_field(form: MiniProgram, on_duty: Person) -> None:
    form.button("提交").click()
    form.says("请选请假种类")
    form.says("请写明事由")

    assert leaves_of(on_duty) == []


def test_a_photo_that_did_not_arrive_is_sent_again_and_nothing_else_is_lost(form: MiniProgram, on_duty: Person) -> None:
    form.choose("请假种类", "事假")
    form.shown.get_by_label("事由").fill("家中有事")
    form.change(online=False)
    form.add_photo()
    form.says("没有传成")
    form.button("提交").click()
    form.says("还有照片没有传完")
    form.change(online=True)
    form.button("重传").click()
    form.says("已上传")
    with form.losing_answers("**/leave-requests") as statuses:
        form.button("提交").click()
        form.says("没有提交成功")
    assert statuses == [201]
    form.page.get_by_role("button", name="返回").click()
    form.button("我要请假").click()
    expect(form.shown.get_by_label("事由")).to_have_value("家中有事")
    form.button("提交").click()
    form.says("请假已提交")

    [leave] = leaves_of(on_duty)
    assert (leave.reason, len(leave.attachments)) == ("家中有事", 1)


def test_what_is_no_picture_is_said_and_can_be_removed(form: MiniProgram, on_duty: Person) -> None:
    form.choose("请假种类", "事假")
    form.shown.get_by_label("事由").fill("家中有事")
    form.add_photo(content=b"GIF89a, not what it says")
    form.says("没有传成")
    form.says("JPG")
    form.shown.get_by_role("button", name="移除照片 1").click()
    form.button("提交").click()
    form.says("请假已提交")

    assert [len(leave.attachments) for leave in leaves_of(on_duty)] == [0]


def test_the_paper_is_shown_to_who_asked(form: MiniProgram) -> None:
    form.choose("请假种类", "病假")
    form.shown.get_by_label("事由").fill("感冒发烧")
    form.add_photo()
    form.says("已上传")
    form.button("提交").click()
    form.button("知道了").click()
    form.button("看证明").click()

    expect(form.page.locator(".preview-picture")).to_have_attribute("src", re.compile("^blob:"))
    form.answer("关闭")


def test_why_it_was_given_back_is_said(form: MiniProgram, on_duty: Person, phone_county: County) -> None:
    form.choose("请假种类", "事假")
    form.shown.get_by_label("事由").fill("家中有事")
    form.button("提交").click()
    form.says("请假已提交")
    [leave] = leaves_of(on_duty)
    reject_leave(phone_county.recipient, leave.id, leave.version, reason="当天有义诊，请换一天")
    form.button("知道了").click()
    form.says("退回原因：当天有义诊，请换一天")

    assert leaves_of(on_duty)[0].status is RequestStatus.REJECTED
