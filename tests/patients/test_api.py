"""/patients over HTTP: what a phone sees, and what it is told when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.clinics.rules.bookings import AppealDecision, BookingStatus
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import Relation
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import phone_of
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import make_person, make_setting

MOTHER = {
    "name": "罗桂兰",
    "relation": "parent",
    "identity_kind": "id_card",
    "identity_number": "11010519491231002X",
    "telephone": "13900001234",
    "address": "青石镇河口村三组",
}


@pytest.fixture
def county(client: FlaskClient) -> County:
    return make_county()


def desk_of(county: County) -> dict[str, str]:
    return phone_of(make_person(county.township, "何春燕", roles=[Role.DESK]), Role.DESK)


def add(client: FlaskClient, headers: dict[str, str], **other: Any) -> tuple[int, dict[str, Any]]:
    response = client.post("/api/v1/patients", json=MOTHER | other, headers=headers)
    return response.status_code, response.get_json()


def test_a_patient_is_added_changed_listed_and_removed_masked_all_along(client: FlaskClient) -> None:
    son = phone_of()
    status, patient = add(client, son)
    assert status == 201
    assert patient | {"age": 0} == {
        "id": patient["id"],
        "name_masked": "罗*兰",
        "sex": "female",
        "age": 0,
        "identity_label": "身份证",
        "identity_masked": "110*************2X",
        "telephone_masked": "139****1234",
        "may_book": True,
        "why_not_book": None,
        "relation": "parent",
        "relation_label": "父母",
    }
    path = f"/api/v1/patients/{patient['id']}"
    changed = client.put(path, json={"telephone": "13900005678"}, headers=son)
    assert changed.get_json()["telephone_masked"] == "139****5678"
    assert client.get("/api/v1/patients", headers=son).get_json()["items"] == [changed.get_json()]
    assert client.delete(path, headers=son).status_code == 204
    assert client.get("/api/v1/patients", headers=son).get_json()["items"] == []


def test_a_stranger_s_name_on_a_known_number_says_nothing_of_whose_it_is(client: FlaskClient) -> None:
    add(client, phone_of())
    status, refusal = add(client, phone_of(), name="张三丰")
    assert (status, refusal["error"]["code"]) == (422, "identity_name_mismatch")
    assert "罗" not in str(refusal)
    assert "fields" not in refusal["error"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"identity_number": "110105194912310021"}, "identity_number"),
        ({"name": "罗桂兰😀"}, "name"),
        ({"name": "罗\u0000兰"}, "name"),
        ({"telephone": "12345"}, "telephone"),
        ({"identity_kind": "desk_word"}, "identity_kind"),
        ({"born_on": "1949-13-01"}, "born_on"),
        ({"note": "x"}, "note"),
    ],
)
def test_what_cannot_be_right_is_said_in_its_field(client: FlaskClient, wrong: dict[str, str], field: str) -> None:
    status, refusal = add(client, phone_of(), **wrong)
    assert (status, list(refusal["error"]["fields"])) == (422, [field])


def test_the_desk_registers_finds_and_opens(client: FlaskClient, county: County) -> None:
    desk = desk_of(county)
    form = {
        "name": "罗桂兰",
        "sex": "female",
        "born_on": "1949-12-31",
        "identity_kind": "desk_word",
        "address": "河口村",
    }
    patient = client.post("/api/v1/patients/register", json=form, headers=desk)
    assert patient.status_code == 201
    assert patient.get_json()["address_given"] is True
    found = client.post("/api/v1/patients/find", json={"name": "罗桂"}, headers=desk).get_json()["items"]
    assert found == [patient.get_json()]
    path = f"/api/v1/patients/{found[0]['id']}/open"
    opened = client.post(path, json={"purpose": "电话通知停诊"}, headers=desk).get_json()
    assert opened == {"name": "罗桂兰", "telephone": None, "address": "河口村", "identity_number": None}
    assert client.post(path, json={}, headers=desk).status_code == 422


def test_a_patient_of_this_hospital_is_opened_by_its_own_desk_only(client: FlaskClient, county: County) -> None:
    patient = make_patient()
    make_booking(make_clinic(county.doctor, county.site), patient)
    elsewhere = phone_of(make_person(county.other_township, "何秋燕", roles=[Role.DESK]), Role.DESK)
    director = phone_of(county.director, Role.DIRECTOR)
    db.session.commit()
    path = f"/api/v1/patients/{patient.id}/open"
    told = {"purpose": "电话通知停诊"}
    assert client.post(path, json=told, headers=desk_of(county)).status_code == 200
    assert client.post(path, json=told, headers=elsewhere).status_code == 404
    assert client.post(path, json=told, headers=director).status_code == 403


def test_another_account_s_patient_does_not_exist(client: FlaskClient) -> None:
    _status, patient = add(client, phone_of())
    path, stranger = f"/api/v1/patients/{patient['id']}", phone_of()
    assert client.put(path, json={"telephone": "13900005678"}, headers=stranger).status_code == 404
    assert client.delete(path, headers=stranger).status_code == 404


def test_a_patient_who_has_not_come_too_often_is_shown_as_suspended_until_when(
    client: FlaskClient, county: County
) -> None:
    for key, value in (("noshows_allowed", 2), ("noshow_window_days", 90), ("suspension_days", 30)):
        make_setting(county.bureau, f"clinics.{key}", value)
    son = phone_of()
    _status, patient = add(client, son)
    record = db.session.get_one(Patient, UUID(patient["id"]))
    for days in (3, 2):
        clinic = make_clinic(county.doctor, county.site, held_on=clock.today() - timedelta(days=days))
        booking = make_booking(clinic, record)
        booking.status, booking.noshow_at = BookingStatus.NOSHOW, clock.now() - timedelta(days=1)
    db.session.commit()
    (shown,) = client.get("/api/v1/patients", headers=son).get_json()["items"]
    last = clock.today() + timedelta(days=28)
    assert shown["may_book"] is False
    assert f"暂停至{last.month}月{last.day}日" in shown["why_not_book"]
    link = db.session.scalars(select(PatientLink)).one()
    link.relation = Relation.RESIDENT
    (shown,) = client.get("/api/v1/patients", headers=son).get_json()["items"]
    assert shown["may_book"] is True
    link.relation = Relation.PARENT
    booking.appeal_decision, booking.appeal_decided_at = AppealDecision.EXCUSED, clock.now()
    (shown,) = client.get("/api/v1/patients", headers=son).get_json()["items"]
    assert (shown["may_book"], shown["why_not_book"]) == (True, None)
