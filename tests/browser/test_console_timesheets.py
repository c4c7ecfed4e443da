"""Thirty timesheets in a director's browser: the clean ones signed together, the others opened one by one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_person
from tests.support.legibility import OFFICE_SCREENS, flaws_of
from tests.support.weeks import FIRST, LAST, hand_in, live_week


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county of the test's own; its director and its medical affairs can log in."""
    with office_server.app.app_context():
        county = make_county()
        give_password(county.director)
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def thirty(county: County) -> list[Dispatch]:
    """Return thirty weeks that were handed in: one with a doubt, one with a missed day, the others clean."""
    people = [make_person(county.hospital, name) for name in ("柏存疑", "秦缺勤", *(f"安{n:02d}" for n in range(28)))]
    doubtful = live_week(people[0], county.township, doubtful=[FIRST])
    missed = live_week(people[1], county.township, missed=[LAST])
    weeks = [doubtful, missed, *(live_week(person, county.township) for person in people[2:])]
    for week in weeks:
        hand_in(week)
    return weeks


def open_october(page: Page) -> None:
    """Turn to the month as one does with the mouse and the keyboard."""
    page.get_by_role("link", name="考勤表", exact=True).click()
    page.get_by_label("月份", exact=True).fill("2026-10")
    expect(page.get_by_role("heading", name="2026年10月考勤表")).to_be_visible()


def statuses(county: County) -> dict[str, TimesheetStatus]:
    db.session.expire_all()
    of_the_county = select(Timesheet).join(Timesheet.dispatch).where(Dispatch.recipient_id == county.township.id)
    return {sheet.dispatch.person.name: sheet.status for sheet in db.session.scalars(of_the_county)}


@pytest.mark.usefixtures("thirty")
def test_a_director_signs_thirty(page: Page, office_server: Deployment, county: County) -> None:
    log_in_as(page, office_server.url, county.township, county.director)
    open_october(page)
    expect(page.get_by_text("2 份有异常，不能一起会签")).to_be_visible()
    button = page.get_by_role("button", name=re.compile("会签所选"))
    expect(button).to_have_text("会签所选 28 份")
    page.get_by_label("选择安00").uncheck()
    expect(button).to_have_text("会签所选 27 份")
    page.get_by_label("选择安00").check()
    button.click()
    expect(page.get_by_role("heading", name="确认会签以下 28 份")).to_be_visible()
    expect(page.get_by_role("row", name="安27")).to_be_visible()
    assert TimesheetStatus.COUNTERSIGNED not in statuses(county).values()
    page.get_by_role("button", name="确认会签 28 份").click()
    expect(page.get_by_text("已会签 28 份，已锁定")).to_be_visible()

    page.get_by_role("link", name="返回考勤表").click()
    expect(button).to_have_count(0)
    page.get_by_role("row", name="柏存疑").get_by_role("link", name="打开查看").click()
    expect(page.locator("summary", has_text="会签")).to_have_count(0)
    page.get_by_role("button", name="确认10月12日上午在岗", exact=True).click()
    page.locator("summary", has_text="会签").click()
    page.get_by_role("button", name="确认会签").click()
    expect(page.get_by_text("考勤表已会签并锁定")).to_be_visible()

    open_october(page)
    page.get_by_role("row", name="秦缺勤").get_by_role("link", name="打开查看").click()
    page.locator("summary", has_text="退回").click()
    page.get_by_label("退回原因").fill("10月16日请说明")
    page.get_by_role("button", name="确认退回").click()
    expect(page.get_by_text("考勤表已退回")).to_be_visible()
    ended = statuses(county)
    assert ended.pop("秦缺勤") is TimesheetStatus.RETURNED
    assert set(ended.values()) == {TimesheetStatus.COUNTERSIGNED}
    assert len(ended) == 29


def test_two_directors_at_once_sign_once_and_the_second_is_told(
    browser: Browser, page: Page, office_server: Deployment, county: County
) -> None:
    sheet = hand_in(live_week(county.doctor, county.township))
    address = f"{office_server.url}/console/timesheets/{sheet.dispatch_id}/2026-10"
    with new_page(browser, 1366, 768) as other:
        for signer in (page, other):
            log_in_as(signer, office_server.url, county.township, county.director)
            signer.goto(address)
            signer.locator("summary", has_text="会签").click()
        page.get_by_role("button", name="确认会签").click()
        expect(page.get_by_text("考勤表已会签并锁定")).to_be_visible()
        other.get_by_role("button", name="确认会签").click()
        expect(other.get_by_text("内容已被他人修改")).to_be_visible()
        expect(other.get_by_role("heading", name="更正")).to_be_visible()


@pytest.mark.slow  # the export of records is in the suite, by the same way
def test_a_month_is_exported_with_the_mouse(page: Page, office_server: Deployment, county: County) -> None:
    live_week(county.doctor, county.township)
    office_server.start_worker()
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    open_october(page)
    page.get_by_role("button", name="导出本月").click()
    expect(page.get_by_role("link", name="下载 Excel")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    assert download.value.suggested_filename == "考勤表-2026-10.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    assert any("吕芬春" in map(str, row) for row in sheet.iter_rows(values_only=True))


def test_a_code_is_verified_by_anybody_on_a_phone(phone: Page, office_server: Deployment) -> None:
    phone.goto(f"{office_server.url}/console/verify")
    phone.get_by_label("核验码").fill("ABCD EFGH JKMN PQRS")
    phone.get_by_role("button", name="核验").click()
    expect(phone.get_by_text("没有这个核验码对应的文件")).to_be_visible()
    assert flaws_of(phone) == []


@pytest.mark.parametrize(("width", "height"), OFFICE_SCREENS)
def test_every_page_fits_its_screen_and_can_be_read(
    browser: Browser, office_server: Deployment, county: County, thirty: list[Dispatch], width: int, height: int
) -> None:
    sheets = {one.dispatch_id: one for one in db.session.scalars(select(Timesheet))}
    chosen = "&".join(f"chosen={sheets[week.id].id}" for week in thirty)
    pages = ("timesheets?month=2026-10", "timesheets?month=2019-01", "timesheets?month=2099-01")
    more = (f"timesheets/sign?month=2026-10&{chosen}", "timesheets/unsigned", "verify")
    ones = (f"timesheets/{thirty[0].id}/2026-10", f"timesheets/{thirty[1].id}/2026-10")
    with new_page(browser, width, height) as page:
        log_in_as(page, office_server.url, county.township, county.director)
        for path in (*pages, *more, *ones):
            page.goto(f"{office_server.url}/console/{path}")
            assert flaws_of(page) == [], path
        page.locator("summary", has_text="会签").click()
        page.get_by_role("button", name="确认会签").click()
        page.locator("summary", has_text="上传扫描件").click()
        assert flaws_of(page) == []
