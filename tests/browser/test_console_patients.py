"""The desk finds a patient and opens them, in a real browser on the office's screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.accounts import give_password
from tests.support.browser import log_in_as
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_person
from tests.support.legibility import look


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        yield make_county()


def test_the_desk_finds_a_patient_and_opens_them_for_a_purpose(
    office_server: Deployment, page: Page, county: County
) -> None:
    desk = make_person(county.township, "何春燕", roles=[Role.DESK])
    give_password(desk)
    clinic = make_clinic(county.doctor, county.site)
    for number, name in enumerate(["欧阳桂兰", "欧阳桂芳", "欧阳有才"], 1):
        make_booking(clinic, make_patient(name, telephone=f"1390000{number:04}"), number=number)
    db.session.commit()
    log_in_as(page, office_server.url, county.township, desk)
    page.get_by_role("link", name="就诊人").click()
    page.get_by_label("姓名").fill("欧阳")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("link", name="欧**芳")).to_be_visible()
    look(page, "patients-found")
    page.get_by_role("link", name="欧**芳").click()
    expect(page.get_by_role("heading", name="欧**芳")).to_be_visible()
    look(page, "patient-masked")
    page.get_by_label("用途").fill("电话通知停诊或改约")
    page.get_by_role("button", name="查看并留痕").click()
    expect(page.get_by_text("13900000002")).to_be_visible()
    expect(page.get_by_role("heading", name="欧阳桂芳")).to_be_visible()
    look(page, "patient-opened")
