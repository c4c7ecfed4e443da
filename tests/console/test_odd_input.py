"""Input that no browser sends by itself: a clear refusal or an ordinary page, never a fault of ours."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from tests.imports.workbooks import roster
from tests.support.console import Office, csrf_token_in, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch


@pytest.mark.parametrize("path", ["/dispatches", "/people", "/dispatches/new", "/today"])
def test_a_search_for_what_no_database_can_keep_finds_a_page(office: Office, path: str) -> None:
    assert office.open(path, text="\0").status_code == 200


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-13", "nonsense"])
def test_a_month_far_from_the_dispatch_shows_the_nearest(office: Office, county: County, month: str) -> None:
    dispatch = make_dispatch(county.doctor, county.township, sites=[county.site])
    assert office.open(f"/dispatches/{dispatch.id}", month=month).status_code == 200


@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [("2026-11-21", "9999-12-31"), ("0001-01-01", "0001-01-02"), ("2026-11-21", "2100-01-01")]
)
def test_days_of_other_centuries_are_refused(office: Office, county: County, starts_on: str, ends_on: str) -> None:
    given = {"person_id": county.doctor.id, "recipient_id": county.township.id, "kind": "posted", "halves": "0"}
    response = office.send("/dispatches/new", starts_on=starts_on, ends_on=ends_on, **given)
    assert response.status_code == 422
    assert "2099" in words_of(response)


@pytest.mark.parametrize("system", ["GCJ-02", "WGS-84", "BD-09"])
def test_a_place_beyond_all_numbers_is_refused(admin: Office, county: County, system: str) -> None:
    response = admin.send(
        f"/organisations/{county.hospital.id}/sites",
        name="院本部",
        longitude="1e400",
        latitude="27",
        coordinate_system=system,
        radius_m="300",
    )
    assert response.status_code == 422


def test_a_name_that_no_database_can_keep_is_refused(admin: Office, county: County) -> None:
    response = admin.send(f"/organisations/{county.hospital.id}/departments", name="内\0科")
    assert response.status_code == 422
    assert "不能识别的字符" in words_of(response)


@pytest.mark.parametrize("field", ["staff_number", "organisation_code"])
def test_a_log_in_with_what_no_database_can_keep_is_refused(app: Flask, field: str) -> None:
    client = app.test_client()
    token = csrf_token_in(client.get("/console/login"))
    given = {"csrf_token": token, "staff_number": "A1", "password": "nobody knows", field: "A\0"}
    assert client.post("/console/login", data=given).status_code == 422


def test_a_file_of_a_name_that_no_database_can_keep_is_taken(office: Office) -> None:
    file = (io.BytesIO(roster()), "花名册\0.xlsx")
    assert office.send("/imports", kind="roster", file=file).status_code == 302


def test_a_document_that_no_database_can_keep_is_refused(admin: Office, county: County) -> None:
    response = admin.send(
        f"/settings/{county.hospital.id}/attendance.late_upload_days",
        value="3",
        effective_on="2026-11-21",
        document_title="\0",
        document_number="\0",
    )
    assert response.status_code == 422
