"""/check-ins and /me/today as a phone calls them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import WeeklyPattern
from backend.domain.organisations.rules.places import Point, gcj02_from_wgs84
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.phone import ask_nonce, make_phone

EIGHT = datetime(2026, 9, 2, 8, 0, tzinfo=SHANGHAI)
AT_THE_SITE = {"longitude": 103.2, "latitude": 27.3, "accuracy_m": 20, "coordinate_system": "GCJ-02"}


@pytest.fixture(autouse=True)
def _eight_in_the_morning() -> Iterator[None]:
    with time_machine.travel(EIGHT, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])


@pytest.fixture
def phone(county: County) -> dict[str, str]:
    return make_phone(county.doctor)


def body(dispatch: Dispatch, **changes: Any) -> dict[str, Any]:
    return {"dispatch_id": str(dispatch.id), "kind": "in", "location": AT_THE_SITE} | changes


def tap(client: FlaskClient, phone: dict[str, str], given: dict[str, Any], key: str = "key-00001") -> Any:
    nonce = ask_nonce(client, phone, key).get_json()
    if "nonce" in nonce:
        given = {"nonce": nonce["nonce"]} | given
    return client.post("/api/v1/check-ins", json=given, headers=phone | {"Idempotency-Key": key})


def code(response: Any) -> str:
    return str(response.get_json()["error"]["code"])


def test_a_tap_at_the_site_is_told_as_inside(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    response = tap(client, phone, body(dispatch))

    assert response.status_code == 201
    told = response.get_json()["check_in"]
    assert (told["verdict"], told["verdict_label"], told["shift_label"]) == ("inside", "在点内", "上午")
    assert (told["distance_m"], told["site"]["name"], told["reasons"]) == (0, "院本部", [])
    assert told["tapped_at"] == "2026-09-02T08:00:00+08:00"


def test_a_double_tap_is_one_row_and_is_told_the_same(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    first = tap(client, phone, body(dispatch))
    second = tap(client, phone, body(dispatch))

    assert second.status_code == 200
    assert second.get_json()["check_in"] == first.get_json()["check_in"]
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 1


def test_the_same_key_with_another_body_is_422(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    tap(client, phone, body(dispatch))
    response = tap(client, phone, body(dispatch, kind="out"))
    assert (response.status_code, code(response)) == (422, "idempotency_key_reused")


def test_a_phone_that_speaks_wgs84_is_converted_once(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    raw = Point(103.2, 27.3)
    shifted = gcj02_from_wgs84(raw)
    there = {"longitude": raw.longitude, "latitude": raw.latitude, "accuracy_m": 5, "coordinate_system": "WGS-84"}
    told = tap(client, phone, body(dispatch, location=there)).get_json()["check_in"]
    assert told["distance_m"] > 300
    assert told["verdict"] == "outside"
    assert abs(shifted.longitude - raw.longitude) > 0.001


def test_a_tap_without_location_is_recorded_as_uncertain(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    told = tap(client, phone, body(dispatch, location=None, location_denied=True)).get_json()["check_in"]
    assert (told["verdict"], [reason["code"] for reason in told["reasons"]]) == ("uncertain", ["location_denied"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"location": AT_THE_SITE | {"latitude": 91}}, "location.latitude"),
        ({"location": AT_THE_SITE | {"longitude": 0}}, "location.longitude"),
        ({"location": AT_THE_SITE | {"accuracy_m": -1}}, "location.accuracy_m"),
        ({"location": AT_THE_SITE | {"accuracy_m": 1e9}}, "location.accuracy_m"),
        ({"location": AT_THE_SITE | {"coordinate_system": "BD-09"}}, "location.coordinate_system"),
        ({"location": AT_THE_SITE | {"latitude": "27.3"}}, "location.latitude"),
        ({"location": AT_THE_SITE | {"speed": 1}}, "location.speed"),
        ({"dispatch_id": 2.6e-42}, "dispatch_id"),
        ({"dispatch_id": "1"}, "dispatch_id"),
        ({"kind": "lunch"}, "kind"),
        ({"location_denied": "no"}, "location_denied"),
        ({"note": "字" * 201}, "note"),
        ({"note": "a\u0000b"}, "note"),
        ({"verdict": "inside"}, "verdict"),
        ({"offline": {"tapped_at": "yesterday"}}, "offline.tapped_at"),
    ],
)
def test_a_body_that_cannot_be_right_names_the_field_and_writes_nothing(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, changes: dict[str, Any], field: str
) -> None:
    response = tap(client, phone, body(dispatch, **changes))
    assert (response.status_code, code(response)) == (422, "invalid")
    assert field in response.get_json()["error"]["fields"]
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 0


@pytest.mark.parametrize("key", ["", "short", "with blank", "字字字字字字字字", "x" * 65])
def test_a_tap_needs_a_proper_key(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch, key: str) -> None:
    assert tap(client, phone, body(dispatch), key=key).status_code == 422


def test_the_dispatch_of_another_is_not_there(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    other = make_phone(make_person(county.hospital, "沈雪远"))
    patient = make_phone(None)
    director = make_phone(county.director, Role.DIRECTOR)
    for phone in (other, patient, director):
        response = tap(client, phone, body(dispatch))
        assert (response.status_code, code(response)) == (404, "dispatch_not_found")


def test_no_session_and_a_forged_one_are_401(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    forged = {"Authorization": phone["Authorization"][:-1] + ("A" if phone["Authorization"][-1] != "A" else "B")}
    for headers in ({}, {"Authorization": "Bearer x"}, forged):
        assert tap(client, headers, body(dispatch)).status_code == 401
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_an_expired_token_asks_to_refresh(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    with time_machine.travel(EIGHT + timedelta(minutes=16), tick=False):
        response = tap(client, phone, body(dispatch))
    assert (response.status_code, code(response)) == (401, "access_expired")


def test_a_disabled_person_taps_no_more(
    client: FlaskClient, phone: dict[str, str], county: County, dispatch: Dispatch
) -> None:
    county.doctor.disabled_at = EIGHT
    db.session.commit()
    assert tap(client, phone, body(dispatch)).status_code == 401


def test_today_tells_where_one_is_sent_and_what_was_recorded(
    client: FlaskClient, phone: dict[str, str], dispatch: Dispatch
) -> None:
    tap(client, phone, body(dispatch))

    today = client.get("/api/v1/me/today", headers=phone).get_json()

    assert today["weekday_label"] == "星期三"
    assert today["duty"]["recipient"]["name"] == "青石镇中心卫生院"
    assert today["duty"]["current_shift"] == "morning"
    assert today["duty"]["sites"][0] | {"id": ""} == {
        "id": "",
        "name": "院本部",
        "longitude": 103.2,
        "latitude": 27.3,
        "radius_m": 300,
    }
    assert [one["kind_label"] for one in today["taps"]] == ["签到"]


def test_a_day_without_duty_names_the_next_one(client: FlaskClient, phone: dict[str, str], county: County) -> None:
    make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), pattern=WeeklyPattern.of([5]), sites=[county.site]
    )
    today = client.get("/api/v1/me/today", headers=phone).get_json()
    assert today["duty"] is None
    assert (today["next"]["day"], today["next"]["recipient"]["name"]) == ("2026-09-04", "青石镇中心卫生院")


def test_a_patient_has_a_day_without_duty(client: FlaskClient, county: County) -> None:
    today = client.get("/api/v1/me/today", headers=make_phone(None)).get_json()
    assert (today["duty"], today["next"], today["taps"]) == (None, None, [])


def test_a_month_counts_what_its_days_show(client: FlaskClient, phone: dict[str, str], dispatch: Dispatch) -> None:
    tap(client, phone, body(dispatch))

    month = client.get("/api/v1/check-ins?month=2026-09", headers=phone).get_json()

    assert len(month["days"]) == 30
    second = month["days"][1]
    assert (second["state"], second["required_shifts"], len(second["taps"])) == (
        "partial",
        ["morning", "afternoon"],
        1,
    )
    assert month["summary"]["days_checked_in"] == 1


@pytest.mark.parametrize("query", ["", "?month=2026-13", "?month=2026-09&page=1", "?month=2026-09&month=2026-08"])
def test_a_month_that_is_none_is_422(client: FlaskClient, phone: dict[str, str], query: str) -> None:
    assert client.get(f"/api/v1/check-ins{query}", headers=phone).status_code == 422
