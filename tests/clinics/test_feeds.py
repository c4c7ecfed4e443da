"""An expert's clinics as a calendar reads them: parsed back, cancelled ones told, the address secret and revocable."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from backend.domain.clinics.models.clinics import CalendarFeed, Clinic
from backend.domain.clinics.rules.closures import ClosureReason
from backend.domain.clinics.service.closing import ClosureDraft, close_clinic
from backend.extensions import db
from backend.foundation import clock
from tests.support.accounts import phone_of
from tests.support.clinics import make_account, make_booking, make_clinic, make_patient
from tests.support.county import County, make_county
from tests.support.factories import make_department, make_person

PATH = "/api/v1/me/calendar-feed"


@pytest.fixture
def county(client: FlaskClient) -> County:
    return make_county()


@pytest.fixture
def clinic(county: County) -> Clinic:
    department = make_department(county.township, "内科")
    hours = [(time(9), time(10)), (time(10), time(11, 30))]
    held_on = clock.today() + timedelta(days=3)
    clinic = make_clinic(county.doctor, county.site, held_on=held_on, periods=hours, department=department)
    clinic.note = "请带以往的片子；\\n，不要空腹"
    db.session.commit()
    return clinic


def subscribe(client: FlaskClient, county: County) -> str:
    given = client.post(PATH, headers=phone_of(county.doctor))
    assert given.status_code == 201
    url: str = given.get_json()["url"]
    return url


def events(client: FlaskClient, url: str) -> list[Any]:
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar: Any = Calendar.from_ical(answer.data)
    assert (calendar["version"], calendar["method"], calendar.errors) == ("2.0", "PUBLISH", [])
    found: list[Any] = calendar.walk("VEVENT")
    assert all(event.errors == [] for event in found)
    return found


def test_a_calendar_reads_a_clinic_as_it_is_held(client: FlaskClient, county: County, clinic: Clinic) -> None:
    make_booking(clinic, make_patient("罗桂兰"), account=make_account())
    url = subscribe(client, county)
    (event,) = events(client, url)
    assert event["uid"] == f"clinic-{clinic.id}@bangfu"
    assert (event["status"], event["summary"]) == ("CONFIRMED", "坐诊 青石镇中心卫生院")
    start: datetime = event["dtstart"].dt
    assert (start, event["dtend"].dt) == (clinic.starts_at, clinic.ends_at)
    assert start.utcoffset() == timedelta(0)
    assert event["location"] == "青石镇中心卫生院院本部"
    assert "科室：内科" in event["description"]
    assert event["description"].endswith(clinic.note)
    assert "罗" not in client.get(url).text
    assert all(len(line) <= 75 for line in client.get(url).data.split(b"\r\n"))


def test_a_closed_clinic_is_cancelled_with_a_higher_number_under_the_same_name(
    client: FlaskClient, county: County, clinic: Clinic
) -> None:
    url = subscribe(client, county)
    (before,) = events(client, url)
    close_clinic(county.office, clinic.id, clinic.version, ClosureDraft(ClosureReason.CALLED_BACK))
    (after,) = events(client, url)
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after["summary"] == "【停诊：因公返院】坐诊 青石镇中心卫生院"


def test_who_is_replaced_is_told_by_their_own_calendar(client: FlaskClient, county: County, clinic: Clinic) -> None:
    url = subscribe(client, county)
    clinic.replaces_person_id, clinic.expert = county.doctor.id, make_person(county.hospital, "秦晓东")
    db.session.commit()
    (event,) = events(client, url)
    assert (event["status"], event["summary"]) == ("CANCELLED", "【由秦晓东替诊】坐诊 青石镇中心卫生院")


def test_nobody_s_clinics_but_one_s_own(client: FlaskClient, county: County, clinic: Clinic) -> None:
    make_clinic(make_person(county.hospital, "秦晓东"), county.site, held_on=clinic.held_on)
    assert len(events(client, subscribe(client, county))) == 1


def test_a_new_address_ends_the_old_and_either_can_be_taken_back(client: FlaskClient, county: County) -> None:
    old, new = subscribe(client, county), subscribe(client, county)
    assert old != new
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert client.delete(PATH, headers=phone_of(county.doctor)).status_code == 204
    assert client.get(new).status_code == 404
    assert client.delete(PATH, headers=phone_of(county.doctor)).status_code == 204


def test_an_address_ends_with_its_person_and_is_not_kept_in_plain(client: FlaskClient, county: County) -> None:
    url = subscribe(client, county)
    secret = url.rpartition("/")[2].removesuffix(".ics").encode()
    assert secret not in db.session.scalars(select(CalendarFeed.secret_hash)).one()
    county.doctor.disabled_at = clock.now()
    assert client.get(url).status_code == 404


def test_a_patient_has_no_clinics_of_their_own(client: FlaskClient) -> None:
    assert client.post(PATH, headers=phone_of()).status_code == 403
    assert client.post(PATH).status_code == 401
