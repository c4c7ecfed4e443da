"""Patients at the desk's console: found masked, opened for a purpose, reached anew."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import read_private
from backend.extensions import db
from backend.foundation.actor import Role
from tests.support.clinics import make_booking, make_clinic, make_patient
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person


@pytest.fixture
def desk(app: Flask, county: County) -> Office:
    return Office(app, make_person(county.township, "何春燕", roles=[Role.DESK]), Role.DESK)


@pytest.fixture
def patient(county: County) -> Patient:
    """Somebody who has booked here."""
    patient = make_patient("罗桂兰")
    make_booking(make_clinic(county.doctor, county.site), patient)
    db.session.commit()
    return patient


def test_a_patient_is_found_masked_and_opened_for_a_purpose_on_record(desk: Office, patient: Patient) -> None:
    found = desk.send("/patients/find", name="罗桂")
    assert f"/console/patients/{patient.id}" in found.text
    one = desk.open(f"/patients/{patient.id}")
    for page in (found, one):
        assert "罗*兰" in words_of(page)
        assert "139****1234" in words_of(page)
        assert "13900001234" not in page.text
    assert desk.send(f"/patients/{patient.id}/open").status_code == 422
    opened = desk.send(f"/patients/{patient.id}/open", purpose="电话通知停诊或改约")
    assert "13900001234" in words_of(opened)
    assert opened.headers["Cache-Control"] == "no-store"
    assert "13900001234" not in desk.open(f"/patients/{patient.id}").text
    events = db.session.scalars(select(AuditEvent.details).where(AuditEvent.action == "open_patient")).all()
    assert events == [{"purpose": "电话通知停诊或改约"}]


def test_who_has_not_booked_here_is_found_by_a_full_number_and_not_opened(desk: Office, county: County) -> None:
    elsewhere = make_patient("罗桂芳", telephone="13900005678")
    db.session.commit()
    assert "没有找到" in words_of(desk.send("/patients/find", name="罗桂芳"))
    found = desk.send("/patients/find", telephone="13900005678")
    assert "未在本院预约过" in words_of(found)
    assert desk.open(f"/patients/{elsewhere.id}").status_code == 404
    assert desk.send(f"/patients/{elsewhere.id}/open", purpose="看看").status_code == 404


def test_nothing_to_look_for_is_said(desk: Office) -> None:
    assert "至少一项" in words_of(desk.send("/patients/find"))
    assert "前两个字" in words_of(desk.send("/patients/find", name="罗"))


def test_the_desk_changes_how_to_reach_somebody(desk: Office, patient: Patient) -> None:
    path = f"/patients/{patient.id}/contact"
    assert desk.send(path, telephone="139 0000 8888", address="河口村").status_code == 302
    assert (read_private(patient).telephone, read_private(patient).address) == ("13900008888", "河口村")
    assert "11位手机号" in words_of(desk.send(path, telephone="123"))
    assert "请填写新的电话或住址" in words_of(desk.send(path))
    assert read_private(patient).telephone == "13900008888"


def test_others_of_the_hospital_have_no_such_page(director: Office, office: Office, patient: Patient) -> None:
    assert director.open("/patients").status_code == 403
    assert director.open(f"/patients/{patient.id}").status_code == 403
    assert office.open(f"/patients/{patient.id}").status_code == 404
    assert office.send("/patients/find", name="罗桂兰").status_code == 403
