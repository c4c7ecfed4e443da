"""Closing a clinic at the office, and calling whom it did not reach, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as, new_page
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch, make_person
from tests.support.legibility import flaws_of

NAMES = ("罗桂兰", "欧阳文静", "阿依古丽·买买提", "杨顺发", "李小妹", "张得福", "王翠花", "赵有田")


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        for person in (county.doctor, make_person(county.hospital, "何远方", title="副主任医师")):
            make_dispatch(person, county.township)
        give_password(county.medical_affairs)
        yield county


@pytest.fixture
def clinic(county: County) -> Clinic:
    """A clinic of eight who have no WeChat; the next date has places for five of them."""
    following = clock.today() + timedelta(days=8)
    make_clinic(county.doctor, county.site, held_on=following, places={Channel.PHONE: 5, Channel.DESK: 1})
    clinic = make_clinic(county.doctor, county.site, places={Channel.PHONE: 8, Channel.DESK: 1})
    for number, name in enumerate(NAMES, start=1):
        make_booking(
            clinic, make_patient(name, telephone=f"1390000100{number}" if number != 7 else None), number=number
        )
    db.session.commit()
    return clinic


def closure_of(clinic: Clinic) -> ClinicClosure:
    db.session.rollback()
    return db.session.query(ClinicClosure).filter_by(clinic_id=clinic.id).one()


def test_the_office_sees_who_is_affected_closes_and_the_desk_calls(
    page: Page, browser: Browser, office_server: Deployment, county: County, clinic: Clinic
) -> None:
    desk = make_person(county.township, "安小云", roles=[Role.DESK])
    give_password(desk)
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.goto(f"{office_server.url}/console/clinics/{clinic.id}")
    page.get_by_role("link", name="停诊 / 替诊").click()
    expect(page.get_by_text("没有电话 1", exact=True)).to_be_visible()
    expect(page.get_by_text("加号", exact=True)).to_have_count(3)
    page.get_by_label("2号改到").select_option(label="不留号")
    page.get_by_label("停诊原因").select_option(label="因公返院")
    page.get_by_role("button", name="停诊并通知 8 人").click()
    expect(page.get_by_text("还有 8 位患者要打电话")).to_be_visible()

    with new_page(browser, 1366, 768) as desks:
        log_in_as(desks, office_server.url, county.township, desk)
        desks.goto(f"{office_server.url}/console/closures/{closure_of(clinic).id}/calls")
        expect(desks.get_by_role("cell", name="13900001001")).to_be_visible()
        desks.get_by_label("1号电话结果").select_option(label="接受改约")
        desks.get_by_role("row", name="罗桂兰").get_by_role("button", name="登记").click()
        expect(desks.get_by_role("status")).to_contain_text("1号：接受改约，已登记。")
        expect(desks.get_by_role("row", name="罗桂兰")).to_contain_text("已办结")


def test_every_page_of_a_closure_fits_its_screen_and_can_be_read(
    browser: Browser, office_server: Deployment, county: County, clinic: Clinic
) -> None:
    other = make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=2))
    closure = close_clinic(county.office, other.id, other.version, ClosureDraft(ClosureReason.ROAD))
    paths = (f"closures/new/{clinic.id}", f"closures/{closure.id}", "closures", "closures?state=review")
    for width, height in ((1366, 768), (390, 844)):
        with new_page(browser, width, height) as page:
            log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
            for path in paths:
                page.goto(f"{office_server.url}/console/{path}")
                assert flaws_of(page) == [], path
