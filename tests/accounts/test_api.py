"""/session and /me over HTTP: what a phone sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.domain.accounts import service
from backend.domain.accounts.models import BindingRequest
from backend.extensions import db
from backend.foundation.actor import SYSTEM, Role
from tests.support.accounts import bearer, give_identity, log_in, phone_of
from tests.support.county import County, make_county
from tests.support.standin import Standin

NUMBER = "13800001111"


@pytest.fixture
def county(client: FlaskClient) -> County:
    county = make_county()
    give_identity(county.doctor, telephone=NUMBER, tail="123X")
    return county


def bind(client: FlaskClient, standin: Standin, headers: dict[str, str], **changed: Any) -> Any:
    claim = {"phone_code": standin.phone_code(NUMBER), "name": "吕芬春", "identity_last4": "123x"}
    return client.post("/api/v1/me/binding", json=claim | changed, headers=headers)


def test_a_patient_is_told_how_to_be_bound(client: FlaskClient, standin: Standin) -> None:
    answer = log_in(client, standin, "somebody")
    me = client.get("/api/v1/me", headers=bearer(answer)).get_json()
    assert me == answer["me"]
    assert (me["person"], me["roles"], me["current_role"]) == (None, [], None)
    assert me["binding"]["state"] == "unbound"
    assert "身份证后四位" in me["binding"]["message"]


def test_log_in_tells_when_the_tokens_expire_in_local_time(client: FlaskClient, standin: Standin) -> None:
    answer = log_in(client, standin, "somebody")
    assert answer["access_expires_at"].endswith("+08:00")
    lives = datetime.fromisoformat(answer["refresh_expires_at"]) - datetime.fromisoformat(answer["access_expires_at"])
    assert 29 <= lives.days < 30


def test_binding_shows_the_person_and_the_role(client: FlaskClient, standin: Standin, county: County) -> None:
    headers = bearer(log_in(client, standin, "doctor"))
    response = bind(client, standin, headers)
    assert response.status_code == 200
    me = response.get_json()
    assert me["person"] == {
        "id": str(county.doctor.id),
        "name": "吕芬春",
        "staff_number": county.doctor.staff_number,
        "organisation": {"id": str(county.hospital.id), "name": "云岭县人民医院"},
        "title": "主治医师",
        "telephone_masked": "138****1111",
    }
    held = {
        "role": "staff",
        "role_label": "派驻人员",
        "organisation": {"id": str(county.hospital.id), "name": "云岭县人民医院"},
    }
    assert (me["roles"], me["current_role"], me["binding"]["state"]) == ([held], held, "bound")
    assert client.get("/api/v1/me", headers=headers).get_json() == me
    assert bind(client, standin, headers).get_json()["error"]["code"] == "already_bound"


def test_a_second_wechat_gets_202_and_then_hears_of_the_decision(
    client: FlaskClient, standin: Standin, county: County
) -> None:
    bind(client, standin, bearer(log_in(client, standin, "old")))
    headers = bearer(log_in(client, standin, "new"))
    response = bind(client, standin, headers)
    assert (response.status_code, response.get_json()["binding"]["state"]) == (202, "requested")
    request = db.session.query(BindingRequest).one()
    service.decide_binding_request(county.office, request.id, accept=False, reason="请本人来核实。")
    state = client.get("/api/v1/me", headers=headers).get_json()["binding"]
    assert state["state"] == "rejected"
    assert "请本人来核实" in state["message"]


@pytest.mark.usefixtures("county")
def test_a_wrong_claim_is_422_and_too_many_are_429(client: FlaskClient, standin: Standin) -> None:
    headers = bearer(log_in(client, standin, "thief"))
    for _ in range(6):
        response = bind(client, standin, headers, name="别人")
        assert (response.status_code, response.get_json()["error"]["code"]) == (422, "binding_not_matched")
    response = bind(client, standin, headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (429, "too_many_attempts")


@pytest.mark.usefixtures("client")
def test_codes_that_wechat_does_not_know_are_422(client: FlaskClient, standin: Standin) -> None:
    response = client.post("/api/v1/session", json={"code": "made-up"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (422, "login_code_invalid")
    headers = bearer(log_in(client, standin, "somebody"))
    response = bind(client, standin, headers, phone_code="made-up")
    assert (response.status_code, response.get_json()["error"]["code"]) == (422, "phone_code_invalid")


def test_wechat_out_of_order_is_503(client: FlaskClient, standin: Standin) -> None:
    standin.order("faults", kind="http", path="/sns/jscode2session")
    response = client.post("/api/v1/session", json={"code": standin.login_code("somebody")})
    assert (response.status_code, response.get_json()["error"]["code"]) == (503, "wechat_busy")
    assert response.headers["Retry-After"]


def test_a_refresh_keeps_the_session_and_its_reuse_ends_it(client: FlaskClient, standin: Standin) -> None:
    first = log_in(client, standin, "somebody")
    refreshed = client.post("/api/v1/session/refresh", json={"refresh_token": first["refresh_token"]})
    assert refreshed.status_code == 200
    second = refreshed.get_json()
    assert client.get("/api/v1/me", headers=bearer(second)).status_code == 200
    assert client.get("/api/v1/me", headers=bearer(first)).get_json()["error"]["code"] == "access_expired"
    reused = client.post("/api/v1/session/refresh", json={"refresh_token": first["refresh_token"]})
    assert (reused.status_code, reused.get_json()["error"]["code"]) == (401, "session_ended")
    ended = client.get("/api/v1/me", headers=bearer(second))
    assert (ended.status_code, ended.get_json()["error"]["code"]) == (401, "session_ended")


def test_logging_out_is_204_and_final(client: FlaskClient, standin: Standin) -> None:
    headers = bearer(log_in(client, standin, "somebody"))
    response = client.delete("/api/v1/session", headers=headers)
    assert (response.status_code, response.data) == (204, b"")
    assert client.get("/api/v1/me", headers=headers).get_json()["error"]["code"] == "session_ended"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer " + "0" * 32 + "." + "a" * 43, "Bearer \x7f"],
)
def test_without_a_live_token_nobody_gets_in(client: FlaskClient, header: str) -> None:
    response = client.get("/api/v1/me", headers={"Authorization": header})
    assert (response.status_code, response.get_json()["error"]["code"]) == (401, "not_logged_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_current_role_is_one_that_is_held(client: FlaskClient, county: County) -> None:
    service.grant_role(SYSTEM, county.doctor.id, Role.DEAN, county.hospital.id)
    headers = phone_of(county.doctor)
    wanted = {"role": "dean", "organisation_id": str(county.hospital.id)}
    me = client.put("/api/v1/me/current-role", json=wanted, headers=headers).get_json()
    assert (me["current_role"]["role"], me["current_role"]["role_label"]) == ("dean", "院长")
    assert client.get("/api/v1/me", headers=headers).get_json()["current_role"]["role"] == "dean"
    for refused in ({"role": "finance"}, {"organisation_id": str(county.township.id)}):
        response = client.put("/api/v1/me/current-role", json=wanted | refused, headers=headers)
        assert (response.status_code, response.get_json()["error"]["code"]) == (403, "role_not_held")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"identity_last4": "12345"}, "identity_last4"),
        ({"identity_last4": "123X\n"}, "identity_last4"),
        ({"identity_last4": "１２３４"}, "identity_last4"),
        ({"identity_last4": 1234}, "identity_last4"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "吕\x00芬"}, "name"),
        ({"name": "长" * 51}, "name"),
        ({"name": None}, "name"),
        ({"phone_code": ["a"]}, "phone_code"),
        ({"openid": "somebody else"}, "openid"),
    ],
)
def test_bad_input_names_the_field_in_chinese(
    client: FlaskClient, standin: Standin, changed: dict[str, Any], field: str
) -> None:
    response = bind(client, standin, phone_of(), **changed)
    assert response.status_code == 422
    error = response.get_json()["error"]
    assert list(error["fields"]) == [field]
    assert all("\u4e00" <= text[0] <= "\u9fff" for text in error["fields"][field])
