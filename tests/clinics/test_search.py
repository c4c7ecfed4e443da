"""Finding clinics over the API: by anybody, by place, department, expert, day and distance; one's own by offices."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.models import Person
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.queries.cards import cards_of
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.dispatch.models import Suspension
from backend.domain.organisations.models import Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of
from tests.support.clinics import make_booking, make_clinic, make_patient, places_of
from tests.support.factories import make_department, make_dispatch, make_organisation, make_person, make_site

TOMORROW = clock.today() + timedelta(days=1)


class World:
    """Two townships with two experts: 内科 near, 外科 far; a clinic each tomorrow, and one near in four days."""

    def __init__(self) -> None:
        self.hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
        self.near = make_organisation("青石镇中心卫生院")
        self.far = make_organisation("红岩镇卫生院")
        self.here: Site = make_site(self.near)
        self.there: Site = make_site(self.far, longitude="103.900000", latitude="27.800000")
        self.physician: Person = make_person(self.hospital, "吕芬春")
        self.surgeon: Person = make_person(self.hospital, "马向东")
        inner, surgery = make_department(self.near, "内科"), make_department(self.far, "普外科")
        self.tomorrow = make_clinic(
            self.physician, self.here, department=inner, periods=((time(10), time(11)), (time(11), time(12)))
        )
        self.elsewhere = make_clinic(self.surgeon, self.there, department=surgery, periods=((time(9), time(10)),))
        later = TOMORROW + timedelta(days=3)
        self.later = make_clinic(self.physician, self.here, held_on=later, department=inner)


@pytest.fixture
def world(app: Flask) -> World:
    return World()


def answer_to(client: FlaskClient, path: str, **how: Any) -> Any:
    response = client.get(path, **how)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    return response.json


def found(client: FlaskClient, **query: Any) -> list[str]:
    return [item["id"] for item in answer_to(client, "/api/v1/clinics", query_string=query)["items"]]


def ids(*clinics: Clinic) -> list[str]:
    return [str(clinic.id) for clinic in clinics]


def test_anybody_finds_what_is_held_soonest_first(client: FlaskClient, world: World) -> None:
    assert found(client) == ids(world.elsewhere, world.tomorrow, world.later)


def test_the_answer_is_the_card_to_the_letter_and_says_nothing_of_patients(client: FlaskClient, world: World) -> None:
    make_booking(world.tomorrow, make_patient("罗桂兰"))
    answer = answer_to(client, "/api/v1/clinics")
    cards = cards_of([world.tomorrow.id, world.elsewhere.id, world.later.id])
    assert answer["items"] == [cards[one.id] for one in (world.elsewhere, world.tomorrow, world.later)]
    assert {key: answer[key] for key in ("page", "page_size", "total")} == {
        "page": 1,
        "page_size": 20,
        "total": 3,
    }
    assert "罗" not in str(answer)


def test_clinics_are_found_by_site_department_expert_and_day(client: FlaskClient, world: World) -> None:
    assert found(client, site_id=str(world.there.id)) == ids(world.elsewhere)
    assert found(client, department="外科") == ids(world.elsewhere)
    assert found(client, expert="芬春") == ids(world.tomorrow, world.later)
    assert found(client, day_from=str(world.later.held_on)) == ids(world.later)
    assert found(client, day_to=str(TOMORROW)) == ids(world.elsewhere, world.tomorrow)
    assert found(client, department="外科", expert="芬春") == []
    assert found(client, expert="100%") == []


def test_with_a_place_the_nearest_of_a_day_comes_first(client: FlaskClient, world: World) -> None:
    assert found(client, longitude="103.21", latitude="27.31") == ids(world.tomorrow, world.elsewhere, world.later)
    item = answer_to(client, "/api/v1/clinics?longitude=103.2&latitude=27.31")["items"][0]
    assert item["distance_m"] == 1112


def test_only_those_with_free_places_are_found_when_asked(client: FlaskClient, world: World) -> None:
    for place in places_of(world.tomorrow):
        place.state = PlaceState.HELD
    world.later.status = ClinicStatus.CLOSED
    assert found(client, only_free="true") == ids(world.elsewhere)
    assert len(found(client, only_free="false")) == 3


def test_pages_follow_one_another_and_the_total_stays(client: FlaskClient, world: World) -> None:
    pages = [answer_to(client, f"/api/v1/clinics?page={page}&page_size=2") for page in (1, 2, 3)]
    assert [item["id"] for page in pages for item in page["items"]] == ids(world.elsewhere, world.tomorrow, world.later)
    assert [page["total"] for page in pages] == [3, 3, 3]


def test_the_past_is_not_found_unless_it_is_asked_for(client: FlaskClient, world: World) -> None:
    past = make_clinic(world.surgeon, world.there, held_on=clock.today() - timedelta(days=2))
    assert str(past.id) not in found(client)
    assert found(client, day_from=str(past.held_on), day_to=str(past.held_on)) == ids(past)


@pytest.mark.parametrize(
    "query",
    [
        "longitude=103.2",
        "latitude=27.1",
        "longitude=nan&latitude=27",
        "longitude=27&latitude=103",
        "day_from=2026-13-01",
        "only_free=ja",
        "site_id=1",
        "department=",
        "patient=1",
        "page=0",
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(client: FlaskClient, app: Flask, query: str) -> None:
    assert client.get(f"/api/v1/clinics?{query}").status_code == 422


def test_filters_name_what_is_to_come(client: FlaskClient, world: World) -> None:
    past = make_clinic(make_person(world.hospital, "梁过去"), world.here, held_on=clock.today() - timedelta(days=2))
    answer = answer_to(client, "/api/v1/clinics/filters")
    assert answer["departments"] == sorted(answer["departments"])
    assert set(answer["departments"]) == {"内科", "普外科"}
    assert {site["organisation"] for site in answer["sites"]} == {"青石镇中心卫生院", "红岩镇卫生院"}
    assert {expert["name"] for expert in answer["experts"]} == {"吕芬春", "马向东"}
    assert answer["days"] == [str(TOMORROW), str(world.later.held_on)]
    assert str(past.held_on) not in answer["days"]


def test_one_clinic_is_told_with_its_periods(client: FlaskClient, world: World) -> None:
    world.tomorrow.local_doctor_id = make_person(world.near, "覃凤英").id
    make_booking(world.tomorrow, make_patient(), number=1)
    answer = answer_to(client, f"/api/v1/clinics/{world.tomorrow.id}")
    assert [(period["starts_at"][11:16], period["free"], period["capacity"]) for period in answer["periods"]] == [
        ("10:00", 2, 4),
        ("11:00", 3, 4),
    ]
    assert (answer["free"], answer["local_doctor"], answer["closure"]) == (5, "覃凤英", None)


def test_a_closed_clinic_tells_why_and_where_else_one_may_go(client: FlaskClient, world: World) -> None:
    colleague = make_clinic(make_person(world.hospital), world.here, held_on=TOMORROW + timedelta(days=1))
    world.tomorrow.status = ClinicStatus.CLOSED
    db.session.add(
        ClinicClosure(
            id=new_id(), clinic_id=world.tomorrow.id, reason=ClosureReason.CALLED_BACK, closed_as=Role.DUTY, note="抢救"
        )
    )
    answer = answer_to(client, f"/api/v1/clinics/{world.tomorrow.id}")
    assert answer["state"] == "closed"
    assert [period["free"] for period in answer["periods"]] == [0, 0]
    assert answer["closure"]["reason_label"] == "因公返院"
    assert answer["closure"]["note"] == "抢救"
    assert [card["id"] for card in answer["closure"]["next"]] == ids(world.later, colleague)


def test_what_does_not_exist_is_not_found(client: FlaskClient, app: Flask) -> None:
    response = client.get(f"/api/v1/clinics/{new_id()}")
    assert response.status_code == 404
    assert "clinic_not_found" in response.text


def mine(client: FlaskClient, person: Person, role: Role, **query: str) -> list[dict[str, Any]]:
    answer = answer_to(client, "/api/v1/clinics/mine", query_string=query, headers=phone_of(person, role))
    items: list[dict[str, Any]] = answer["items"]
    return items


def test_each_office_and_expert_sees_their_own(client: FlaskClient, world: World) -> None:
    desk = make_person(world.near, roles=[Role.DESK])
    duty = make_person(world.hospital, roles=[Role.DUTY])
    assert [one["id"] for one in mine(client, world.physician, Role.STAFF)] == ids(world.tomorrow, world.later)
    assert [one["id"] for one in mine(client, desk, Role.DESK)] == ids(world.tomorrow, world.later)
    assert len(mine(client, duty, Role.DUTY)) == 3
    assert mine(client, make_person(world.hospital), Role.STAFF) == []
    assert len(mine(client, desk, Role.DESK, day_to=str(TOMORROW))) == 1


def test_offices_see_counts_and_what_they_may_do(client: FlaskClient, world: World) -> None:
    make_booking(world.tomorrow, make_patient(), number=1)
    desk = make_person(world.near, roles=[Role.DESK])
    finance = make_person(world.hospital, roles=[Role.FINANCE])
    (first, _later) = mine(client, desk, Role.DESK)
    assert first["counts"] == {
        "capacity": 8,
        "booked": 1,
        "arrived": 0,
        "fulfilled": 0,
        "noshow": 0,
        "waiting": 0,
        "free_by_channel": {"phone": 5, "desk": 2, "referral": 0, "family_doctor": 0},
    }
    assert (first["may_close"], first["may_add_place"], first["version"]) == (True, True, 1)
    assert not any(one["may_close"] or one["may_add_place"] for one in mine(client, finance, Role.FINANCE))


def test_a_conflict_shows_at_once(client: FlaskClient, world: World) -> None:
    assert mine(client, world.physician, Role.STAFF)[0]["conflict"] == "当天上午没有到该单位的派驻安排"
    dispatch = make_dispatch(world.physician, world.near)
    assert [one["conflict"] for one in mine(client, world.physician, Role.STAFF)] == [None, None]
    rest = Range(TOMORROW, TOMORROW + timedelta(days=1))
    db.session.add(Suspension(id=new_id(), dispatch_id=dispatch.id, during=rest, reason="病假"))
    assert [one["conflict"] for one in mine(client, world.physician, Role.STAFF)] == ["派驻在此期间暂停", None]


def test_who_has_no_clinics_in_their_role_is_refused(client: FlaskClient, world: World) -> None:
    admin = make_person(world.hospital, roles=[Role.ADMIN])
    assert client.get("/api/v1/clinics/mine", headers=phone_of(admin, Role.ADMIN)).status_code == 403


def test_half_a_year_is_not_shown_at_once(client: FlaskClient, world: World) -> None:
    far: date = TOMORROW + timedelta(days=180)
    headers = phone_of(world.physician, Role.STAFF)
    assert client.get(f"/api/v1/clinics/mine?day_to={far}", headers=headers).status_code == 422


def test_places_of_the_desk_are_never_the_phones(client: FlaskClient, world: World) -> None:
    for place in places_of(world.tomorrow):
        if place.channel is Channel.PHONE:
            place.state = PlaceState.WITHDRAWN
    (card,) = answer_to(client, f"/api/v1/clinics?expert=芬春&day_to={TOMORROW}")["items"]
    assert (card["state"], card["free"]) == ("full", 0)
