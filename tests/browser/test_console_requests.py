"""Leave from a director's browser to medical affairs and on to a substitute; every page of requests on both screens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from backend.domain.attachments.service.files import store_file
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.models.requests import LeaveAttachment, LeaveRequest
from backend.domain.attendance.models.timesheets import DayClosing
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift, days_between
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.legibility import OFFICE_SCREENS, flaws_of
from tests.support.pictures import as_png, draw_scene
from tests.support.requests import make_correction, make_leave


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    """Return a county of the test's own; its director and its medical affairs can log in."""
    with office_server.app.app_context():
        county = make_county()
        give_password(county.director)
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


def picture() -> bytes:
    """Return a photo that a browser can show: 300 × 400."""
    return as_png(draw_scene(size=(300, 400)))


def long_leave(dispatch: Dispatch) -> LeaveRequest:
    """Return sick leave of two months that waits, with a photo of the paper."""
    today = clock.today()
    span = LeaveSpan(today + timedelta(days=3), Shift.MORNING, today + timedelta(days=63), Shift.NIGHT)
    leave = make_leave(
        dispatch, span, RequestStatus.REQUESTED, kind=LeaveKind.SICK, needs_supporting=True, is_long=True
    )
    paper = store_file(acting(dispatch.person, Role.STAFF), "术后诊断证明和休息建议（县医院外科）.png", picture())
    db.session.add(LeaveAttachment(leave_request_id=leave.id, attachment_id=paper.id))
    db.session.commit()
    return leave


def open_waiting(page: Page, name: str) -> None:
    """Go to what waits of somebody as one does with the mouse."""
    page.get_by_role("link", name="请假与补签", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()


def test_long_leave_goes_from_the_director_over_medical_affairs_to_a_substitute(
    browser: Browser, office_server: Deployment, county: County, dispatch: Dispatch
) -> None:
    make_person(county.hospital, "顶岗医生")
    long_leave(dispatch)
    with new_page(browser, 1366, 768) as page:
        log_in_as(page, office_server.url, county.township, county.director)
        open_waiting(page, county.doctor.name)
        looks = select(AuditEvent).where(
            AuditEvent.action == "read_leave_file", AuditEvent.person_id == county.director.id
        )
        assert db.session.scalars(looks).all() == []  # a picture is fetched when it is opened, and no sooner
        page.locator("summary", has_text="术后诊断证明").click()
        expect(page.locator("img.paper")).to_have_js_property("naturalWidth", 300)
        db.session.rollback()
        assert len(db.session.scalars(looks).all()) == 1
        page.locator("summary", has_text="同意").click()
        page.get_by_role("button", name="确认同意").click()
        expect(page.get_by_text("已转支援医院审批")).to_be_visible()

    with new_page(browser, 1366, 768) as page:
        log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
        open_waiting(page, county.doctor.name)
        page.locator("summary", has_text="同意").click()
        page.get_by_role("button", name="确认同意").click()
        expect(page.get_by_text("没有待审批的请假")).to_be_visible()
        page.goto(f"{office_server.url}/console/dispatches/{dispatch.id}")
        page.get_by_role("link", name="为暂停安排顶岗").click()
        page.get_by_label("姓名或工号").fill("顶岗")
        page.get_by_role("link", name="选择顶岗医生").click()
        page.get_by_role("button", name="确认顶岗").click()
        expect(page.get_by_text("原派驻在暂停期满后继续")).to_be_visible()

    db.session.rollback()
    suspension = db.session.scalars(select(Suspension).where(Suspension.dispatch_id == dispatch.id)).one()
    assert suspension.substitute is not None
    assert suspension.substitute.person.name == "顶岗医生"


@pytest.mark.parametrize(("width", "height"), OFFICE_SCREENS)
def test_every_page_fits_its_screen_and_can_be_read(
    browser: Browser, office_server: Deployment, county: County, dispatch: Dispatch, width: int, height: int
) -> None:
    leave, correction = long_leave(dispatch), make_correction(dispatch)
    for _ in range(30):
        one = make_dispatch(make_person(county.hospital, "欧阳清远"), county.township)
        day = clock.today() + timedelta(days=5)
        make_leave(one, LeaveSpan(day, Shift.MORNING, day, Shift.NIGHT), RequestStatus.REQUESTED)
    today = clock.today()
    for day in days_between(today - timedelta(days=9), today - timedelta(days=1)):
        db.session.add(DayClosing(supporting_id=county.hospital.id, day=day, finished_at=clock.now()))
    conclude_shifts([dispatch.id], today - timedelta(days=9), today - timedelta(days=1))
    db.session.commit()
    nurse = make_person(county.township, "韦护士长", roles=[])
    lists = ("leave", "leave?status=cancelled", "corrections", "corrections?status=rejected")
    month = f"{today - timedelta(days=9):%Y-%m}"
    missed = (f"missed?month={month}", "missed?month=2019-01", f"missed?month={month}&state=absent")
    ones = (f"leave/{leave.id}", f"corrections/{correction.id}")
    naming = ("delegations", "delegations/new", f"delegations/new?person_id={nurse.id}")
    with new_page(browser, width, height) as page:
        log_in_as(page, office_server.url, county.township, county.director)
        for path in (*(f"requests/{one}" for one in (*lists, *missed, *ones)), *naming):
            page.goto(f"{office_server.url}/console/{path}")
            assert flaws_of(page) == [], path
        page.get_by_label("到哪天止").fill("2020-01-01")
        page.get_by_role("button", name="确认授权").click()
        expect(page.get_by_text("结束日期不能早于开始日期").first).to_be_visible()
        assert flaws_of(page) == []
        page.goto(f"{office_server.url}/console/requests/leave/{leave.id}")
        page.locator("summary", has_text="术后诊断证明").click()
        page.locator("summary", has_text="退回").click()
        page.get_by_label("退回原因").fill("请改期。" * 60)
        page.get_by_role("button", name="确认退回").click()
        expect(page.get_by_text("请控制在200字以内")).to_be_visible()
        assert flaws_of(page) == []
