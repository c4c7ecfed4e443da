"""The phone of who signs records: of thirty the clean ones together, the odd ones one by one, with reasons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record
from backend.extensions import db
from backend.foundation import clock
from tests.support.accounts import make_account
from tests.support.activities import make_record
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person
from tests.support.miniprogram import MiniProgram
from tests.support.timesheets import make_tap

SUBMITTED = RecordStatus.SUBMITTED


@pytest.fixture
def signer(phone_app: MiniProgram, phone_county: County) -> MiniProgram:
    """Return the phone of the director, started but not logged in: a test arranges first."""
    make_account(phone_county.director, phone_app.openid)
    phone_app.open()
    return phone_app


def record_thirty(county: County) -> None:
    """Let three people hand in thirty records: two are late, one is of a day on which nobody came."""
    yesterday = clock.today() - timedelta(days=1)
    dispatches = [
        make_dispatch(make_person(county.hospital, name), county.township) for name in ("吕芬春", "许文丽", "马福")
    ]
    for dispatch in dispatches:
        make_tap(dispatch, yesterday)
    for number in range(27):
        kind = (ActivityKind.LECTURE, ActivityKind.WARD_ROUND, ActivityKind.SURGERY_TAUGHT)[number % 3]
        make_record(dispatches[number % 3], kind, occurred_on=yesterday, status=SUBMITTED, quantity=number % 5 + 1)
    for _ in range(2):
        make_record(dispatches[0], occurred_on=yesterday, status=SUBMITTED, is_late=True, person_times=40)
    make_record(dispatches[1], occurred_on=yesterday - timedelta(days=1), status=SUBMITTED, person_times=0)


def count(county: County, status: RecordStatus) -> int:
    """Return how many there are at this township: other tests leave theirs in the same database."""
    db.session.expire_all()
    there = ActivityRecord.recipient_id == county.township.id, ActivityRecord.status == status
    return db.session.scalar(select(func.count()).select_from(ActivityRecord).where(*there)) or 0


def test_of_thirty_the_chosen_clean_ones_are_signed_together_and_the_odd_ones_opened(
    signer: MiniProgram, phone_county: County
) -> None:
    record_thirty(phone_county)
    signer.log_in()
    expect(signer.shown.locator(".errand", has_text="工作日志会签")).to_contain_text("30")
    signer.shown.locator(".errand", has_text="工作日志会签").click()
    signer.says("没有疑点 27 条")
    signer.says("需要留意 3 条，要逐条打开")
    signer.shown.get_by_role("checkbox").first.click()
    signer.button("会签选中的 26 条").click()
    signer.answer("会签")
    signer.says("已会签 26 条")
    signer.says("没有疑点 1 条")
    assert (count(phone_county, RecordStatus.COUNTERSIGNED), count(phone_county, SUBMITTED)) == (26, 4)

    signer.shown.locator(".waits", has_text="当天无在岗记录").click()
    signer.says("当天考勤：")
    signer.button("退回…").click()
    signer.shown.get_by_label("退回原因").fill("那天没有到岗，请核对日期")
    signer.button("退回").click()
    signer.says("已退回")
    signer.button("看下一条（还有 2 条要看）").click()
    signer.says("补记（交得晚）")
    signer.button("会签").click()
    signer.says("已会签")
    signer.says("看下一条（还有 1 条要看）")
    there = ActivityRecord.recipient_id == phone_county.township.id
    returned = db.session.scalars(
        select(ActivityRecord).where(there, ActivityRecord.status == RecordStatus.RETURNED)
    ).one()
    assert returned.return_reason == "那天没有到岗，请核对日期"


def test_an_edition_says_what_it_changed_and_one_that_was_signed_meanwhile_says_so(
    signer: MiniProgram, phone_county: County
) -> None:
    dispatch = make_dispatch(phone_county.doctor, phone_county.township)
    record = make_record(dispatch, occurred_on=clock.today(), details={"topic": "高血压规范管理", "person_times": 20})
    edition = amend_record(phone_county.visitor, record.id)
    edition.details = {"topic": "高血压规范管理", "person_times": 24}
    edition.status, edition.submitted_at = SUBMITTED, clock.now()
    db.session.commit()
    signer.log_in()
    signer.shown.locator(".errand", has_text="工作日志会签").click()
    signer.shown.locator(".waits", has_text="更正版本").click()
    signer.says("更正了什么（第 1 版 → 第 2 版）")
    expect(signer.shown.locator(".change")).to_contain_text("20人次 → 24人次")
    countersign_record(phone_county.recipient, edition.id, edition.version)
    signer.button("会签").click()
    signer.says("没有会签成功")
    signer.says("已会签")
    expect(signer.button("会签")).to_have_count(0)
