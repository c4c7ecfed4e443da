"""/dispatches and /rotations as a phone calls them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.domain.dispatch.models import Dispatch, Rotation
from backend.domain.dispatch.rules import DispatchKind, Shift, WeeklyPattern
from backend.foundation.actor import Role
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.phone import make_phone


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(
        county.doctor,
        county.township,
        kind=DispatchKind.VISITING,
        pattern=WeeklyPattern.of([3], [Shift.MORNING]),
        sites=[county.site],
        rotation=Rotation(supporting_id=county.hospital.id, name="2026年下半年"),
    )


def test_a_doctor_finds_their_own_dispatch(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    make_dispatch(make_person(county.hospital, "沈雪远"), county.township)

    listed = client.get("/api/v1/dispatches", headers=make_phone(county.doctor)).get_json()

    assert listed["total"] == 1
    told = listed["items"][0]
    assert (told["id"], told["weekly"], told["state_label"]) == (str(dispatch.id), "周三 上午", "进行中")
    assert (told["kind_label"], told["rotation"]["name"]) == ("定期坐诊", "2026年下半年")


def test_a_director_reads_those_sent_to_their_hospital(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    phone = make_phone(county.director, Role.DIRECTOR)
    assert client.get(f"/api/v1/dispatches/{dispatch.id}", headers=phone).get_json()["id"] == str(dispatch.id)


def test_the_dispatch_of_another_hospital_is_404(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    stranger = make_phone(
        make_person(county.foreign_hospital, "卫国", roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS
    )
    response = client.get(f"/api/v1/dispatches/{dispatch.id}", headers=stranger)
    assert (response.status_code, response.get_json()["error"]["code"]) == (404, "dispatch_not_found")


def test_a_role_without_the_right_is_403(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    admin = make_phone(make_person(county.hospital, "张兰", roles=[Role.ADMIN]), Role.ADMIN)
    for path in (f"/api/v1/dispatches/{dispatch.id}", "/api/v1/dispatches", "/api/v1/rotations"):
        assert client.get(path, headers=admin).status_code == 403


@pytest.mark.parametrize("query", ["page=0", "page_size=101", "page=2.6e-42", "state=lost", "colour=red"])
def test_a_query_that_is_not_known_is_refused(client: FlaskClient, county: County, query: str) -> None:
    response = client.get(f"/api/v1/dispatches?{query}", headers=make_phone(county.doctor))
    assert response.status_code == 422


def test_a_doctor_finds_the_rotation_of_their_dispatch(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    told = client.get("/api/v1/rotations", headers=make_phone(county.doctor)).get_json()
    assert [one["name"] for one in told["items"]] == ["2026年下半年"]
