"""/organisations and /sites: what one has to do with, and nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from backend.domain.organisations.models import Agreement
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch


@pytest.fixture
def county(client: FlaskClient) -> County:
    return make_county()


def names(client: FlaskClient, headers: dict[str, str]) -> set[str]:
    page = client.get("/api/v1/organisations?page_size=100", headers=headers).get_json()
    assert page["total"] == len(page["items"])
    return {one["name"] for one in page["items"]}


def test_a_patient_has_to_do_with_none(client: FlaskClient, county: County) -> None:
    assert names(client, phone_of()) == set()
    assert client.get(f"/api/v1/organisations/{county.hospital.id}", headers=phone_of()).status_code == 404


def test_a_doctor_sees_the_employer_and_where_they_are_sent(client: FlaskClient, county: County) -> None:
    make_dispatch(county.doctor, county.township)
    assert names(client, phone_of(county.doctor)) == {"云岭县人民医院", "青石镇中心卫生院"}


def test_partners_by_agreement_see_each_other(client: FlaskClient, county: County) -> None:
    today = clock.today()
    db.session.add(
        Agreement(
            id=new_id(),
            supporting_id=county.hospital.id,
            recipient_id=county.township.id,
            starts_on=today,
            ends_on=today,
        )
    )
    both = {"云岭县人民医院", "青石镇中心卫生院"}
    assert names(client, phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)) == both
    assert names(client, phone_of(county.director, Role.DIRECTOR)) == both


def test_an_organisation_is_described_with_its_kind_in_chinese(client: FlaskClient, county: County) -> None:
    one = client.get(f"/api/v1/organisations/{county.hospital.id}", headers=phone_of(county.doctor)).get_json()
    assert one == {
        "id": str(county.hospital.id),
        "code": county.hospital.code,
        "name": "云岭县人民医院",
        "kind": "county_hospital",
        "kind_label": "县级医院",
        "level": "",
        "parent_id": str(county.bureau.id),
    }


def test_sites_are_those_of_an_organisation_in_sight(client: FlaskClient, county: County) -> None:
    make_dispatch(county.doctor, county.township)
    headers = phone_of(county.doctor)
    answer = client.get(f"/api/v1/sites?organisation_id={county.township.id}", headers=headers).get_json()
    assert answer["items"] == [
        {"id": str(county.site.id), "name": "院本部", "longitude": 103.2, "latitude": 27.3, "radius_m": 300}
    ]
    for unseen in (county.other_township, county.foreign_hospital):
        assert client.get(f"/api/v1/sites?organisation_id={unseen.id}", headers=headers).status_code == 404


def test_pages_do_not_overlap(client: FlaskClient, county: County) -> None:
    make_dispatch(county.doctor, county.township)
    headers = phone_of(county.doctor)
    pages = [client.get(f"/api/v1/organisations?page_size=1&page={n}", headers=headers).get_json() for n in (1, 2, 3)]
    assert [len(page["items"]) for page in pages] == [1, 1, 0]
    assert pages[0]["items"] != pages[1]["items"]
    assert {page["total"] for page in pages} == {2}
