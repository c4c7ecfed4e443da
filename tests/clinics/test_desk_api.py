"""The desk as a phone works with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.domain.clinics.service.no_shows import mark_no_show
from backend.domain.clinics.service.tickets import ticket_of
from backend.extensions import db
from backend.foundation import clock as the_clock
from backend.foundation.actor import Role
from tests.clinics.desk_world import Desk, at, make_desk
from tests.support.accounts import phone_of
from tests.support.clinics import make_patient
from tests.support.factories import make_person


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask, clock: time_machine.Traveller) -> Desk:
    return make_desk()


@pytest.fixture
def phone(desk: Desk) -> dict[str, str]:
    return phone_of(desk.person, Role.DESK)


def post(client: FlaskClient, headers: dict[str, str], path: str, given: dict[str, Any], key: str = "") -> TestResponse:
    more = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1{path}", json=given, headers=headers | more)


def code(response: TestResponse) -> str:
    return str(response.get_json()["error"]["code"])


def test_the_list_shows_masked_names_and_the_queue(client: FlaskClient, desk: Desk, phone: dict[str, str]) -> None:
    for number in (1, 2):
        desk.book(number)
    second = desk.book(5)
    post(client, phone, f"/bookings/{second.id}/arrive", {"version": 1})

    told = client.get(f"/api/v1/clinics/{desk.clinic.id}/bookings", headers=phone).get_json()

    assert (told["total"], [item["number"] for item in told["items"]]) == (3, [1, 2, 5])
    first, *_, last = told["items"]
    assert (first["patient"]["name_masked"], first["patient"]["identity_label"]) == ("欧**珠", "社会保障卡")
    assert (last["queue"], last["status_label"], last["arrived_at"]) == (1, "已报到", "2026-09-02T09:00:00+08:00")
    assert "欧阳明珠" not in str(told)


def test_somebody_arrives_is_called_and_seen(client: FlaskClient, desk: Desk, phone: dict[str, str]) -> None:
    path = f"/bookings/{desk.book(1).id}"
    assert post(client, phone, f"{path}/arrive", {"version": 1}).get_json()["status"] == "arrived"
    assert post(client, phone, f"{path}/arrive", {"version": 1}).status_code == 412
    assert post(client, phone, f"{path}/call", {"version": 2}).get_json()["called_at"] is not None
    seen = post(client, phone, f"{path}/fulfil", {"version": 3}).get_json()
    assert (seen["status"], seen["version"], seen["queue"]) == ("fulfilled", 4, None)
    again = post(client, phone, f"{path}/arrive", {"version": 4})
    assert (again.status_code, code(again)) == (409, "visit_settled")


def test_a_ticket_registers_once_and_a_forged_or_foreign_one_does_not(
    client: FlaskClient, desk: Desk, phone: dict[str, str]
) -> None:
    ticket = ticket_of(desk.book(1).id)
    first, again = (post(client, phone, "/bookings/arrivals", {"ticket": ticket}) for _ in range(2))
    assert (first.status_code, first.get_json()["status"]) == (200, "arrived")
    assert again.get_json() == first.get_json()
    forged = post(client, phone, "/bookings/arrivals", {"ticket": ticket[:-1] + ("B" if ticket[-1] == "A" else "A")})
    assert (forged.status_code, code(forged)) == (422, "ticket_invalid")
    foreign = post(client, phone, "/bookings/arrivals", {"ticket": ticket_of(make_desk().book(1).id)})
    assert (foreign.status_code, code(foreign)) == (404, "booking_not_found")


def test_who_walks_in_is_booked_once_however_often_it_is_sent(
    client: FlaskClient, desk: Desk, phone: dict[str, str]
) -> None:
    patient = make_patient()
    db.session.commit()
    path, given = f"/clinics/{desk.clinic.id}/bookings", {"patient_id": str(patient.id), "arrived": True}

    made, again = (post(client, phone, path, given, key="walk-in-1") for _ in range(2))

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.get_json() == again.get_json() | {"queue": 1}
    assert made.get_json()["channel_label"] == "现场"
    other = post(client, phone, path, given | {"extra": True}, key="walk-in-1")
    assert (other.status_code, code(other)) == (422, "idempotency_key_reused")
    assert post(client, phone, path, given).status_code == 422  # without a key
    assert post(client, phone, path, {"patient_id": str(uuid4())}, key="walk-in-2").status_code == 404


def test_the_expert_adds_places_and_does_nothing_else(client: FlaskClient, desk: Desk) -> None:
    expert = phone_of(desk.county.doctor)
    booking = desk.book(1)
    period = str(desk.clinic.periods[0].id)

    added = post(client, expert, f"/clinics/{desk.clinic.id}/places", {"period_id": period, "count": 2})

    assert added.status_code == 201
    assert [place["number"] for place in added.get_json()["items"]] == [9, 10]
    assert client.get(f"/api/v1/clinics/{desk.clinic.id}/bookings", headers=expert).get_json()["total"] == 1
    assert post(client, expert, f"/bookings/{booking.id}/arrive", {"version": 1}).status_code == 403
    assert post(client, expert, f"/bookings/{booking.id}/no-show", {"version": 1}).status_code == 403


def test_a_batch_tells_what_it_left(client: FlaskClient, desk: Desk, clock: time_machine.Traveller) -> None:
    seen, missed = desk.book(1), desk.book(5)
    given = {
        "bookings": [
            {"id": str(seen.id), "version": 1, "status": "fulfilled"},
            {"id": str(missed.id), "version": 1, "status": "noshow"},
        ]
    }
    outcome = post(client, phone_of(desk.person, Role.DESK), f"/clinics/{desk.clinic.id}/attendance", given)
    assert outcome.get_json()["done"] == [str(seen.id)]
    (left,) = outcome.get_json()["left"]
    assert (left["id"], left["code"]) == (str(missed.id), "period_not_over")
    assert "路上" in left["message"]


def test_an_appeal_is_decided_by_a_colleague(client: FlaskClient, desk: Desk, clock: time_machine.Traveller) -> None:
    clock.move_to(at(11))
    booking = desk.book(1)
    mark_no_show(desk.actor, booking.id, 1)
    booking.appeal, booking.appealed_at = "山路塌方", the_clock.now()
    colleague = make_person(desk.county.township, roles=[Role.DESK])
    given = {"decision": "excused", "reason": "属实", "version": 2}
    own, other = phone_of(desk.person, Role.DESK), phone_of(colleague, Role.DESK)

    (item,) = client.get("/api/v1/appeals", headers=other).get_json()["items"]
    assert (item["text"], item["may_decide"], item["clinic"]["expert"]["name"]) == ("山路塌方", True, "吕芬春")
    assert client.get("/api/v1/appeals", headers=own).get_json()["items"][0]["may_decide"] is False
    path = f"/bookings/{booking.id}/decide-appeal"
    assert code(post(client, own, path, given)) == "own_mark"
    assert post(client, other, path, given).status_code == 200
    assert code(post(client, other, path, given | {"version": 3})) == "appeal_settled"


def test_another_hospitals_desk_finds_nothing_and_other_roles_are_refused(client: FlaskClient, desk: Desk) -> None:
    booking = desk.book(1)
    elsewhere = phone_of(make_person(desk.county.other_township, roles=[Role.DESK]), Role.DESK)
    director = phone_of(desk.county.director, Role.DIRECTOR)
    for headers, status in ((elsewhere, 404), (phone_of(), 404), (director, 403)):
        assert client.get(f"/api/v1/clinics/{desk.clinic.id}/bookings", headers=headers).status_code == status
        assert post(client, headers, f"/bookings/{booking.id}/arrive", {"version": 1}).status_code == status
        assert post(client, headers, f"/clinics/{desk.clinic.id}/attendance", {"bookings": []}).status_code == status


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [
        ("/bookings/{booking}/arrive", {}, "version"),
        ("/bookings/{booking}/arrive", {"version": 0}, "version"),
        ("/clinics/{clinic}/places", {"period_id": "x", "count": 1}, "period_id"),
        ("/clinics/{clinic}/places", {"period_id": str(uuid4()), "count": 6}, "count"),
        ("/clinics/{clinic}/attendance", {"bookings": [{"id": str(uuid4()), "version": 1}]}, "bookings.0.status"),
        (
            "/clinics/{clinic}/attendance",
            {"bookings": [{"id": str(uuid4()), "version": 1, "status": "cancelled"}]},
            "bookings.0.status",
        ),
        ("/bookings/{booking}/decide-appeal", {"decision": "excused", "version": 1, "reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_right_names_its_field(
    client: FlaskClient, desk: Desk, phone: dict[str, str], path: str, given: dict[str, Any], field: str
) -> None:
    address = path.format(booking=desk.book(1).id, clinic=desk.clinic.id)
    response = post(client, phone, address, given)
    assert response.status_code == 422
    assert field in response.get_json()["error"]["fields"]
