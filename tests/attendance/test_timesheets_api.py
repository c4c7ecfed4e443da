"""/timesheets over HTTP: what a phone sends, and what it is told."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from pypdf import PdfReader

from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern, days_between
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_setting
from tests.support.phone import make_phone
from tests.support.pictures import PNG
from tests.support.timesheets import make_tap, make_taps

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)
Phone = dict[str, str]


@pytest.fixture
def county(client: FlaskClient) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        yield make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    dispatch = make_dispatch(
        county.doctor, county.township, starts_on=FIRST, ends_on=LAST, pattern=WeeklyPattern.of(range(1, 6))
    )
    make_taps(dispatch, days_between(FIRST, date(2026, 10, 15)))
    make_tap(dispatch, LAST, Shift.MORNING)
    return dispatch


@pytest.fixture
def served(dispatch: Dispatch) -> Dispatch:
    make_tap(dispatch, LAST, Shift.AFTERNOON)
    return dispatch


@pytest.fixture
def doctor(county: County) -> Phone:
    return make_phone(county.doctor)


@pytest.fixture
def director(county: County) -> Phone:
    return make_phone(county.director, Role.DIRECTOR)


def ask(client: FlaskClient, phone: Phone, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/timesheets{path}", headers=phone)
    assert response.status_code == status, response.text
    return response.get_json() if response.is_json else response.data


def send(client: FlaskClient, phone: Phone, path: str, status: int = 200, **body: Any) -> Any:
    response = client.post(f"/api/v1/timesheets{path}", headers=phone, json=body)
    assert response.status_code == status, response.text
    return response.get_json()


def submit(client: FlaskClient, phone: Phone, dispatch: Dispatch) -> Any:
    return send(client, phone, f"/{dispatch.id}/2026-10/submit", version=0, remark="")


def test_a_draft_tells_how_each_shift_stands_and_that_it_may_be_handed_in(
    client: FlaskClient, served: Dispatch, doctor: Phone
) -> None:
    sheet = ask(client, doctor, f"/{served.id}/2026-10")
    assert (sheet["id"], sheet["status"], sheet["version"], sheet["may_submit"]) == (None, "draft", 0, True)
    assert sheet["figures"]["due_days"] == sheet["figures"]["served_days"] == "5"
    [week] = sheet["figures"]["required"]
    assert (week["week_starts_on"], week["required_days"], week["served_days"], week["met"]) == (
        "2026-10-12",
        3,
        "5",
        True,
    )
    assert {line["symbol"] for line in sheet["lines"]} == {"√"}
    assert sheet["lines"][0]["check_in"]["verdict"] == "inside"


def test_a_draft_that_is_not_whole_says_why_in_chinese(client: FlaskClient, dispatch: Dispatch, doctor: Phone) -> None:
    sheet = ask(client, doctor, f"/{dispatch.id}/2026-10")
    assert sheet["may_submit"] is False
    assert "补签" in sheet["why_not_submit"]
    refused = send(client, doctor, f"/{dispatch.id}/2026-10/submit", 409, version=0)
    assert refused["error"] == {"code": "days_still_open", "message": sheet["why_not_submit"]}


def test_a_month_goes_from_the_doctor_to_the_director_and_comes_back_signed(
    client: FlaskClient, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    handed_in = submit(client, doctor, served)
    assert (handed_in["status_label"], handed_in["may_countersign"]) == ("待会签", False)
    [waiting] = ask(client, director, "?month=2026-10&status=submitted")["items"]
    assert (waiting["id"], waiting["may_countersign"], waiting["clean"]) == (handed_in["id"], True, True)
    signed = send(client, director, f"/{waiting['id']}/countersign", version=waiting["version"])
    assert (signed["status"], signed["countersigned_by"]) == (
        "countersigned",
        {"name": "郑明卫", "role_label": "受援院长"},
    )
    assert signed["may_countersign"] is signed["may_return"] is False
    assert ask(client, doctor, f"/{served.id}/2026-10")["verification_code"] == signed["verification_code"]


def test_a_month_that_comes_back_says_why(
    client: FlaskClient, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    sheet = submit(client, doctor, served)
    send(client, director, f"/{sheet['id']}/return", 422, version=1, reason="")
    send(client, director, f"/{sheet['id']}/return", version=1, reason="请核对16日")
    returned = ask(client, doctor, f"/{served.id}/2026-10")
    assert (returned["status"], returned["return_reason"], returned["may_submit"]) == ("returned", "请核对16日", True)


def test_an_old_version_is_412_and_changes_nothing(
    client: FlaskClient, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    sheet = submit(client, doctor, served)
    refused = send(client, director, f"/{sheet['id']}/countersign", 412, version=0)
    assert refused["error"]["code"] == "stale_version"
    assert ask(client, director, f"/{served.id}/2026-10")["status"] == "submitted"


def test_several_are_signed_together_and_who_was_left_is_told(
    client: FlaskClient, dispatch: Dispatch, doctor: Phone, director: Phone
) -> None:
    make_tap(dispatch, LAST, Shift.AFTERNOON, Outcome.SUSPECT)
    sheet = submit(client, doctor, dispatch)
    answer = send(client, director, "/countersign", timesheets=[{"id": sheet["id"], "version": 1}])
    assert answer["countersigned"] == []
    assert [(one["id"], one["code"]) for one in answer["left"]] == [(sheet["id"], "not_clean")]
    send(client, director, "/countersign", 422, timesheets=[{"id": sheet["id"], "version": 1}] * 101)


def test_the_printed_forms_carry_the_figures_of_the_api_and_the_code(
    client: FlaskClient, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    sheet = submit(client, doctor, served)
    signed = send(client, director, f"/{sheet['id']}/countersign", version=1)
    paper = PdfReader(BytesIO(ask(client, doctor, f"/{sheet['id']}/form.pdf")))
    text = "".join(page.extract_text() for page in paper.pages)
    assert signed["verification_code"] in re.sub(r"\s", "", text)
    assert "吕芬春" in text
    with zipfile.ZipFile(BytesIO(ask(client, doctor, f"/{sheet['id']}/form.xlsx"))) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert signed["verification_code"] in words
    assert "郑明卫" in words


def test_a_programme_may_ask_for_the_scan_of_the_signed_paper(
    client: FlaskClient, county: County, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    make_setting(county.bureau, "attendance.timesheet_needs_scan", "是")
    sheet = submit(client, doctor, served)
    upload = {"file": (BytesIO(PNG), "考勤表.png")}
    scan = client.post("/api/v1/attachments", headers=director, data=upload).get_json()["id"]
    path = f"/api/v1/timesheets/{sheet['id']}/scan"
    early = client.put(path, headers=director, json={"attachment_id": scan})
    assert (early.status_code, early.get_json()["error"]["code"]) == (409, "timesheet_not_waiting")
    signed = send(client, director, f"/{sheet['id']}/countersign", version=1)
    assert (signed["needs_scan"], signed["has_scan"]) == (True, False)
    assert client.put(path, headers=doctor, json={"attachment_id": scan}).status_code == 404
    assert client.put(path, headers=director, json={"attachment_id": scan}).get_json()["has_scan"] is True
    assert client.get(path, headers=doctor).data == PNG


def test_an_amendment_is_asked_for_countersigned_and_shown_beside_what_was_signed(
    client: FlaskClient, served: Dispatch, doctor: Phone, director: Phone
) -> None:
    sheet = submit(client, doctor, served)
    send(client, director, f"/{sheet['id']}/countersign", version=1)
    change = {"duty_on": "2026-10-16", "shift": "afternoon", "after": "leave", "leave_kind": "official"}
    asked = send(client, doctor, f"/{sheet['id']}/amendments", 201, **change, reason="当日下午回院开会")
    [amendment] = asked["amendments"]
    assert (amendment["before_label"], amendment["after_label"], amendment["may_decide"]) == ("在岗", "公出", False)
    decided = send(client, director, f"/{sheet['id']}/amendments/{amendment['id']}/accept")
    assert decided["figures"]["served_days"] == "4.5"
    assert decided["figures"]["leave"] == [{"kind": "official", "label": "公出", "days": "0.5"}]
    assert [line["amended"] for line in decided["lines"]].count(True) == 1


@pytest.mark.parametrize("month", ["2026-13", "26-10", "2026-10-01", "十月"])
def test_a_month_that_is_none_is_not_found(client: FlaskClient, served: Dispatch, doctor: Phone, month: str) -> None:
    ask(client, doctor, f"/{served.id}/{month}", 404)


def test_what_a_field_may_not_say_is_422_with_a_sentence(client: FlaskClient, served: Dispatch, doctor: Phone) -> None:
    for body in ({}, {"version": "0"}, {"version": -1}, {"version": 0, "sign": True}):
        refused = send(client, doctor, f"/{served.id}/2026-10/submit", 422, **body)
        assert refused["error"]["fields"]
    assert ask(client, doctor, "", 422)["error"]["fields"]["month"] == ["请选择月份；只有待会签的可以不选。"]
