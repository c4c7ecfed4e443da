"""Spot checks, the working calendar and a team's cover, in a real browser on the office's screen and a phone's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.spot_checks import SpotCheck
from backend.domain.attendance.rules.spot_checks import AnswerMeans, SpotCheckKind, SpotCheckOrigin, SpotCheckStatus
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.organisations.models import CalendarYear, Organisation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import OFFICE_SCREENS, flaws_of

NOTICE = "一、元旦：1月1日（周二）至3日（周四）放假，共3天。1月5日（周六）上班。"
LogIn = Callable[[Page, Organisation, Person], None]


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def overseer(county: County) -> Person:
    person = make_person(county.bureau, "莫清源", roles=[Role.BUREAU])
    give_password(person)
    return person


@pytest.fixture
def log_in(office_server: Deployment) -> LogIn:
    def by_hand(page: Page, organisation: Organisation, person: Person) -> None:
        db.session.commit()
        log_in_as(page, office_server.url, organisation, person)
        expect(page.get_by_role("heading", name="今日在岗")).to_be_visible()

    return by_hand


@pytest.fixture
def rotation(county: County) -> Rotation:
    row = Rotation(id=new_id(), supporting_id=county.hospital.id, name="2026年下半年")
    db.session.add(row)
    return row


ENDS = (
    SpotCheckStatus.ANSWERED,
    SpotCheckStatus.MISSED,
    SpotCheckStatus.EXEMPT,
    SpotCheckStatus.UNDELIVERED,
    SpotCheckStatus.SENT,
)


def many_spot_checks(county: County, rotation: Rotation) -> list[SpotCheck]:
    """Return spot checks of ten people, each with one of every end."""
    rows = []
    for index in range(10):
        person = make_person(county.hospital, f"欧阳文静{index}")
        dispatch = make_dispatch(person, county.township, sites=[county.site], rotation=rotation)
        rows += [spot_check(dispatch, status, list(Verdict)[index % 3]) for status in ENDS]
    db.session.add_all(rows)
    db.session.commit()
    return rows


def spot_check(dispatch: Dispatch, status: SpotCheckStatus, verdict: Verdict) -> SpotCheck:
    sent_at = clock.now() - timedelta(hours=1)
    answered = status is SpotCheckStatus.ANSWERED
    delivered = answered or status is SpotCheckStatus.MISSED
    return SpotCheck(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=SpotCheckKind.PRESENCE,
        origin=SpotCheckOrigin.RANDOM,
        status=status,
        planned_at=sent_at,
        sent_at=sent_at,
        deliver_by=sent_at + timedelta(hours=2),
        delivered_at=sent_at if delivered else None,
        answer_by=sent_at + timedelta(minutes=15) if delivered else None,
        answered_at=sent_at if answered else None,
        answer_means=AnswerMeans.LOCATION if answered else None,
        verdict=verdict if answered else None,
        distance_m=8500.0 if answered else None,
    )


@pytest.mark.parametrize(("width", "height"), OFFICE_SCREENS)
def test_every_page_fits_its_screen_and_can_be_read(
    browser: Browser,
    office_server: Deployment,
    county: County,
    rotation: Rotation,
    overseer: Person,
    log_in: LogIn,
    width: int,
    height: int,
) -> None:
    rows = many_spot_checks(county, rotation)
    missed = next(row for row in rows if row.status is SpotCheckStatus.MISSED)
    sent = next(row for row in rows if row.status is SpotCheckStatus.SENT)
    checks = ("spot-checks", "spot-checks?waiting=yes", "spot-checks/people", f"spot-checks/{missed.id}")
    forms = (f"spot-checks/{sent.id}", f"spot-checks/new/{sent.dispatch_id}", f"rotations/{rotation.id}")
    years = ("calendars", f"calendars/{county.bureau.id}/2026", f"calendars/{county.bureau.id}/2041")
    for organisation, person, paths in (
        (county.hospital, county.medical_affairs, (*checks, *forms)),
        (county.bureau, overseer, years),
    ):
        with new_page(browser, width, height) as page:
            log_in(page, organisation, person)
            for path in paths:
                page.goto(f"{office_server.url}/console/{path}")
                assert flaws_of(page) == [], path


def test_a_year_is_read_from_its_notice_checked_by_keyboard_and_kept(
    page: Page, office_server: Deployment, county: County, overseer: Person, log_in: LogIn
) -> None:
    log_in(page, county.bureau, overseer)
    page.goto(f"{office_server.url}/console/calendars/{county.bureau.id}/2041")
    page.get_by_label("粘贴国务院办公厅的放假安排").fill(NOTICE)
    page.get_by_role("button", name="识别").click()
    expect(page.get_by_role("status")).to_contain_text("放假的工作日 3 天")
    expect(page.locator('input[value="2041-01-05"]')).to_be_checked()

    page.locator('input[value="2041-01-04"]').focus()
    page.keyboard.press("Space")
    page.get_by_label("文号").fill("国办发明电〔2040〕9号")
    page.get_by_role("button", name="保存2041年工作日历").click()

    expect(page.get_by_role("status")).to_contain_text("2041年工作日历已保存")
    row = db.session.query(CalendarYear).filter_by(organisation_id=county.bureau.id).one()
    assert row.free_days == [date(2041, 1, day) for day in (1, 2, 3, 4)]
    assert row.worked_days == [date(2041, 1, 5)]


def test_a_miss_is_found_and_reviewed(
    page: Page, office_server: Deployment, county: County, rotation: Rotation, log_in: LogIn
) -> None:
    many_spot_checks(county, rotation)
    log_in(page, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="查岗", exact=True).click()
    page.get_by_role("link", name="次查岗待核实").click()
    page.get_by_role("link", name="欧阳文静0").first.click()
    page.get_by_label("认定缺岗").check()
    page.get_by_label("核实情况").fill("卫生院证实不在")
    page.get_by_role("button", name="保存核实结果").click()

    expect(page.get_by_role("status")).to_contain_text("核实结果已保存")
    expect(page.get_by_text("卫生院证实不在")).to_be_visible()
