"""The office at its computer: a real browser, the real server, a worker where a job is waited for."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.attendance.rules.taps import CheckInKind, Fix
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_department, make_dispatch, make_setting
from tests.support.legibility import OFFICE_SCREENS, flaws_of

HALF_A_MINUTE = "00:31"
LogIn = Callable[[Page], None]


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county of the test's own; its medical affairs can log in."""
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def log_in(office_server: Deployment, county: County) -> LogIn:
    """Return what logs medical affairs in on a page."""

    def by_hand(page: Page) -> None:
        db.session.commit()
        log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
        expect(page.get_by_role("heading", name="今日在岗")).to_be_visible()

    return by_hand


def check_in(county: County, dispatch: Dispatch) -> None:
    """Let the doctor press the button at the site."""
    here = Fix(Point(float(county.site.longitude), float(county.site.latitude)), 20.0)
    record_tap(
        county.visitor,
        Tap(dispatch_id=dispatch.id, kind=CheckInKind.IN, key="browser-test", fix=here),
    )


def wait_until_it_refreshes(page: Page) -> None:
    """Wait for htmx to take up the present board: before that, time may pass without a refresh."""
    board = page.locator('[hx-trigger="every 30s"]')
    deadline = time.monotonic() + 10
    while not board.evaluate("element => 'htmx-internal-data' in element"):
        assert time.monotonic() < deadline, "htmx never took up the board"


def test_a_check_in_appears_without_reload_and_disturbs_neither_filter_nor_focus(
    page: Page, county: County, log_in: LogIn
) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    page.clock.install()
    log_in(page)
    row = page.get_by_role("row", name="吕芬春")
    expect(row).not_to_contain_text("在点内")
    wait_until_it_refreshes(page)
    page.get_by_label("姓名或工号").fill("吕")
    expect(page).to_have_url(re.compile("name="))
    wait_until_it_refreshes(page)
    page.evaluate("window.never_reloaded = true")
    page.get_by_role("link", name="吕芬春").focus()

    check_in(county, dispatch)
    page.clock.fast_forward(HALF_A_MINUTE)

    expect(row).to_contain_text("在点内")
    expect(page.get_by_label("姓名或工号")).to_have_value("吕")
    expect(page.get_by_role("link", name="吕芬春")).to_be_focused()
    assert page.evaluate("window.never_reloaded")


def test_a_refresh_that_fails_says_that_the_board_is_old(page: Page, county: County, log_in: LogIn) -> None:
    make_dispatch(county.doctor, county.township)
    page.clock.install()
    log_in(page)
    told = page.get_by_text("以下不是最新情况")
    expect(told).to_be_hidden()
    wait_until_it_refreshes(page)
    page.context.set_offline(True)
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(told).to_be_visible()
    page.context.set_offline(False)
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(told).to_be_hidden()


def test_a_filter_narrows_the_board_and_stays_in_the_address(page: Page, county: County, log_in: LogIn) -> None:
    make_dispatch(county.doctor, county.township)
    make_dispatch(county.medical_affairs, county.other_township)
    log_in(page)
    page.get_by_label("受援单位").select_option(label="元坝镇中心卫生院")
    expect(page.get_by_role("row", name="吕芬春")).to_have_count(0)
    expect(page.get_by_role("row", name="秦明永")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row", name="吕芬春")).to_have_count(0)


def test_somebody_is_sent_with_the_mouse(page: Page, county: County, log_in: LogIn) -> None:
    make_department(county.township, "中医科")
    make_setting(county.bureau, "dispatch.minimum_title", "副主任医师")
    log_in(page)
    page.get_by_role("link", name="派驻", exact=True).click()
    page.get_by_role("link", name="新建派驻").click()
    page.get_by_label("姓名或工号").fill("吕芬")
    expect(page.get_by_label("选择秦明永")).to_have_count(0)
    page.get_by_label("选择吕芬春").click()
    expect(page.get_by_text("职称要求副主任医师及以上，现为主治医师")).to_be_visible()
    page.get_by_label("结束日期").fill("2099-12-31")
    page.get_by_label("受援单位").select_option(label="青石镇中心卫生院")
    page.get_by_label("接收科室").select_option(label="中医科")
    expect(page.get_by_label("结束日期")).to_have_value("2099-12-31")
    page.get_by_label("院本部").check()
    page.get_by_label("周日上午").uncheck()
    page.get_by_label("例外说明").fill("当地急需")
    page.get_by_role("button", name="保存派驻").click()

    expect(page.get_by_text("派驻已保存")).to_be_visible()
    expect(page.get_by_role("heading", name="吕芬春 → 青石镇中心卫生院")).to_be_visible()
    saved = db.session.scalars(select(Dispatch).where(Dispatch.person_id == county.doctor.id)).one()
    assert (saved.exception_reason, saved.department and saved.department.name) == ("当地急需", "中医科")
    assert len(saved.patterns[0].pattern.claims) == 13


def test_a_roster_is_checked_confirmed_and_there(
    page: Page, office_server: Deployment, county: County, log_in: LogIn, tmp_path: Path
) -> None:
    office_server.start_worker()
    roster = tmp_path / "名册.xlsx"
    roster.write_bytes(_people(county))
    log_in(page)
    page.get_by_role("link", name="表格导入").click()
    page.get_by_label("名册", exact=True).check()
    page.get_by_label("Excel 文件").set_input_files(roster)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("检查完成，没有错误")).to_be_visible(timeout=30_000)
    assert db.session.scalar(select(Person).where(Person.name == "新来的")) is None
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已全部写入")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="人员与角色").click()
    expect(page.get_by_role("row", name="新来的")).to_be_visible()


def test_without_scripts_the_office_can_still_look_and_filter(browser: Browser, county: County, log_in: LogIn) -> None:
    make_dispatch(county.doctor, county.township)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page)
    page.get_by_label("姓名或工号").fill("没有这个人")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有符合条件的人员")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "height"), OFFICE_SCREENS)
def test_every_page_fits_its_screen_and_can_be_read(
    browser: Browser, office_server: Deployment, county: County, log_in: LogIn, width: int, height: int
) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    paths = ("today", "dispatches", f"dispatches/{dispatch.id}", f"dispatches/{dispatch.id}/change")
    more = ("rotations", "imports", "binding-requests", "people", "organisations", "agreements", "settings", "notices")
    forms = (f"dispatches/new?person_id={county.doctor.id}", f"people/{county.doctor.id}", "agreements/new", "password")
    with new_page(browser, width, height) as page:
        log_in(page)
        for path in (*paths, *more, *forms):
            page.goto(f"{office_server.url}/console/{path}")
            assert flaws_of(page) == [], path


def test_nothing_is_loaded_from_elsewhere_and_no_script_is_blocked(
    page: Page, office_server: Deployment, log_in: LogIn
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    log_in(page)
    assert all(url.startswith(office_server.url) for url in asked)
    assert not [text for text in complaints if re.search("Content Security Policy|Refused", text)]


def _people(county: County) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人员"
    sheet.append(("机构代码", "工号", "姓名", "职称", "手机号", "身份证后四位", "角色"))
    sheet.append((county.hospital.code, "N001", "新来的", "主治医师", "13812345678", "123X", "派驻人员"))
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
