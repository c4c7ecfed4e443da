"""Who signs for a director (授权代签): given with dates by the director or a bureau, ended, gone when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.accounts.errors import RoleUnfit
from backend.domain.accounts.models import Account, Person, RoleHolding
from backend.domain.accounts.queries import holders_of, list_roles, standing_of
from backend.domain.accounts.rules import DelegationState, delegation_state, why_not_delegation
from backend.domain.accounts.service import grant_role
from backend.domain.audit.models import AuditEvent
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.accounts import give_identity, log_in, phone_of
from tests.support.console import Office
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person
from tests.support.standin import Standin

NOW = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 9, 3)


@pytest.fixture(autouse=True)
def _a_thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def nurse(county: County) -> Person:
    return make_person(county.township, "韦护士长", roles=[])


@pytest.fixture
def director(county: County) -> dict[str, str]:
    return phone_of(county.director, Role.DIRECTOR)


def give(
    client: FlaskClient, phone: dict[str, str], person: Person, first: str = "2026-09-03", last: str = "2026-09-09"
) -> Any:
    given = {"person_id": str(person.id), "starts_on": first, "ends_on": last}
    return client.post("/api/v1/delegations", json=given, headers=phone)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), SHANGHAI) + timedelta(hours=hour)


def roles_of(client: FlaskClient, person: Person) -> list[str]:
    told = client.get("/api/v1/me", headers=phone_of(person, None)).get_json()
    return [held["role"] for held in told["roles"]]


def test_a_director_names_who_signs_and_that_person_is_told_and_may_stand_in_it(
    client: FlaskClient, county: County, nurse: Person, director: dict[str, str]
) -> None:
    given = give(client, director, nurse)
    assert given.status_code == 201
    told = given.get_json()
    assert (told["person"]["name"], told["state"], told["state_label"]) == ("韦护士长", "current", "生效中")
    assert (told["starts_on"], told["ends_on"], told["given_by"]) == ("2026-09-03", "2026-09-09", county.director.name)
    assert client.get("/api/v1/delegations", headers=director).get_json() == {"items": [told]}

    phone = phone_of(nurse, None)
    stand = {"role": "delegate", "organisation_id": str(county.township.id)}
    assert (
        client.put("/api/v1/me/current-role", json=stand, headers=phone).get_json()["current_role"]["role"]
        == "delegate"
    )
    assert client.get("/api/v1/leave-requests", headers=phone).status_code == 200
    (notice,) = db.session.scalars(select(InboxItem).where(InboxItem.person_id == nurse.id))
    assert (notice.title, "2026-09-03至2026-09-09" in notice.body) == ("已授权您代签", True)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "give_delegation")).one()
    assert (event.subject_id, event.organisation_id, event.details["ends_on"]) == (
        *(nurse.id, county.township.id),
        "2026-09-09",
    )


@pytest.mark.parametrize(
    ("day", "hour", "held"),
    [("2026-09-02", 23, False), ("2026-09-03", 0, True), ("2026-09-09", 23, True), ("2026-09-10", 0, False)],
)
def test_it_holds_from_its_first_day_to_its_last_wherever_roles_are_told(
    app: Flask, client: FlaskClient, county: County, day: str, hour: int, held: bool
) -> None:
    deputy = make_person(county.township, "韦护士长", roles=[Role.STAFF])
    deputy.roles.append(
        RoleHolding(
            organisation_id=county.township.id, role=Role.DELEGATE, during=Range(TODAY, TODAY + timedelta(days=7))
        )
    )
    db.session.commit()
    with time_machine.travel(at(day, hour), tick=False):
        expected = ["delegate", "staff"] if held else ["staff"]
        assert [row.role for row in list_roles(deputy.id)] == expected
        assert roles_of(client, deputy) == expected
        assert [row.role for row in standing_of(acting(deputy, Role.STAFF), deputy.id).roles] == expected
        assert (deputy.id in holders_of(Role.DELEGATE, county.township.id)) is held
        stand = {"role": "delegate", "organisation_id": str(county.township.id)}
        answer = client.put("/api/v1/me/current-role", json=stand, headers=phone_of(deputy))
        assert (answer.status_code == 200) is held
        assert ("授权代签人" in Office(app, deputy, Role.STAFF).open("/welcome").text) is held


def role_after_log_in(client: FlaskClient, standin: Standin, openid: str) -> Any:
    me: Any = log_in(client, standin, openid)["me"]
    return me["current_role"] and me["current_role"]["role"]


def test_somebody_who_only_will_sign_logs_in_without_a_role(
    client: FlaskClient, standin: Standin, county: County, nurse: Person, director: dict[str, str]
) -> None:
    give(client, director, nurse, "2026-09-05")
    give_identity(nurse, telephone="13800003333")
    phone_of(nurse, None)
    openid = "openid-of-nurse"
    db.session.query(Account).filter_by(person_id=nurse.id).update({"openid": openid})
    db.session.commit()
    assert role_after_log_in(client, standin, openid) is None
    with time_machine.travel(at("2026-09-05"), tick=False):
        assert role_after_log_in(client, standin, openid) == "delegate"


def test_a_session_that_stands_in_it_has_lost_it_the_day_after(
    client: FlaskClient, county: County, nurse: Person, director: dict[str, str]
) -> None:
    give(client, director, nurse)
    with time_machine.travel(at("2026-09-10", 0), tick=False):
        phone = phone_of(nurse, Role.DELEGATE)
        assert client.get("/api/v1/delegations", headers=phone).status_code == 403


def test_ending_takes_it_away_at_once_and_keeps_what_was(
    client: FlaskClient, county: County, nurse: Person, director: dict[str, str]
) -> None:
    told = give(client, director, nurse).get_json()
    with time_machine.travel(at("2026-09-05"), tick=False):
        director = phone_of(county.director, Role.DIRECTOR)
        deputy = phone_of(nurse, Role.DELEGATE)
        assert client.get("/api/v1/delegations", headers=deputy).status_code == 200
        path = f"/api/v1/delegations/{told['id']}/end"
        assert client.post(path, headers=deputy).status_code == 403
        assert client.post(path, headers=director).status_code == 204
        assert client.get("/api/v1/delegations", headers=deputy).status_code == 403
        (row,) = client.get("/api/v1/delegations", headers=director).get_json()["items"]
        assert (row["state"], row["ends_on"]) == ("ended", "2026-09-04")
        assert code(client.post(path, headers=director)) == (409, "delegation_over")
        again = give(client, director, nurse, "2026-09-05", "2026-09-06")
        assert again.status_code == 201


def test_one_that_has_not_begun_is_as_if_it_had_not_been_given(
    client: FlaskClient, nurse: Person, director: dict[str, str]
) -> None:
    told = give(client, director, nurse, "2026-09-05").get_json()
    assert told["state"] == "planned"
    assert client.post(f"/api/v1/delegations/{told['id']}/end", headers=director).status_code == 204
    assert client.get("/api/v1/delegations", headers=director).get_json() == {"items": []}


def test_one_at_a_time_a_person(client: FlaskClient, nurse: Person, director: dict[str, str]) -> None:
    give(client, director, nurse, "2026-09-05")
    assert code(give(client, director, nurse, "2026-10-05", "2026-10-06")) == (409, "delegation_exists")


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-09-02", "2026-09-05"), ("2026-09-05", "2026-09-04"), ("2026-09-05", "2027-09-06")],
)
def test_days_that_make_no_sense_are_refused(
    client: FlaskClient, nurse: Person, director: dict[str, str], first: str, last: str
) -> None:
    assert code(give(client, director, nurse, first, last)) == (422, "delegation_invalid")


def test_only_people_of_the_recipient_who_are_there_and_do_not_sign_anyway(
    client: FlaskClient, county: County, director: dict[str, str]
) -> None:
    gone = make_person(county.township, roles=[])
    gone.disabled_at = clock.now()
    second = make_person(county.township, roles=[Role.DIRECTOR])
    for person in (county.director, second, gone):
        assert code(give(client, director, person)) == (422, "delegation_invalid")
    for person in (county.doctor, make_person(county.other_township), make_person(county.foreign_hospital)):
        assert give(client, director, person).status_code == 404


def test_a_bureau_names_somebody_where_the_director_cannot(client: FlaskClient, county: County, nurse: Person) -> None:
    bureau = phone_of(make_person(county.bureau, "莫清源", roles=[Role.BUREAU]), Role.BUREAU)
    assert give(client, bureau, nurse).get_json()["given_by"] == "莫清源"
    assert code(give(client, bureau, make_person(county.bureau))) == (422, "delegation_invalid")
    assert give(client, bureau, make_person(county.foreign_hospital)).status_code == 404


def test_candidates_are_found_by_name_and_leave_out_who_signs_anyway(
    client: FlaskClient, county: County, nurse: Person, director: dict[str, str]
) -> None:
    make_person(county.township, "莫医生", roles=[])
    make_person(county.other_township, "韦别处", roles=[])

    def names(**query: Any) -> list[str]:
        answer = client.get("/api/v1/delegations/candidates", query_string=query, headers=director)
        return [item["name"] for item in answer.get_json()["items"]]

    assert set(names()) == {"韦护士长", "莫医生"}
    assert names(text="韦") == ["韦护士长"]
    elsewhere = client.get(
        "/api/v1/delegations/candidates", query_string={"organisation_id": county.other_township.id}, headers=director
    )
    assert elsewhere.status_code == 404


def test_nobody_gives_it_as_a_role(county: County, nurse: Person) -> None:
    admin = acting(make_person(county.township, roles=[Role.ADMIN]), Role.ADMIN)
    with pytest.raises(RoleUnfit, match="role_unfit"):
        grant_role(admin, nurse.id, Role.DELEGATE, county.township.id)


def test_offices_elsewhere_see_none_of_it(client: FlaskClient, county: County, nurse: Person) -> None:
    for person, role, status in (
        (county.medical_affairs, Role.MEDICAL_AFFAIRS, 403),
        (make_person(county.other_township, roles=[Role.DIRECTOR]), Role.DIRECTOR, 200),
    ):
        answer = client.get("/api/v1/delegations", headers=phone_of(person, role))
        assert answer.status_code == status
        assert give(client, phone_of(person, role), nurse).status_code == 404
    assert answer.get_json() == {"items": []}


def test_states_of_a_day() -> None:
    first, after = date(2028, 2, 28), date(2028, 3, 1)
    states = [delegation_state(first, after, date(2028, 2, 27) + timedelta(days=days)) for days in range(4)]
    assert states == [DelegationState.PLANNED, DelegationState.CURRENT, DelegationState.CURRENT, DelegationState.ENDED]
    assert why_not_delegation(first, first, first) == {}
    assert "ends_on" in why_not_delegation(first, first + timedelta(days=366), first)
    assert why_not_delegation(first, first + timedelta(days=365), first) == {}
