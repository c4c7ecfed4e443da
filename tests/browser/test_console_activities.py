"""Records of activities at the console, in a real browser on the office's screen and a phone's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.activities.models.records import ActivityFile
from backend.domain.activities.rules.kinds import ActivityKind, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.rules import PictureCheck
from backend.domain.attachments.service.files import store_file
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.activities import make_record
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import acting, make_dispatch
from tests.support.legibility import look
from tests.support.pictures import photograph
from tests.support.timesheets import make_taps

WAITING = RecordStatus.SUBMITTED


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        for person in (county.medical_affairs, county.director):
            give_password(person)
        yield county


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


def many_records(dispatch: Dispatch) -> None:
    for number, kind in enumerate(ActivityKind):
        day = clock.today() - timedelta(days=number)
        title = "高血压、糖尿病等慢性病在基层的规范化管理与双向转诊指征"
        make_record(dispatch, kind, occurred_on=day, quantity=20, quantity_at_least=True, title=title, is_late=True)
    make_record(dispatch, person_times=0, quantity=None, status=WAITING, edition=2)


def with_a_photo(county: County, dispatch: Dispatch) -> None:
    record = make_record(dispatch, ActivityKind.FREE_CLINIC, title="大坪村义诊点", status=WAITING, person_times=40)
    photo = store_file(acting(county.doctor, Role.STAFF), "现场.jpg", photograph())
    photo.picture_check = PictureCheck.PASSED
    found = {"code": "another_day", "text": "照片拍摄于2026年11月1日，不是这一天"}
    file = ActivityFile(record_id=record.id, attachment_id=photo.id, proof=Proof.PHOTO, position=0, findings=[found])
    db.session.add(file)
    db.session.commit()


def test_the_office_narrows_the_list_opens_one_and_exports_it(
    page: Page, browser: Browser, office_server: Deployment, county: County, dispatch: Dispatch
) -> None:
    many_records(dispatch)
    with_a_photo(county, dispatch)
    office_server.start_worker()
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="工作日志", exact=True).click()
    expect(page.get_by_role("heading", name="工作日志", exact=True)).to_be_visible()
    look(page, "activities-office")
    page.get_by_label("类别").select_option("free_clinic")
    expect(page.get_by_text("共 2 条")).to_be_visible()
    page.get_by_role("link", name="大坪村义诊点").click()
    expect(page.get_by_text("不是这一天")).to_be_visible()
    look(page, "activity-office")
    page.go_back()
    page.get_by_role("button", name="导出 2 条").click()
    expect(page.get_by_role("link", name="下载 Excel")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert [row[1] for row in sheet.iter_rows(min_row=3, values_only=True)] == ["义诊", "义诊"]
    with new_page(browser, 390, 844) as phone:
        log_in_as(phone, office_server.url, county.hospital, county.medical_affairs)
        phone.goto(f"{office_server.url}/console/activities")
        expect(phone.get_by_role("heading", name="工作日志", exact=True)).to_be_visible()
        look(phone, "activities-phone")


def test_the_director_signs_the_clean_ones_together_and_gives_one_back(
    page: Page, office_server: Deployment, county: County, dispatch: Dispatch
) -> None:
    make_taps(dispatch, [clock.today()])
    for title in ("高血压规范管理", "糖尿病足护理"):
        make_record(dispatch, title=title, status=WAITING)
    make_record(dispatch, title="补记的讲座", status=WAITING, is_late=True)
    log_in_as(page, office_server.url, county.township, county.director)
    page.get_by_role("link", name="工作日志", exact=True).click()
    page.get_by_role("link", name="待会签").click()
    page.get_by_role("button", name="会签所选 2 条").click()
    expect(page.get_by_role("heading", name="确认会签以下 2 条")).to_be_visible()
    look(page, "activities-sign")
    page.get_by_role("button", name="确认会签 2 条").click()
    expect(page.get_by_text("已会签 2 条")).to_be_visible()
    look(page, "activities-signed")
    page.get_by_role("link", name="返回待会签").click()
    page.get_by_role("link", name="补记的讲座").click()
    page.get_by_text("退回本人修改").click()
    page.get_by_label("退回原因").fill("请补签到表")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("已退回，本人会收到原因。")).to_be_visible()
    expect(page.get_by_text("请补签到表")).to_be_visible()
    look(page, "activity-returned")
