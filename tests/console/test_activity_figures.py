"""Figures of activities at the console: periods, what is beside a figure, and where its links lead."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.foundation.clock import SHANGHAI
from tests.support.activities import make_record
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch

CLINIC = ActivityKind.OUTPATIENT_CLINIC


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock: time_machine.Traveller, app: Flask) -> County:
    county = make_county()
    dispatch = make_dispatch(county.doctor, county.township, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    make_record(dispatch, CLINIC, occurred_on=date(2026, 3, 5), quantity=30, quantity_at_least=True)
    make_record(dispatch, CLINIC, occurred_on=date(2026, 3, 6), quantity=6, status=RecordStatus.IMPORTED)
    make_record(dispatch, CLINIC, occurred_on=date(2026, 3, 7), quantity=5, status=RecordStatus.SUBMITTED)
    make_record(dispatch, CLINIC, occurred_on=date(2025, 4, 5), quantity=24)
    make_record(dispatch, CLINIC, occurred_on=date(2025, 12, 5), quantity=400)
    return county


def test_this_year_so_far_stands_beside_the_same_days_of_last_year(office: Office) -> None:
    words = words_of(office.open("/activities/figures"))
    assert "2026-01-01 至 2026-11-19 ，与上年同期 2025-01-01 至 2025-11-19 比较" in words
    assert "门诊 2条 36余人次 1条 24人次 +50% 1条 1条" in words


def test_the_figure_leads_to_its_records_and_to_those_that_wait(office: Office) -> None:
    page = office.open("/activities/figures").text
    [counted, before, imported, waiting] = [
        html.unescape(address) for address in re.findall(r'href="(/console/activities\?[^"]+)">\d+条', page)
    ]
    for address, total in ((counted, 2), (before, 1), (imported, 1), (waiting, 1)):
        assert f"共 {total} 条" in words_of(office.client.get(address))


def test_kinds_together_show_no_quantity(office: Office) -> None:
    words = words_of(office.open("/activities/figures", by="organisation"))
    assert "各类别单位不同" in words
    assert "36" not in words


def test_a_bureau_is_asked_to_choose_a_hospital_before_people(bureau: Office, county: County) -> None:
    assert "请先选择一家机构" in words_of(bureau.open("/activities/figures", by="person"))
    words = words_of(bureau.open("/activities/figures", by="person", organisation_id=str(county.township.id)))
    assert f"{county.doctor.name} 2条" in words


def test_a_period_backwards_is_told_and_an_empty_one_says_so(office: Office) -> None:
    query = {"from": "2026-12-01", "to": "2026-01-01"}
    assert "结束日期早于开始日期" in words_of(office.open("/activities/figures", **query))
    query = {"from": "2020-01-01", "to": "2020-12-31"}
    assert "这段时间没有工作日志" in words_of(office.open("/activities/figures", **query))
