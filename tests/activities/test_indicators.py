"""Indicators of organisations: amounts as they are said, entering them, and what a year comes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.activities.errors.indicators import IndicatorInvalid
from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.queries.indicators import list_indicators, list_reporting, year_of
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, exactly
from backend.domain.activities.rules.indicators import (
    AmountInvalid,
    Indicator,
    amount_label,
    read_amount,
    total_of_year,
)
from backend.domain.activities.service.indicators import set_indicator
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, NotFound, StaleVersion
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import acting

OUTPATIENTS, INPATIENTS, INCOME = Indicator.OUTPATIENTS, Indicator.INPATIENTS, Indicator.INCOME
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("1455", Amount(1455)),
        ("1,455人次", Amount(1455)),
        (" １４５５ ", Amount(1455)),
        ("0", Amount(0)),
        ("1.2万人次", Amount(12_000)),
        ("约30", Amount(30, about=True)),
        ("30人左右", Amount(30, about=True)),
        ("20余", Amount(20, at_least=True)),
        ("20余人次", Amount(20, at_least=True)),
        ("2万余人次", Amount(20_000, at_least=True)),
        ("约1200余人次", Amount(1200, at_least=True, about=True)),
        ("", NOT_REPORTED),
        ("  ", NOT_REPORTED),
        (None, NOT_REPORTED),
        (1455, Amount(1455)),
        (1455.0, Amount(1455)),
    ],
)
def test_person_times_are_read_as_they_were_said(said: object, amount: Amount) -> None:
    assert read_amount(OUTPATIENTS, said) == amount


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("128.5万元", 128_500_000),
        ("128.5万", 128_500_000),
        ("1285000元", 128_500_000),
        ("1,285,000.55", 128_500_055),
        ("1.2亿元", 12_000_000_000),
        ("0元", 0),
        ("20余万元", 20_000_000),
        ("约130万元整", 130_000_000),
    ],
)
def test_money_is_kept_in_fen(said: str, fen: int) -> None:
    assert read_amount(INCOME, said).value == fen


def test_a_bare_number_is_in_the_unit_of_its_column_and_what_says_its_own_is_not() -> None:
    assert read_amount(INCOME, "128.5", unit="万元") == Amount(128_500_000)
    assert read_amount(INCOME, "1285000元", unit="万元") == Amount(128_500_000)
    assert read_amount(INCOME, "20余", unit="万元") == Amount(20_000_000, at_least=True)


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        (OUTPATIENTS, "-3"),
        (OUTPATIENTS, "12.5"),
        (OUTPATIENTS, "1455元"),
        (OUTPATIENTS, "近百"),
        (OUTPATIENTS, "10-20"),
        (OUTPATIENTS, "1,45"),
        (OUTPATIENTS, "145①"),
        (OUTPATIENTS, "99999999"),
        (INCOME, "300人次"),
        (INCOME, "1.005元"),
        (INCOME, "200亿元"),
        (INCOME, "-1万元"),
        (INCOME, "nan"),
    ],
)
def test_what_is_no_amount_of_the_indicator_is_refused(indicator: Indicator, said: str) -> None:
    with pytest.raises(AmountInvalid):
        read_amount(indicator, said)


@pytest.mark.parametrize(
    ("amount", "label"),
    [
        (Amount(128_500_000), "128.5万元"),
        (Amount(128_500_055), "1,285,000.55元"),
        (Amount(99_900), "999元"),
        (Amount(0), "0元"),
        (Amount(20_000_000, at_least=True), "20余万元"),
        (Amount(130_000_000, about=True), "约130万元"),
        (NOT_REPORTED, "未报"),
    ],
)
def test_money_is_shown_exactly_as_it_is_and_reads_back_the_same(amount: Amount, label: str) -> None:
    assert amount_label(INCOME, amount) == label
    if amount.value is not None:
        assert read_amount(INCOME, label) == amount


def test_a_total_is_of_what_was_reported_and_names_the_months_that_were_not() -> None:
    amounts = {1: exactly(100), 2: Amount(20, at_least=True), 4: exactly(0)}
    total = total_of_year(amounts, months_over=5)
    assert total.amount == Amount(120, at_least=True)
    assert total.label(OUTPATIENTS) == "120余人次（3月、5月未报）"


def test_months_in_a_row_are_told_as_a_span() -> None:
    assert total_of_year({1: exactly(1), 6: exactly(1)}, months_over=10).unreported_label == "2–5月、7–10月未报"


def test_a_total_of_nothing_is_not_reported_and_one_of_zeros_is_zero() -> None:
    assert total_of_year({}, months_over=3).label(OUTPATIENTS) == "未报"
    assert total_of_year({1: exactly(0)}, months_over=1).label(OUTPATIENTS) == "0人次"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 19, 16, 30, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, clock: time_machine.Traveller) -> County:
    return make_county()


def enter(actor: Actor, county: County, said: str = "1455", **more: Any) -> InstitutionIndicator | None:
    given: dict[str, Any] = {"month": OCTOBER, "indicator": OUTPATIENTS, "source": "十月份医疗统计月报"} | more
    organisation_id = given.pop("organisation_id", county.township.id)
    return set_indicator(actor, organisation_id, amount=read_amount(given["indicator"], said), **given)


def trail() -> list[tuple[str, Any, Any]]:
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_type == "institution_indicator").order_by(AuditEvent.id)
    )
    values = [(event.action, event.details["before"], event.details["after"]) for event in events]
    return [(action, before and before["value"], after and after["value"]) for action, before, after in values]


def test_a_correction_keeps_the_old_value_in_the_trail(county: County) -> None:
    enter(county.recipient, county)
    changed = enter(county.recipient, county, "1500", version=1)

    assert changed is not None
    assert (changed.value, changed.version, changed.entered_by_person_id) == (1500, 2, county.director.id)
    assert trail() == [("set_indicator", None, 1455), ("set_indicator", 1455, 1500)]


def test_two_edits_at_once_do_not_overwrite_each_other(county: County) -> None:
    enter(county.recipient, county)
    for version in (None, 2):
        with pytest.raises(StaleVersion):
            enter(county.overseer, county, "1", version=version)
    assert len(trail()) == 1


def test_blank_takes_a_report_back_and_it_is_not_reported_again(county: County) -> None:
    enter(county.recipient, county, "0")
    assert year_of(county.recipient, county.township.id, 2026).totals[OUTPATIENTS].amount == exactly(0)

    assert enter(county.recipient, county, "", version=1, source="") is None

    assert year_of(county.recipient, county.township.id, 2026).totals[OUTPATIENTS].amount == NOT_REPORTED
    assert trail()[-1] == ("withdraw_indicator", 0, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"month": date(2026, 12, 1)}, "month"),
        ({"month": date(2026, 10, 2)}, "month"),
        ({"source": " "}, "source"),
        ({"source": "表" * 201}, "source"),
    ],
)
def test_a_report_lies_in_a_month_that_has_begun_and_has_a_source(
    county: County, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(IndicatorInvalid) as refused:
        enter(county.recipient, county, **wrong)
    assert set(refused.value.fields) == {field}


def test_a_bureau_reports_for_hospitals_and_not_for_itself(county: County) -> None:
    assert enter(county.overseer, county) is not None
    with pytest.raises(IndicatorInvalid):
        enter(county.overseer, county, organisation_id=county.bureau.id)
    assert county.bureau not in list_reporting(county.overseer)


def test_each_sees_and_enters_only_their_own(county: County) -> None:
    enter(county.recipient, county)
    assert list_indicators(county.office, OCTOBER, OCTOBER) == []
    assert len(list_indicators(county.overseer, OCTOBER, OCTOBER)) == 1
    with pytest.raises(NotFound):
        year_of(county.stranger, county.township.id, 2026)
    with pytest.raises(NotFound):
        enter(county.office, county)
    with pytest.raises(Forbidden):
        enter(acting(county.director, Role.DESK), county)
    assert list_reporting(county.recipient) == [county.township]


def test_months_that_are_over_and_were_not_reported_are_named_and_the_present_one_is_not(county: County) -> None:
    enter(county.recipient, county)
    total = year_of(county.overseer, county.township.id, 2026).totals[OUTPATIENTS]
    assert total.unreported == tuple(range(1, 10))


def put(client: FlaskClient, headers: dict[str, str], county: County, **body: Any) -> Any:
    given = {"organisation_id": str(county.township.id), "month": "2026-10", "source": "财务报表"} | body
    return client.put("/api/v1/indicators", json=given, headers=headers)


@pytest.fixture
def director(county: County) -> dict[str, str]:
    return phone_of(county.director, Role.DIRECTOR)


def test_income_is_entered_corrected_and_taken_back(
    client: FlaskClient, county: County, director: dict[str, str]
) -> None:
    entered = put(client, director, county, indicator="income", value_label="20余万元")
    corrected = put(client, director, county, indicator="income", value=20_130_055, version=1)
    listed = client.get("/api/v1/indicators?from=2026-10&to=2026-10", headers=director).get_json()["items"]
    withdrawn = put(client, director, county, indicator="income", value_label="", version=2)

    assert [one.status_code for one in (entered, corrected, withdrawn)] == [201, 200, 200]
    assert (entered.json["label"], entered.json["value"], entered.json["at_least"]) == ("20余万元", 20_000_000, True)
    assert listed == [corrected.json]
    assert (corrected.json["label"], corrected.json["entered_by"]["name"]) == ("201,300.55元", county.director.name)
    assert (withdrawn.json["value"], withdrawn.json["label"], withdrawn.json["version"]) == (None, "未报", None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"indicator": "income"}, 422),
        ({"indicator": "income", "value": 1, "value_label": "1"}, 422),
        ({"indicator": "outpatients", "value": -1}, 422),
        ({"indicator": "outpatients", "value_label": "很多"}, 422),
        ({"indicator": "beds", "value": 1}, 422),
        ({"indicator": "outpatients", "value": 1, "month": "2026-13"}, 422),
        ({"indicator": "outpatients", "value": 20_000_000}, 422),
        ({"indicator": "outpatients", "value": 1, "version": 1}, 412),
    ],
)
def test_bad_reports_are_refused_with_what_to_do(
    client: FlaskClient, county: County, director: dict[str, str], body: dict[str, Any], status: int
) -> None:
    answer = put(client, director, county, **body)
    assert answer.status_code == status
    assert db.session.scalars(select(InstitutionIndicator)).all() == []


def test_another_county_finds_no_such_organisation(client: FlaskClient, county: County) -> None:
    stranger = phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    assert put(client, stranger, county, indicator="outpatients", value=1).status_code == 404
    path = f"/api/v1/indicators?organisation_id={county.township.id}"
    assert client.get(path, headers=stranger).status_code == 404


@pytest.mark.parametrize("query", ["from=2026-10&to=2026-01", "from=2020-01&to=2026-01", "from=2026", "x=1"])
def test_a_list_of_other_months_is_refused(
    client: FlaskClient, county: County, director: dict[str, str], query: str
) -> None:
    assert client.get(f"/api/v1/indicators?{query}", headers=director).status_code == 422
