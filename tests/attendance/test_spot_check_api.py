"""/spot-checks as a phone calls it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.attendance.service.spot_check_rounds import lapse_spot_checks
from backend.domain.dispatch.models import Dispatch
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.phone import make_phone

AT_THE_SITE = {"longitude": 103.2, "latitude": 27.3, "accuracy_m": 20, "coordinate_system": "GCJ-02"}
BY_PLACE = {"means": "location", "location": AT_THE_SITE}
NINE = datetime(2026, 9, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, clock: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), sites=[county.site])


@pytest.fixture
def phone(county: County) -> dict[str, str]:
    return make_phone(county.doctor)


@pytest.fixture
def office(county: County) -> dict[str, str]:
    return make_phone(county.medical_affairs, Role.MEDICAL_AFFAIRS)


@pytest.fixture
def sent(client: FlaskClient, office: dict[str, str], dispatch: Dispatch) -> dict[str, Any]:
    response = client.post(
        "/api/v1/spot-checks", json={"dispatch_id": str(dispatch.id), "kind": "presence"}, headers=office
    )
    assert response.status_code == 201
    told: dict[str, Any] = response.get_json()
    return told


def post(client: FlaskClient, headers: dict[str, str], path: str, given: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/spot-checks{path}", json=given, headers=headers)


def code(response: Any) -> str:
    return str(response.get_json()["error"]["code"])


def test_an_ordered_one_is_sent_received_and_answered(
    client: FlaskClient, phone: dict[str, str], office: dict[str, str], sent: dict[str, Any]
) -> None:
    assert (sent["status_label"], sent["person"]["name"], sent["answer_by"]) == ("已发出", "吕芬春", None)

    received = client.get("/api/v1/spot-checks/open", headers=phone).get_json()
    assert received["server_time"] == "2026-09-02T09:00:00+08:00"
    assert received["spot_check"]["answer_by"] == "2026-09-02T09:15:00+08:00"
    assert received["spot_check"]["recipient"]["name"] == "青石镇中心卫生院"

    response = post(client, phone, f"/{sent['id']}/answer", BY_PLACE)
    assert response.status_code == 200
    told = response.get_json()
    assert (told["status"], told["answer_label"], told["verdict_label"]) == ("answered", "定位", "在点内")
    assert client.get("/api/v1/spot-checks/open", headers=phone).get_json()["spot_check"] is None
    items = client.get("/api/v1/spot-checks?status=answered", headers=office).get_json()["items"]
    assert [item["id"] for item in items] == [sent["id"]]
    assert "location" not in items[0]


def test_to_read_the_day_is_to_receive_it(client: FlaskClient, phone: dict[str, str], sent: dict[str, Any]) -> None:
    today = client.get("/api/v1/me/today", headers=phone).get_json()
    assert (today["spot_check"]["id"], today["spot_check"]["status"]) == (sent["id"], "delivered")


def test_to_read_that_one_is_asked_is_to_have_been_asked(
    client: FlaskClient, office: dict[str, str], phone: dict[str, str], sent: dict[str, Any]
) -> None:
    assert client.get("/api/v1/notifications", headers=phone).status_code == 200
    [row] = client.get("/api/v1/spot-checks", headers=office).get_json()["items"]
    assert row["status"] == "delivered"


def test_others_have_none_to_answer(client: FlaskClient, office: dict[str, str], sent: dict[str, Any]) -> None:
    for headers in (office, make_phone(None)):
        assert client.get("/api/v1/spot-checks/open", headers=headers).get_json()["spot_check"] is None


def test_a_miss_is_explained_by_the_one_and_reviewed_by_the_other(
    client: FlaskClient,
    phone: dict[str, str],
    office: dict[str, str],
    sent: dict[str, Any],
    clock: time_machine.Traveller,
) -> None:
    client.get("/api/v1/spot-checks/open", headers=phone)
    clock.move_to(datetime(2026, 9, 2, 9, 14, tzinfo=SHANGHAI))
    assert code(post(client, phone, f"/{sent['id']}/explain", {"text": "在抢救"})) == "spot_check_settled"
    clock.move_to(datetime(2026, 9, 2, 9, 15, 1, tzinfo=SHANGHAI))
    lapse_spot_checks()
    clock.move_to(datetime(2026, 9, 2, 9, 14, tzinfo=SHANGHAI))  # the sessions of this test live for 15 minutes

    late = post(client, phone, f"/{sent['id']}/answer", BY_PLACE)
    assert (late.status_code, code(late)) == (409, "spot_check_over")
    explained = post(client, phone, f"/{sent['id']}/explain", {"text": "在抢救"}).get_json()
    assert (explained["status"], explained["explanation"], explained["may_explain"]) == ("missed", "在抢救", True)
    (item,) = client.get("/api/v1/spot-checks", headers=office).get_json()["items"]
    assert item["may_review"] is True
    given = {"review": "excused", "reason": "卫生院已证实", "version": item["version"]}
    assert post(client, office, f"/{sent['id']}/review", given | {"version": 1}).status_code == 412
    reviewed = post(client, office, f"/{sent['id']}/review", given).get_json()
    assert (reviewed["review_label"], reviewed["may_review"]) == ("情况属实", False)
    assert code(post(client, office, f"/{sent['id']}/review", given | {"version": reviewed["version"]})) == (
        "spot_check_settled"
    )


def test_a_landline_call_is_recorded(client: FlaskClient, office: dict[str, str], sent: dict[str, Any]) -> None:
    given = {"present": True, "note": "护士站接听", "version": sent["version"]}
    told = post(client, office, f"/{sent['id']}/record-call", given).get_json()
    assert (told["answer_label"], told["verdict"], told["note"]) == ("座机", "inside", "护士站接听")


def test_the_wrong_role_is_refused_and_another_hospital_finds_nothing(
    client: FlaskClient, county: County, phone: dict[str, str], dispatch: Dispatch, sent: dict[str, Any]
) -> None:
    director = make_phone(county.director, Role.DIRECTOR)
    order = {"dispatch_id": str(dispatch.id), "kind": "presence"}
    call = {"present": True, "note": "接听", "version": 1}
    assert post(client, director, "", order).status_code == 403
    assert post(client, phone, "", order).status_code == 403
    assert post(client, director, f"/{sent['id']}/record-call", call).status_code == 403
    assert post(client, director, f"/{sent['id']}/answer", BY_PLACE).status_code == 404
    patient = make_phone(None)
    assert post(client, patient, "", order).status_code == 404
    assert post(client, patient, f"/{sent['id']}/record-call", call).status_code == 404


def test_who_has_one_to_answer_is_not_asked_again(
    client: FlaskClient, office: dict[str, str], dispatch: Dispatch, sent: dict[str, Any]
) -> None:
    again = post(client, office, "", {"dispatch_id": str(dispatch.id), "kind": "presence"})
    assert (again.status_code, code(again)) == (409, "spot_check_open")
    evening = post(client, office, "", {"dispatch_id": str(dispatch.id), "kind": "residence"})
    assert (evening.status_code, code(evening)) == (409, "spot_check_not_now")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"means": "landline"}, "means"),
        ({"means": "shouting"}, "means"),
        ({}, "means"),
        ({"means": "code"}, "code"),
        ({"means": "code", "code": "12"}, "code"),
        ({"means": "location", "location": AT_THE_SITE | {"latitude": 91}}, "location.latitude"),
        ({"means": "surgery", "note": "字" * 201}, "note"),
        ({"means": "surgery", "verdict": "inside"}, "verdict"),
    ],
)
def test_an_answer_that_cannot_be_right_names_its_field(
    client: FlaskClient, phone: dict[str, str], sent: dict[str, Any], given: dict[str, Any], field: str
) -> None:
    response = post(client, phone, f"/{sent['id']}/answer", given)
    assert response.status_code == 422
    assert field in response.get_json()["error"]["fields"]


@pytest.mark.parametrize("query", ["?status=planned", "?status=lost", "?page=0", "?person=x"])
def test_a_list_that_cannot_be_asked_for_is_422(client: FlaskClient, office: dict[str, str], query: str) -> None:
    assert client.get(f"/api/v1/spot-checks{query}", headers=office).status_code == 422
