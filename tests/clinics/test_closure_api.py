"""Waiting, offers and closures over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.domain.accounts.models import Account
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from tests.support.accounts import phone_of
from tests.support.clinics import link_patient, make_booking, make_clinic, make_patient, places_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person

Headers = dict[str, str]


@dataclass
class Scene:
    """A clinic tomorrow with one who has booked, the next one a week later, and the phones of those concerned."""

    county: County
    clinic: Clinic
    booking: Booking
    patient: Headers
    office: Headers
    desk: Headers


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    county = make_county()
    make_dispatch(county.doctor, county.township)
    make_clinic(county.doctor, county.site, held_on=clock.today() + timedelta(days=8))
    clinic = make_clinic(county.doctor, county.site)
    patient, someone = phone_of(), make_patient()
    account = db.session.query(Account).one()
    link_patient(account, someone)
    booking = make_booking(clinic, someone, account=account)
    db.session.commit()
    return Scene(
        county,
        clinic,
        booking,
        patient,
        phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS),
        phone_of(make_person(county.township, "安小云", roles=[Role.DESK]), Role.DESK),
    )


def close(client: FlaskClient, scene: Scene, **rest: Any) -> Any:
    body = {"reason": "called_back", "version": scene.clinic.version} | rest
    return client.post(f"/api/v1/clinics/{scene.clinic.id}/close", json=body, headers=scene.office)


def test_a_clinic_is_previewed_closed_and_the_offer_taken_with_one_tap(client: FlaskClient, scene: Scene) -> None:
    preview = client.get(f"/api/v1/clinics/{scene.clinic.id}/closure-preview", headers=scene.office).get_json()
    assert (preview["affected"], preview["with_place"], preview["may"]) == (1, 1, True)
    assert preview["proposal"][0]["name_masked"] == "罗*兰"

    closed = close(client, scene, note="下周照常")
    assert closed.status_code == 200, closed.text
    answer = closed.get_json()
    assert (answer["reason_label"], answer["note"], answer["affected"]) == ("因公返院", "下周照常", 1)
    assert answer["told"]["owed"] == 1
    assert answer["clinic"]["state"] == "closed"
    assert not answer["needs_review"]

    (offer,) = client.get("/api/v1/offers", headers=scene.patient).get_json()["items"]
    assert offer["instead_of"]["reason_label"] == "因公返院"
    accepted = client.post(f"/api/v1/offers/{offer['id']}/accept", headers=scene.patient)
    assert accepted.status_code == 201, accepted.text
    assert accepted.get_json()["clinic"]["id"] == offer["clinic"]["id"]
    fallen = client.get(f"/api/v1/bookings/{scene.booking.id}", headers=scene.patient).get_json()
    assert (fallen["cancelled_for_label"], fallen["offer"]["status"]) == ("停诊", "accepted")


def test_the_desk_calls_whom_nobody_reached(client: FlaskClient, scene: Scene) -> None:
    scene.booking.account_id = None
    db.session.commit()
    closure = close(client, scene).get_json()["id"]

    (item,) = client.get(f"/api/v1/closures/{closure}/calls", headers=scene.desk).get_json()["items"]
    assert (item["name"], item["telephone"], item["standing"]) == ("罗桂兰", "13900001234", "unreached")
    assert item["told_label"] == "未送达：没有绑定微信"
    ticked = client.post(
        f"/api/v1/closures/{closure}/calls/{scene.booking.id}",
        json={"outcome": "accepted", "version": item["version"]},
        headers=scene.desk,
    ).get_json()
    assert (ticked["standing"], ticked["call_label"], ticked["answered_label"]) == ("done", "接受改约", "已接受")
    assert client.get(f"/api/v1/closures/{closure}", headers=scene.desk).get_json()["done"] is True
    assert client.get(f"/api/v1/closures/{closure}/calls", headers=scene.office).status_code == 403


def test_odd_closures_are_refused_and_leave_everything_as_it_was(client: FlaskClient, scene: Scene) -> None:
    choice = {"booking_id": str(scene.booking.id), "clinic_id": str(scene.clinic.id)}
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"reason": "bored"}, 422, "invalid"),
        ({"note": "好\u0007"}, 422, "invalid"),
        ({"arrived_remedy": "none"}, 422, "invalid"),
        ({"version": 9}, 412, "stale_version"),
        ({"arrived_remedy": "local_doctor"}, 409, "no_local_doctor"),
        ({"choices": [choice]}, 422, "choice_impossible"),
    ]
    for rest, status, code in wrong:
        response = close(client, scene, **rest)
        assert (response.status_code, response.get_json()["error"]["code"]) == (status, code), rest
    assert client.get("/api/v1/closures", headers=scene.office).get_json()["total"] == 0


def test_waiting_is_joined_seen_and_left(client: FlaskClient, scene: Scene) -> None:
    following = make_clinic(scene.county.doctor, scene.county.site, held_on=clock.today() + timedelta(days=3))
    body = {"clinic_id": str(following.id), "patient_id": str(scene.booking.patient_id)}
    refused = client.post("/api/v1/waitlist-entries", json=body, headers=scene.patient)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "not_full")
    for place in places_of(following):
        if place.channel is Channel.PHONE:
            place.state = PlaceState.BOOKED
    db.session.commit()

    joined = client.post("/api/v1/waitlist-entries", json=body, headers=scene.patient)

    assert joined.status_code == 201, joined.text
    entry = joined.get_json()
    assert (entry["status_label"], entry["ahead"], entry["offer"]) == ("候补中", 0, None)
    assert client.get("/api/v1/waitlist-entries", headers=scene.patient).get_json()["items"] == [entry]
    left = client.post(f"/api/v1/waitlist-entries/{entry['id']}/cancel", headers=scene.patient).get_json()
    assert left["status"] == "cancelled"


def test_another_expert_takes_over(client: FlaskClient, scene: Scene) -> None:
    url, version = f"/api/v1/clinics/{scene.clinic.id}/replace-expert", scene.clinic.version
    colleague = make_person(scene.county.hospital, "何远方")
    body = {"person_id": str(colleague.id), "version": version}
    refused = client.post(url, json=body, headers=scene.office)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "expert_unfit")
