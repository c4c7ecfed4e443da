"""Clinics at the office: market days planned with their preview; every page on both screens, empty, full and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.rules.recurrence import lunar_day
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_department, make_dispatch
from tests.support.legibility import OFFICE_SCREENS, flaws_of

MONDAY = clock.today() + timedelta(days=7 - clock.today().weekday())


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, sites=[county.site])


def test_medical_affairs_plans_the_market_days_of_a_township(
    browser: Browser, office_server: Deployment, county: County, dispatch: Dispatch
) -> None:
    db.session.commit()
    with new_page(browser, 1366, 768) as page:
        log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
        page.get_by_role("link", name="坐诊", exact=True).click()
        page.get_by_role("link", name="安排坐诊").first.click()
        page.get_by_label("专家").select_option(str(dispatch.id))
        page.get_by_label("农历逢集（按尾数）").check()
        page.get_by_label("逢三").check()
        page.get_by_label("逢八").check()
        page.get_by_role("button", name="看看是哪些天").click()
        expect(page.locator("#preview")).to_contain_text("可以安排")
        page.get_by_label("去掉").first.check()
        page.get_by_role("button", name="保存坐诊").click()
        expect(page.get_by_role("status")).to_contain_text("次坐诊，已通知专家")
    db.session.rollback()
    planned = db.session.scalars(select(Clinic.held_on).where(Clinic.person_id == county.doctor.id)).all()
    assert 4 <= len(planned) <= 5
    assert {lunar_day(day) % 10 for day in planned} == {3, 8}


@pytest.mark.parametrize(("width", "height"), OFFICE_SCREENS)
def test_pages_of_clinics_are_legible(
    browser: Browser, office_server: Deployment, county: County, dispatch: Dispatch, width: int, height: int
) -> None:
    clinic = make_clinic(
        county.doctor,
        county.site,
        held_on=MONDAY,
        department=make_department(county.township, "心血管内科"),
        periods=((time(8), time(9)), (time(9), time(11, 30))),
        places={Channel.PHONE: 4, Channel.DESK: 2, Channel.REFERRAL: 1},
    )
    make_booking(clinic, make_patient())
    rest = Range(MONDAY, MONDAY + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=dispatch.id, during=rest, reason="病假"))
    db.session.commit()
    with new_page(browser, width, height) as page:
        log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
        page.wait_for_url("**/console/today")
        for path in (
            f"?week={MONDAY}",
            f"?week={MONDAY + timedelta(days=300)}",
            f"/{clinic.id}",
            f"/{clinic.id}/change",
            f"/new?dispatch_id={dispatch.id}&first={MONDAY}",
        ):
            page.goto(f"{office_server.url}/console/clinics{path}")
            assert flaws(page) == []
        page.get_by_role("button", name="看看是哪些天").click()
        expect(page.locator("#preview")).to_contain_text("派驻在此期间暂停")
        assert flaws(page) == []


def flaws(page: Page) -> list[str]:
    found: list[str] = flaws_of(page)
    return found
