"""The phone at the end of a dispatch, on the narrowest screen with the largest letters: the summary, the hospital's
opinions, and the signature."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from backend.domain.accounts.models import Person
from backend.domain.attendance.service.timesheets import countersign_timesheet, submit_timesheet
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.domain.careers.service.evaluations import write_part
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.accounts import make_account
from tests.support.county import County
from tests.support.evaluations import OF_DEPARTMENT, OF_RECIPIENT, OF_SUPPORTING, SUMMARY, make_evaluation
from tests.support.factories import acting
from tests.support.legibility import flaws_of
from tests.support.lived_months import live_month
from tests.support.miniprogram import MiniProgram

SMALLEST_PX, LARGEST_LETTERS = 18, 23


@pytest.fixture
def screen() -> tuple[int, int]:
    """Return the narrowest phone."""
    return 320, 568


@pytest.fixture
def evaluation(phone_county: County) -> Evaluation:
    return make_evaluation(signed_month(phone_county, phone_county.director))


def signed_month(county: County, director: Person) -> Dispatch:
    """Return four days of last month, countersigned."""
    lived = live_month(county, county.doctor)
    sheet = submit_timesheet(acting(county.doctor, Role.STAFF), lived.dispatch.id, lived.month, 0)
    assert sheet.timesheet is not None
    countersign_timesheet(acting(director, Role.DIRECTOR), sheet.timesheet.id, sheet.timesheet.version)
    return lived.dispatch


def stands(evaluation: Evaluation) -> Evaluation:
    db.session.expire_all()
    return db.session.get_one(Evaluation, evaluation.id)


def open_as(phone: MiniProgram, person: Person) -> None:
    make_account(person, phone.openid)
    phone.open(fontSize=LARGEST_LETTERS)
    phone.log_in()


def is_legible(phone: MiniProgram) -> None:
    assert flaws_of(phone.page, SMALLEST_PX) == []


def test_the_summary_is_written_and_later_the_whole_signed(
    phone_app: MiniProgram, phone_county: County, evaluation: Evaluation
) -> None:
    open_as(phone_app, phone_county.doctor)
    phone_app.button("派驻鉴定（1 份要办理）").click()
    phone_app.shown.get_by_role("button").filter(has_text="待本人总结").click()
    phone_app.says("4天")
    phone_app.button("提交并签名").click()
    phone_app.says("请先填写。")
    phone_app.shown.get_by_label("个人总结").fill("按时到岗，完成门诊和带教。")
    phone_app.shown.get_by_label("拟申报职称").fill("副主任医师")
    is_legible(phone_app)
    phone_app.button("提交并签名").click()
    phone_app.says("待接收科室填写")
    written = stands(evaluation)
    assert (written.title_applied, written.parts[0].opinion) == ("副主任医师", "按时到岗，完成门诊和带教。")

    write_part(phone_county.recipient, evaluation.id, 2, OF_DEPARTMENT)
    write_part(phone_county.recipient, evaluation.id, 3, OF_RECIPIENT)
    write_part(phone_county.office, evaluation.id, 4, replace(OF_SUPPORTING, grade=Grade.EXCELLENT))
    db.session.commit()
    phone_app.restart()
    phone_app.button("派驻鉴定（1 份要办理）").click()
    phone_app.shown.get_by_role("button").filter(has_text="待本人签字").click()
    phone_app.says("同意受援单位意见。")
    is_legible(phone_app)
    phone_app.button("签字确认").click()
    phone_app.answer("签字")
    phone_app.says("鉴定已完成")
    signed = stands(evaluation)
    assert (signed.status, signed.grade) == (EvaluationStatus.COMPLETED, Grade.EXCELLENT)


def test_the_director_writes_both_parts_or_gives_it_back(
    phone_app: MiniProgram, phone_county: County, evaluation: Evaluation
) -> None:
    write_part(phone_county.visitor, evaluation.id, 1, SUMMARY)
    db.session.commit()
    open_as(phone_app, phone_county.director)
    phone_app.shown.locator(".errand", has_text="派驻鉴定").click()
    phone_app.shown.get_by_role("button").filter(has_text="吕芬春").click()
    phone_app.shown.get_by_label("接收科室意见").fill("带教认真")
    phone_app.button("提交并签名").click()
    phone_app.says("请填写科室负责人的姓名。")
    phone_app.shown.get_by_label("科室负责人姓名").fill("冯敏月")
    phone_app.button("提交并签名").click()
    phone_app.says("待受援医院填写")
    phone_app.shown.get_by_label("受援医院意见").fill("同意")
    phone_app.shown.get_by_role("radio", name="优秀", exact=False).click()
    is_legible(phone_app)
    phone_app.button("提交并签名").click()
    phone_app.says("待支援医院填写")
    expect(phone_app.shown.get_by_role("button", name="提交并签名")).to_have_count(0)
    assert [part.part for part in stands(evaluation).parts] == ["self", "department", "recipient"]
