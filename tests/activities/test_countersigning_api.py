"""Countersigning over HTTP: it works, the wrong role, another organisation's record, bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.dialects.postgresql import Range

from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import phone_of
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap

SUBMITTED = RecordStatus.SUBMITTED
ACTIVITIES = "/api/v1/activities"


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def served(county: County) -> Dispatch:
    dispatch = make_dispatch(county.doctor, county.township)
    make_tap(dispatch, clock.today() - timedelta(days=1))
    return dispatch


def waiting(dispatch: Dispatch, **more: Any) -> dict[str, Any]:
    record = make_record(dispatch, occurred_on=clock.today() - timedelta(days=1), status=SUBMITTED, **more)
    return {"id": str(record.id), "version": record.version}


def test_a_director_sees_what_waits_signs_the_clean_together_and_the_odd_alone(
    client: FlaskClient, county: County, served: Dispatch
) -> None:
    director = phone_of(county.director, Role.DIRECTOR)
    clean, odd, other = waiting(served), waiting(served, is_late=True), waiting(served, is_late=True)
    assert client.get("/api/v1/me/today", headers=director).get_json()["todo"]["activities_to_sign"] == 3

    listed = client.get(f"{ACTIVITIES}/waiting", headers=director).get_json()
    assert listed["total"] == 3
    assert {item["id"]: [one["code"] for one in item["odd"]] for item in listed["items"]} == {
        clean["id"]: [],
        odd["id"]: ["late"],
        other["id"]: ["late"],
    }
    assert {item["presence"]["label"] for item in listed["items"]} == {"在岗"}

    together = client.post(f"{ACTIVITIES}/countersign", json={"records": [clean, odd]}, headers=director).get_json()
    assert (together["done"], [one["code"] for one in together["left"]]) == ([clean["id"]], ["record_not_clean"])

    version = {"version": odd["version"]}
    signed = client.post(f"{ACTIVITIES}/{odd['id']}/countersign", json=version, headers=director)
    assert (signed.status_code, signed.get_json()["status"]) == (200, "countersigned")
    assert signed.get_json()["countersigned"]["by"] == "郑明卫"
    again = client.post(f"{ACTIVITIES}/{odd['id']}/countersign", json=version, headers=director)
    assert (again.status_code, again.get_json()["error"]["code"]) == (412, "stale_version")
    now = client.post(f"{ACTIVITIES}/{odd['id']}/countersign", json={"version": 2}, headers=director)
    assert (now.status_code, now.get_json()["error"]["code"]) == (409, "record_not_waiting")

    body = {"version": other["version"], "reason": "请补签到表"}
    returned = client.post(f"{ACTIVITIES}/{other['id']}/return", json=body, headers=director).get_json()
    assert (returned["status"], returned["return_reason"]) == ("returned", "请补签到表")


def test_its_author_amends_a_countersigned_record(client: FlaskClient, county: County, served: Dispatch) -> None:
    record, doctor = make_record(served), phone_of(county.doctor)
    began = client.post(f"{ACTIVITIES}/{record.id}/amend", json={}, headers=doctor)
    assert began.status_code == 201
    edition = began.get_json()
    assert (edition["edition"], edition["status"], edition["series_id"]) == (2, "draft", str(record.id))
    second = client.post(f"{ACTIVITIES}/{record.id}/amend", json={}, headers=doctor)
    assert (second.status_code, second.get_json()["error"]["code"]) == (409, "amendment_open")


def test_who_does_not_sign_there_is_refused(client: FlaskClient, county: County, served: Dispatch) -> None:
    record = waiting(served)
    office = phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    elsewhere = phone_of(make_person(county.other_township, roles=[Role.DIRECTOR]), Role.DIRECTOR)
    path, version = f"{ACTIVITIES}/{record['id']}/countersign", {"version": record["version"]}
    assert client.post(path, json=version, headers=office).status_code == 403
    assert client.post(path, json=version, headers=elsewhere).status_code == 404
    assert client.get(f"{ACTIVITIES}/waiting", headers=office).status_code == 403
    assert client.get(f"{ACTIVITIES}/waiting", headers=elsewhere).get_json()["items"] == []
    assert client.post(f"{ACTIVITIES}/countersign", json={"records": [record]}, headers=office).status_code == 403


def test_a_delegate_signs_within_their_dates_only(client: FlaskClient, county: County, served: Dispatch) -> None:
    delegate = make_person(county.township, "何秋生", roles=[Role.DELEGATE])
    headers, today = phone_of(delegate, Role.DELEGATE), clock.today()
    for during, status in (((today, today + timedelta(days=1)), 200), ((today - timedelta(days=2), today), 404)):
        delegate.roles[0].during = Range(*during)
        db.session.commit()
        record = waiting(served)
        body = {"version": record["version"]}
        answer = client.post(f"{ACTIVITIES}/{record['id']}/countersign", json=body, headers=headers)
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("{id}/countersign", {}),
        ("{id}/countersign", {"version": "1"}),
        ("{id}/return", {"version": 1, "reason": " "}),
        ("{id}/return", {"version": 1, "reason": "长" * 201}),
        ("countersign", {"records": [{"id": "x", "version": 1}]}),
        ("countersign", {"records": [{"id": "{id}", "version": 1}] * 101}),
    ],
)
def test_bad_input_is_told(
    client: FlaskClient, county: County, served: Dispatch, path: str, body: dict[str, Any]
) -> None:
    director = phone_of(county.director, Role.DIRECTOR)
    address = f"{ACTIVITIES}/{path}".format(id=waiting(served)["id"])
    assert client.post(address, json=body, headers=director).status_code == 422


def test_a_longer_list_costs_no_more_statements(client: FlaskClient, county: County, served: Dispatch) -> None:
    director = phone_of(county.director, Role.DIRECTOR)
    costs = []
    for _ in range(2):
        for _ in range(3):
            waiting(served)
        with counted_statements() as statements:
            client.get(f"{ACTIVITIES}/waiting", headers=director)
        costs.append(len(statements))
    assert costs[0] == costs[1]
