"""Indicators of organisations at the console: a year, entering a month, correcting it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.rules.amounts import exactly
from backend.domain.activities.rules.indicators import Indicator
from backend.domain.activities.service.indicators import set_indicator
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from tests.support.console import Office, words_of
from tests.support.county import County, make_county


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock: time_machine.Traveller, app: Flask) -> County:
    return make_county()


def kept() -> dict[str, tuple[int, str]]:
    db.session.expire_all()
    return {row.indicator.value: (row.value, row.source) for row in db.session.scalars(select(InstitutionIndicator))}


def october(county: County) -> str:
    return f"/indicators/{county.township.id}/2026/10"


def typed(**more: Any) -> dict[str, Any]:
    return {"outpatients_value": "1455", "outpatients_source": "统计月报", "income_value": "128.5万元"} | more


def test_a_month_is_entered_with_one_source_and_what_is_blank_stays_unreported(
    director: Office, county: County
) -> None:
    assert director.send(october(county), **typed()).status_code == 302

    assert kept() == {"outpatients": (1455, "统计月报"), "income": (128_500_000, "统计月报")}
    words = words_of(director.open("/indicators", year="2026"))
    assert "10月 1455人次 未报 128.5万元 统计月报" in words
    assert "已报合计 1455人次 1–9月未报 未报 128.5万元" in words


def test_a_correction_changes_only_what_differs(director: Office, county: County) -> None:
    director.send(october(county), **typed())
    versions = {"outpatients_version": "1", "income_version": "1", "income_source": "统计月报"}

    director.send(october(county), **typed(outpatients_value="1500", **versions))

    rows = {row.indicator: row.version for row in db.session.scalars(select(InstitutionIndicator))}
    assert rows == {Indicator.OUTPATIENTS: 2, Indicator.INCOME: 1}
    assert kept()["outpatients"] == (1500, "统计月报")


def test_what_somebody_else_entered_meanwhile_is_not_overwritten(director: Office, county: County) -> None:
    month = date(2026, 10, 1)
    given: dict[str, Any] = {"month": month, "indicator": Indicator.INCOME, "amount": exactly(100), "source": "财务"}
    set_indicator(county.overseer, county.township.id, **given)

    answer = director.send(october(county), **typed())

    assert (answer.status_code, kept()) == (412, {"income": (100, "财务")})
    assert "已填报1元（财务）" in words_of(answer)
    assert 'value="1455"' in answer.text  # what was typed is not lost
    assert director.send(october(county), **typed(income_version="1")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"outpatients_value": "很多"}, "请填写人次"),
        ({"outpatients_source": ""}, "请写明数据来源"),
        ({"income_value": "-1"}, "不能是负数"),
        ({"income_value": "1\0"}, "请填写金额"),
        ({"outpatients_source": "表" * 201}, "200字"),
        ({"outpatients_version": "x"}, "有内容需要修改"),
    ],
)
def test_a_wrong_month_is_shown_again_with_what_to_mend(
    director: Office, county: County, wrong: dict[str, Any], said: str
) -> None:
    answer = director.send(october(county), **typed(**wrong))
    assert (answer.status_code, kept()) == (422, {})
    assert said in words_of(answer)


def test_a_month_to_come_is_refused(director: Office, county: County) -> None:
    answer = director.send(f"/indicators/{county.township.id}/2026/12", **typed())
    assert (answer.status_code, kept()) == (422, {})


def test_a_bureau_chooses_among_its_hospitals(bureau: Office, county: County) -> None:
    words = words_of(bureau.open("/indicators", organisation=county.township.id))
    assert all(one.name in words for one in (county.hospital, county.township, county.other_township))
    assert county.foreign_hospital.name not in words
    assert bureau.open("/indicators", organisation=county.foreign_hospital.id).status_code == 404


def test_medical_affairs_enter_their_own_and_not_the_recipients(office: Office, county: County) -> None:
    assert office.send(f"/indicators/{county.hospital.id}/2026/10", **typed()).status_code == 302
    assert office.send(october(county), **typed()).status_code == 404


def test_the_desk_of_a_recipient_and_an_administrator_have_no_such_page(admin: Office) -> None:
    assert admin.open("/indicators").status_code == 403
