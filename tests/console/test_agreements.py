"""Agreements at the console."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.organisations.models import Agreement
from backend.domain.organisations.service import create_agreement
from backend.extensions import db
from tests.support.console import Office, words_of
from tests.support.county import County


@pytest.fixture
def agreement(county: County) -> Agreement:
    return create_agreement(
        county.office,
        supporting_id=county.hospital.id,
        recipient_id=county.township.id,
        starts_on=date(2026, 1, 1),
        ends_on=date(2028, 12, 31),
    )


def form(county: County, **changes: Any) -> dict[str, Any]:
    given = {
        "supporting_id": str(county.hospital.id),
        "recipient_id": str(county.township.id),
        "starts_on": "2026-01-01",
        "ends_on": "2028-12-31",
    }
    return given | changes


def test_an_agreement_is_recorded_and_listed(office: Office, director: Office, county: County) -> None:
    assert "青石镇中心卫生院" in office.open("/agreements/new").text
    assert office.send("/agreements/new", **form(county)).status_code == 302
    for party in (office, director):
        words = words_of(party.open("/agreements"))
        assert "云岭县人民医院 青石镇中心卫生院 2026-01-01 至 2028-12-31 有效" in words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2025-12-31"}, "结束日期不能早于开始日期"),
        ({"ends_on": ""}, "请填写。"),
        ({"recipient_id": "nobody"}, "请从列表中选择"),
    ],
)
def test_what_is_wrong_is_said(office: Office, county: County, changes: dict[str, Any], sentence: str) -> None:
    response = office.send("/agreements/new", **form(county, **changes))
    assert response.status_code == 422
    assert sentence in words_of(response)


def test_the_supporting_side_is_a_hospital(office: Office, county: County) -> None:
    swapped = form(county, supporting_id=str(county.township.id), recipient_id=str(county.hospital.id))
    response = office.send("/agreements/new", **swapped)
    assert response.status_code in (403, 422)


def test_one_agreement_at_a_time(office: Office, county: County, agreement: Agreement) -> None:
    response = office.send("/agreements/new", **form(county))
    assert response.status_code == 409
    assert "该期间已有协议" in words_of(response)


def test_a_period_is_changed(office: Office, agreement: Agreement) -> None:
    path = f"/agreements/{agreement.id}"
    assert "2028-12-31" in office.open(path).text
    assert office.send(path, starts_on="2026-01-01", ends_on="2030-12-31").status_code == 302
    assert db.session.scalars(select(Agreement.ends_on)).one() == date(2030, 12, 31)
    assert office.send(path, starts_on="2026-01-01", ends_on="2020-12-31").status_code == 422


def test_others_are_kept_out(admin: Office, stranger: Office, county: County, agreement: Agreement) -> None:
    assert admin.open("/agreements").status_code == 403
    assert admin.send("/agreements/new", **form(county)).status_code == 403
    assert admin.send(f"/agreements/{agreement.id}", starts_on="2026-01-01", ends_on="2030-12-31").status_code == 403
    assert stranger.open(f"/agreements/{agreement.id}").status_code == 404
    assert stranger.send("/agreements/new", **form(county)).status_code == 404
