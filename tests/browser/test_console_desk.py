"""The desk's old computer: a scanner that types, keys and mouse; sixty people on one list, none, and errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.service.tickets import ticket_of
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_person
from tests.support.legibility import flaws_of

ALL_DAY = ((time(0), time(23, 59)),)  # whatever the hour of the run
NAMES = ("罗桂兰", "欧阳明珠", "赵德贵", "杨秀英", "阿木尔江", "王芳")


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county of the test's own."""
    with office_server.app.app_context():
        yield make_county()


@pytest.fixture
def clinic(county: County) -> Clinic:
    """A clinic that is on all day, with 60 places of the phone and five of the desk."""
    clinic = make_clinic(
        county.doctor,
        county.site,
        held_on=clock.today(),
        periods=ALL_DAY,
        places={Channel.PHONE: 60, Channel.DESK: 5},
    )
    db.session.commit()
    return clinic


@pytest.fixture
def page(browser: Browser, office_server: Deployment, county: County, clinic: Clinic) -> Iterator[Page]:
    """The browser of a clerk who has logged in and sees the clinic."""
    clerk = make_person(county.township, "卢小琴", roles=[Role.DESK])
    give_password(clerk)
    with new_page(browser, 1366, 768) as page:
        log_in_as(page, office_server.url, county.township, clerk)
        yield page


def book(clinic: Clinic, *numbers: int) -> list[Booking]:
    bookings = [make_booking(clinic, make_patient(NAMES[number % len(NAMES)]), number=number) for number in numbers]
    db.session.commit()
    return bookings


def test_a_scanner_keys_and_mouse_take_people_through_a_clinic(
    page: Page, office_server: Deployment, clinic: Clinic
) -> None:
    first, second = book(clinic, 1, 2)
    page.get_by_role("link", name="接诊名单").click()
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(ticket_of(first.id) + "\n")  # as a scanner does
    expect(page.get_by_text("1号 欧**珠：已登记到诊")).to_be_visible()
    expect(page.locator("#scan")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.type("2\n")  # though the focus was elsewhere
    expect(page.get_by_text("2号 赵*贵：已登记到诊")).to_be_visible()
    page.keyboard.type(ticket_of(first.id)[:-1] + "\n")
    expect(page.get_by_text("这不是有效的预约二维码")).to_be_visible()
    page.keyboard.press("Alt+n")
    expect(page.get_by_text("请 1号 欧**珠 就诊")).to_be_visible()
    page.get_by_role("button", name="1号已就诊").click()
    expect(page.locator("#visit-1")).to_contain_text("已就诊")

    page.get_by_role("link", name="现场挂号 / 加号").click()
    page.get_by_text("没有找到？登记新患者").click()
    register = page.locator("details.register")
    register.get_by_label("姓名").fill("马小兰")
    register.get_by_label("女").check()
    register.get_by_label("证件", exact=True).select_option(label="服务台核实")
    register.get_by_role("button", name="登记").click()
    page.get_by_role("button", name="挂号", exact=True).click()
    expect(page.get_by_text("已挂号：61号 马*兰")).to_be_visible()
    expect(page.locator("#visit-61")).to_contain_text("已报到")

    db.session.rollback()
    db.session.expire_all()
    assert [one.status for one in (first, second)] == [BookingStatus.FULFILLED, BookingStatus.ARRIVED]


def test_every_page_fits_its_screen_and_can_be_read(
    page: Page, office_server: Deployment, county: County, clinic: Clinic
) -> None:
    yesterday = make_clinic(
        make_person(county.hospital, "欧阳清远"),
        county.site,
        held_on=clock.today() - timedelta(days=1),
        periods=ALL_DAY,
        places={Channel.PHONE: 4},
    )
    book(yesterday, 1, 2, 3)
    path = f"{office_server.url}/console/desk"
    one = f"{path}/clinics/{clinic.id}"
    pages = (path, f"{path}?day=2019-01-01", one, f"{one}/walk-in", f"{one}/afterwards", f"{path}/appeals")
    for empty in pages:
        page.goto(empty)
        assert flaws_of(page) == [], empty

    book(clinic, *range(1, 61))
    for full in (path, one, f"{one}/afterwards", f"{path}/clinics/{yesterday.id}", f"{one}/walk-in"):
        page.goto(full)
        assert flaws_of(page) == [], full
    page.get_by_label("姓名（至少两个字）").fill("欧阳")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("患者（").first).to_be_visible()
    assert flaws_of(page) == []
    page.goto(f"{path}/clinics/{yesterday.id}/afterwards")
    page.get_by_role("radiogroup", name="1号").get_by_label("已就诊").check()
    page.get_by_label("没有选择的").select_option(label="都登记为未到诊")
    page.get_by_role("button", name="全部登记").click()
    expect(page.get_by_text("已登记 3 人")).to_be_visible()
    page.goto(one)
    page.locator("#scan").fill("64")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有人预约这个序号")).to_be_visible()
    assert flaws_of(page) == []
