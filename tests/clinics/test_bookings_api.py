"""Bookings over the API, as the mini-program asks for them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.domain.accounts.models import Account
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import Channel
from backend.domain.clinics.service.tickets import booking_of_ticket
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock
from tests.support.clinics import link_patient, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import make_person
from tests.support.phone import make_phone

BOOKING = {
    *("id", "status", "status_label", "number", "patient", "clinic", "starts_at", "ends_at", "channel"),
    *("channel_label", "ticket", "may_cancel", "why_not_cancel", "may_appeal", "appeal", "cancelled_for_label"),
    *("offer", "created_at", "version"),
}


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def patient(county: County) -> Patient:
    return make_patient()


@pytest.fixture
def phone(patient: Patient) -> dict[str, str]:
    phone = make_phone(None)
    link_patient(db.session.scalars(select(Account)).one(), patient)
    db.session.commit()
    return phone | {"Idempotency-Key": "key-00000"}


@pytest.fixture
def clinic(county: County) -> Clinic:
    return make_clinic(county.doctor, county.site)


@pytest.fixture
def asked(clinic: Clinic, patient: Patient) -> dict[str, str]:
    return {"clinic_id": str(clinic.id), "patient_id": str(patient.id)}


@pytest.fixture
def made(client: FlaskClient, phone: dict[str, str], asked: dict[str, str]) -> dict[str, Any]:
    response = client.post("/api/v1/bookings", json=asked, headers=phone)
    assert response.status_code == 201
    return dict(said(response))


def said(response: TestResponse) -> Any:
    return response.json


def refusal(response: TestResponse) -> tuple[int, str]:
    return response.status_code, said(response)["error"]["code"]


def test_a_booking_is_made_with_its_number_and_ticket_and_the_name_is_masked(
    made: dict[str, Any], clinic: Clinic
) -> None:
    assert set(made) == BOOKING
    assert (made["status"], made["number"], made["patient"]["name_masked"]) == ("booked", 1, "罗*兰")
    assert (made["clinic"]["id"], made["channel_label"]) == (str(clinic.id), "手机预约")
    assert str(booking_of_ticket(made["ticket"])) == made["id"]
    assert (made["may_cancel"], made["why_not_cancel"], made["version"]) == (True, None, 1)


def test_a_booking_reads_the_same_afterwards(
    client: FlaskClient, phone: dict[str, str], asked: dict[str, str], made: dict[str, Any]
) -> None:
    read = said(client.get(f"/api/v1/bookings/{made['id']}", headers=phone))
    repeated = client.post("/api/v1/bookings", json=asked, headers=phone)
    (listed,) = said(client.get("/api/v1/bookings?scope=coming", headers=phone))["items"]

    assert repeated.status_code == 200
    assert said(repeated) == listed == read
    # The card was read before the place was taken, and is of that instant.
    assert {**made, "clinic": None} == {**read, "clinic": None}


def test_a_reused_key_with_another_body_is_refused(
    client: FlaskClient, phone: dict[str, str], asked: dict[str, str], made: dict[str, Any], clinic: Clinic
) -> None:
    other = asked | {"period_id": str(clinic.periods[0].id)}

    assert refusal(client.post("/api/v1/bookings", json=other, headers=phone)) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"clinic_id": "1"}, "clinic_id"),
        ({"patient_id": None}, "patient_id"),
        ({"period_id": 7}, "period_id"),
        ({"place_id": "1"}, "place_id"),
    ],
)
def test_a_body_that_is_not_right_is_refused(
    client: FlaskClient, phone: dict[str, str], asked: dict[str, str], body: dict[str, object], field: str
) -> None:
    response = client.post("/api/v1/bookings", json=asked | body, headers=phone)

    assert refusal(response) == (422, "invalid")
    assert field in said(response)["error"]["fields"]
    assert db.session.scalars(select(Booking)).all() == []


def test_without_a_key_or_a_session_nothing_is_booked(
    client: FlaskClient, phone: dict[str, str], asked: dict[str, str]
) -> None:
    keyless = {"Authorization": phone["Authorization"]}

    assert client.post("/api/v1/bookings", json=asked, headers=keyless).status_code == 422
    nobody = client.post("/api/v1/bookings", json=asked, headers={"Idempotency-Key": "key-00000"})
    assert refusal(nobody) == (401, "not_logged_in")


def test_another_account_books_for_its_own_patients_only(
    client: FlaskClient, asked: dict[str, str], made: dict[str, Any]
) -> None:
    stranger = make_phone(None) | {"Idempotency-Key": "key-00000"}
    one = f"/api/v1/bookings/{made['id']}"

    assert refusal(client.post("/api/v1/bookings", json=asked, headers=stranger)) == (404, "patient_not_found")
    assert refusal(client.get(one, headers=stranger)) == (404, "booking_not_found")
    assert refusal(client.post(f"{one}/cancel", json={"version": 1}, headers=stranger)) == (404, "booking_not_found")
    assert said(client.get("/api/v1/bookings", headers=stranger))["total"] == 0


def test_who_comes_too_late_is_told_and_offered_the_waitlist(
    client: FlaskClient, phone: dict[str, str], county: County, patient: Patient
) -> None:
    full = make_clinic(make_person(county.hospital), county.site, places={Channel.DESK: 1})
    asked = {"clinic_id": str(full.id), "patient_id": str(patient.id)}

    response = client.post("/api/v1/bookings", json=asked, headers=phone)

    assert refusal(response) == (409, "clinic_full")
    assert "候补" in said(response)["error"]["fields"]["waitlist"][0]


def test_a_booking_is_cancelled_once_its_version_is_right(
    client: FlaskClient, phone: dict[str, str], made: dict[str, Any]
) -> None:
    cancel = f"/api/v1/bookings/{made['id']}/cancel"

    assert refusal(client.post(cancel, json={"version": 9}, headers=phone)) == (412, "stale_version")
    cancelled = said(client.post(cancel, json={"version": 1}, headers=phone))
    assert (cancelled["status"], cancelled["cancelled_for_label"]) == ("cancelled", "本人取消")
    assert (cancelled["ticket"], cancelled["may_cancel"]) == (None, False)


def test_a_booking_moves_in_one_step(
    client: FlaskClient, phone: dict[str, str], made: dict[str, Any], county: County
) -> None:
    later = make_clinic(make_person(county.hospital), county.site)
    phone["Idempotency-Key"] = "key-00001"

    moved = client.post(
        f"/api/v1/bookings/{made['id']}/rebook", json={"clinic_id": str(later.id), "version": 1}, headers=phone
    )

    assert (moved.status_code, said(moved)["clinic"]["id"]) == (201, str(later.id))
    assert said(client.get(f"/api/v1/bookings/{made['id']}", headers=phone))["cancelled_for_label"] == "已改约"


def test_a_no_show_is_appealed_against(client: FlaskClient, phone: dict[str, str], made: dict[str, Any]) -> None:
    booking = db.session.scalars(select(Booking)).one()
    booking.status, booking.noshow_at = BookingStatus.NOSHOW, clock.now()
    appeal = f"/api/v1/bookings/{made['id']}/appeal"

    assert client.post(appeal, json={"text": ""}, headers=phone).status_code == 422
    answered = said(client.post(appeal, json={"text": "路上塌方"}, headers=phone))
    assert (answered["appeal"]["text"], answered["appeal"]["decision"], answered["may_appeal"]) == (
        "路上塌方",
        None,
        False,
    )
