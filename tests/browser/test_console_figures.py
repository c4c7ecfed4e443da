"""Figures of activities in a real browser on the office's screen and a phone's: much, and nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.rules.statuses import RecordStatus
from backend.foundation import clock
from tests.support.accounts import give_password
from tests.support.activities import make_record
from tests.support.browser import log_in_as
from tests.support.county import County, make_county
from tests.support.deployment import Deployment
from tests.support.factories import make_dispatch
from tests.support.legibility import look


@pytest.fixture
def county(office_server: Deployment) -> Iterator[County]:
    with office_server.app.app_context():
        county = make_county()
        give_password(county.medical_affairs)
        yield county


def test_an_office_reads_a_year_of_every_kind_and_opens_the_records_behind_a_figure(
    office_server: Deployment, page: Page, county: County
) -> None:
    log_in_as(page, office_server.url, county.hospital, county.medical_affairs)
    page.get_by_role("link", name="工作统计").click()
    expect(page.get_by_text("这段时间没有工作日志")).to_be_visible()
    look(page, "figures-none")

    last_year = clock.today().replace(month=1, day=1) - timedelta(days=30)
    dispatch = make_dispatch(county.doctor, county.township, starts_on=last_year - timedelta(days=400))
    for number, entry in enumerate(KINDS.values()):
        reached = 1440 + number if entry.person_times else None
        for status in (RecordStatus.COUNTERSIGNED, RecordStatus.IMPORTED, RecordStatus.SUBMITTED):
            make_record(
                *(dispatch, entry.kind),
                occurred_on=last_year,
                quantity=12 + number,
                quantity_at_least=number % 5 == 0,
                person_times=reached,
                status=status,
            )
        if number % 3:
            make_record(dispatch, entry.kind, occurred_on=last_year - timedelta(days=365), quantity=9)
    page.get_by_role("link", name="上年").click()
    row = page.get_by_role("row", name="门诊")
    expect(row).to_contain_text("24余人次")
    look(page, "figures-many")
    page.set_viewport_size({"width": 390, "height": 844})
    look(page, "figures-many-narrow")
    row.get_by_role("link", name="2条").click()
    expect(page.get_by_text("共 2 条")).to_be_visible()
