"""Weeks of records and indicators of organisations, in a real browser on the office's screen: much, and nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from backend.domain.activities.queries.weeks import monday_of
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.foundation import clock
from tests.support.accounts import give_password
from tests.support.activities import make_record
from tests.support.browser import log_in_as
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import look
from tests.support.timesheets import make_taps

NAMES = ["郑芳丽", "段怀山", "欧阳文静", "尉迟远", "金珊珊", "毕成林", "葛红梅", "饶学军"]


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


def live_last_week(county: County) -> None:
    """Send eight people for last week, who record more and more of it."""
    monday = monday_of(clock.today()) - timedelta(days=7)
    days = [monday + timedelta(days=number) for number in range(5)]
    for number, name in enumerate(NAMES):
        township = county.township if number % 2 else county.other_township
        dispatch = make_dispatch(make_person(county.hospital, name), township, starts_on=monday - timedelta(days=30))
        make_taps(dispatch, days[: 5 - number % 3])
        for day in days[:number]:
            make_record(dispatch, ActivityKind.OUTPATIENT_CLINIC, occurred_on=day, status=RecordStatus.SUBMITTED)
        for day in days[: number // 2]:
            make_record(
                dispatch, occurred_on=day, status=RecordStatus.SUBMITTED, person_times=0, title="急性中毒的院前处置"
            )


def test_an_office_sees_whose_week_lacks_what(office_server: Deployment, page: Page, county: County) -> None:
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="每周日志").click()
    expect(page.get_by_text("这一周没有人派驻")).to_be_visible()
    look(page, "weeks-none")
    live_last_week(county)
    page.get_by_role("link", name="上一周").click()
    expect(page.get_by_role("row", name=NAMES[0])).to_contain_text("在岗5天，还没有工作日志")
    page.get_by_text("3 条待完善").first.click()
    expect(page.locator("details[open]")).to_contain_text("没有现场照片、签到表、课件资料")
    look(page, "weeks-many")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "weeks-many-narrow")


def test_an_office_reports_a_month_and_sees_what_is_not_reported(
    office_server: Deployment, page: Page, county: County
) -> None:
    year = clock.today().year
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="业务指标").click()
    page.get_by_role("link", name="上一年").click()
    expect(page.get_by_role("row", name="已报合计")).to_contain_text("未报")
    look(page, "indicators-none")
    for month, money in ((1, "128.5万元"), (12, "20余万元")):
        page.get_by_role("link", name=f"填报{month}月", exact=True).click()
        outpatients, income = page.get_by_role("group", name="门诊人次"), page.get_by_role("group", name="业务收入")
        outpatients.get_by_label("数值").fill("约1455")
        income.get_by_label("数值").fill("-3")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert")).to_be_visible()
        look(page, "indicators-wrong")
        outpatients.get_by_label("数据来源").fill(f"{month}月份医疗统计月报")
        income.get_by_label("数值").fill(money)
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("status")).to_contain_text(f"{year - 1}年{month}月的业务指标已保存")
    expect(page.get_by_role("row", name="已报合计")).to_contain_text("约2910人次")
    expect(page.get_by_role("row", name="已报合计")).to_contain_text("148.5余万元")
    look(page, "indicators-some")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "indicators-some-narrow")
