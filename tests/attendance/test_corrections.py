"""Corrections (补签) over the API: asked for, taken back, decided by others, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.attendance.concluding import conclude_shifts, read_standings
from backend.domain.attendance.models.requests import CorrectionRequest
from backend.domain.attendance.models.timesheets import DayClosing, DutyShift, Timesheet
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person, make_setting

NOW = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def _the_morning_after() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 8, 24), sites=[county.site])


@pytest.fixture
def doctor(county: County) -> dict[str, str]:
    return phone_of(county.doctor)


@pytest.fixture
def director(county: County) -> dict[str, str]:
    return phone_of(county.director, Role.DIRECTOR)


@pytest.fixture
def office(county: County) -> dict[str, str]:
    return phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)


def body(dispatch: Dispatch, **changes: Any) -> dict[str, Any]:
    given = {
        "dispatch_id": str(dispatch.id),
        "duty_on": "2026-09-02",
        "shift": "morning",
        "kind": "in",
        "happened_at": "2026-09-02T07:55:00+08:00",
        "reason": "下村义诊，手机没电",
    }
    return given | changes


class Requests:
    """The correction requests of the API, as somebody's phone calls them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def ask(self, phone: dict[str, str], given: dict[str, Any], key: str = "key-00001") -> Any:
        return self.client.post("/api/v1/correction-requests", json=given, headers=phone | {"Idempotency-Key": key})

    def do(self, phone: dict[str, str], told: dict[str, Any], action: str, **more: Any) -> Any:
        given = {"version": told["version"]} | more
        return self.client.post(f"/api/v1/correction-requests/{told['id']}/{action}", json=given, headers=phone)

    def list(self, phone: dict[str, str], **query: Any) -> Any:
        return self.client.get("/api/v1/correction-requests", query_string=query, headers=phone)


@pytest.fixture
def requests(client: FlaskClient) -> Requests:
    return Requests(client)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


def standing(dispatch: Dispatch, day: date = DAY, shift: Shift = Shift.MORNING) -> Standing:
    (found,) = [line.standing for line in read_standings([dispatch.id], day, day) if line.shift is shift]
    return found


def hand_in(dispatch: Dispatch, status: TimesheetStatus) -> None:
    sheet = Timesheet(id=new_id(), dispatch_id=dispatch.id, month=DAY.replace(day=1), status=status, submitted_at=NOW)
    db.session.add(sheet)
    db.session.commit()


def test_a_correction_is_asked_for_granted_by_the_director_and_counts_at_once(
    requests: Requests, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    asked = requests.ask(doctor, body(dispatch))
    assert asked.status_code == 201
    told = asked.get_json()
    assert (told["status_label"], told["shift_label"], told["kind_label"]) == ("待审批", "上午", "签到")
    assert told["happened_at"] == "2026-09-02T07:55:00+08:00"
    assert (told["may_decide"], told["may_cancel"]) == (False, True)
    assert standing(dispatch) is Standing.OPEN

    seen = requests.list(director, status="requested").get_json()["items"][0]
    assert (seen["person"]["name"], seen["may_decide"], seen["may_cancel"]) == (county.doctor.name, True, False)
    granted = requests.do(director, seen, "accept").get_json()

    assert (granted["status"], granted["decided_by"], granted["version"]) == ("accepted", county.director.name, 2)
    assert standing(dispatch) is Standing.CORRECTED
    row = db.session.get(DutyShift, (dispatch.id, DAY, Shift.MORNING))
    assert row is not None
    assert (row.standing, str(row.correction_id)) == (Standing.CORRECTED, told["id"])


def test_those_who_decide_are_told_and_the_one_concerned_learns_the_outcome(
    requests: Requests, county: County, dispatch: Dispatch, doctor: dict[str, str], office: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    requests.do(office, told, "reject", reason="与现场情况不符")

    notices = {item.person_id: item for item in db.session.scalars(select(InboxItem))}
    assert notices[county.director.id].kind is NoticeKind.CORRECTION_REQUESTED
    assert "9月2日上午签到" in notices[county.director.id].body
    assert notices[county.doctor.id].title == "补签已退回"
    assert "与现场情况不符" in notices[county.doctor.id].body
    actions = [(event.action, event.organisation_id) for event in db.session.scalars(select(AuditEvent))]
    assert actions == [("request_correction", county.hospital.id), ("reject_correction", county.hospital.id)]
    assert standing(dispatch) is Standing.OPEN


def test_a_rejection_says_why(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    assert code(requests.do(director, told, "reject")) == (422, "invalid")
    assert code(requests.do(director, told, "reject", reason="  ")) == (422, "invalid")


def test_a_double_submit_is_one_request(requests: Requests, dispatch: Dispatch, doctor: dict[str, str]) -> None:
    first, second = (requests.ask(doctor, body(dispatch)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    assert db.session.query(CorrectionRequest).count() == 1


def test_the_same_key_with_another_time_is_422(requests: Requests, dispatch: Dispatch, doctor: dict[str, str]) -> None:
    requests.ask(doctor, body(dispatch))
    other = body(dispatch, happened_at="2026-09-02T08:30:00+08:00")
    assert code(requests.ask(doctor, other)) == (422, "idempotency_key_reused")


def test_the_same_tap_is_asked_for_once_at_a_time(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    assert code(requests.ask(doctor, body(dispatch), "key-00002")) == (409, "correction_exists")
    assert requests.ask(doctor, body(dispatch, kind="out", happened_at="2026-09-02T12:00:00+08:00"), "key-00003")
    requests.do(director, told, "reject", reason="与现场情况不符")
    assert requests.ask(doctor, body(dispatch), "key-00004").status_code == 201


def test_one_takes_back_what_is_not_decided(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    assert requests.do(director, told, "cancel").status_code == 403
    cancelled = requests.do(doctor, told, "cancel").get_json()
    assert cancelled["status"] == "cancelled"
    assert code(requests.do(director, cancelled, "accept")) == (409, "request_decided")


def test_what_somebody_else_decided_is_not_decided_again(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str], office: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    requests.do(director, told, "accept")
    assert code(requests.do(office, told, "reject", reason="晚了")) == (412, "stale_version")
    assert code(requests.do(doctor, told | {"version": 2}, "cancel")) == (409, "request_decided")


def test_nobody_decides_about_themselves(requests: Requests, county: County) -> None:
    sent = make_person(county.hospital, "两职一身", roles=[Role.STAFF, Role.MEDICAL_AFFAIRS])
    own = make_dispatch(sent, county.township, starts_on=date(2026, 8, 24))
    told = requests.ask(phone_of(sent), body(own)).get_json()
    as_office = phone_of(sent, Role.MEDICAL_AFFAIRS)
    assert requests.list(as_office).get_json()["items"][0]["may_decide"] is False
    assert code(requests.do(as_office, told, "accept")) == (409, "own_request")


def test_nor_does_whom_one_named_to_sign(requests: Requests, county: County) -> None:
    deputy = make_person(county.township, "代签之人", roles=[Role.DELEGATE])
    sent = make_person(county.township, "外派院长", roles=[Role.STAFF, Role.DIRECTOR])
    own = make_dispatch(sent, county.other_township, starts_on=date(2026, 8, 24))
    deputy.roles[0].given_by_person_id = sent.id
    own.recipient_id, own.supporting_id = county.township.id, county.hospital.id
    db.session.commit()
    told = requests.ask(phone_of(sent), body(own)).get_json()
    assert code(requests.do(phone_of(deputy, Role.DELEGATE), told, "accept")) == (409, "own_request")


def test_others_do_not_see_it_and_wrong_roles_may_not(
    requests: Requests, client: FlaskClient, county: County, dispatch: Dispatch, doctor: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    stranger = make_person(county.foreign_hospital, roles=[Role.MEDICAL_AFFAIRS])
    dean = make_person(county.hospital, roles=[Role.DEAN])
    bureau = make_person(county.bureau, roles=[Role.BUREAU])
    path = f"/api/v1/correction-requests/{told['id']}"
    for person, role, sees, decides in (
        (stranger, Role.MEDICAL_AFFAIRS, 404, 404),
        (dean, Role.DEAN, 200, 403),
        (bureau, Role.BUREAU, 200, 403),
    ):
        phone = phone_of(person, role)
        assert client.get(path, headers=phone).status_code == sees
        assert requests.do(phone, told, "accept").status_code == decides
        assert requests.list(phone).get_json()["total"] == (sees == 200)
    assert requests.ask(phone_of(dean, Role.DEAN), body(dispatch)).status_code == 403
    assert code(requests.ask(phone_of(stranger, Role.MEDICAL_AFFAIRS), body(dispatch))) == (404, "dispatch_not_found")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"shift": "night"}, (409, "not_on_duty")),
        ({"duty_on": "2026-08-23", "happened_at": "2026-08-23T08:00:00+08:00"}, (409, "not_on_duty")),
        ({"duty_on": "2026-09-04", "happened_at": "2026-09-04T08:00:00+08:00"}, (409, "correction_in_future")),
        ({"happened_at": "2026-09-03T08:00:00+08:00"}, (422, "correction_time_implausible")),
        ({"happened_at": "2026-09-02T07:55:00"}, (422, "invalid")),
        ({"reason": ""}, (422, "invalid")),
        ({"reason": "长" * 201}, (422, "invalid")),
        ({"kind": "both"}, (422, "invalid")),
        ({"decided_by": "me"}, (422, "invalid")),
    ],
)
def test_what_makes_no_sense_is_refused(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert code(requests.ask(doctor, body(dispatch, **changes))) == expected
    assert db.session.query(CorrectionRequest).count() == 0


def test_a_day_that_is_not_claimed_needs_no_correction(
    requests: Requests, county: County, doctor: dict[str, str]
) -> None:
    visiting = make_dispatch(county.doctor, county.township, starts_on=date(2026, 8, 24), pattern=WeeklyPattern.of([5]))
    assert code(requests.ask(doctor, body(visiting))) == (409, "not_on_duty")


def test_a_document_settles_how_often_and_how_late_and_what_was_refused_is_not_counted(
    requests: Requests, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    make_setting(county.bureau, "attendance.corrections_a_month", 1)
    make_setting(county.hospital, "attendance.correction_days", 5)
    late = body(dispatch, duty_on="2026-08-28", happened_at="2026-08-28T08:00:00+08:00")
    assert code(requests.ask(doctor, late)) == (409, "correction_too_old")
    in_august = body(dispatch, duty_on="2026-08-31", happened_at="2026-08-31T08:00:00+08:00")
    assert requests.ask(doctor, in_august, "key-00002").status_code == 201
    told = requests.ask(doctor, body(dispatch), "key-00003").get_json()
    afternoon = body(dispatch, shift="afternoon", happened_at="2026-09-02T14:00:00+08:00")
    assert code(requests.ask(doctor, afternoon, "key-00004")) == (409, "corrections_used_up")
    requests.do(director, told, "reject", reason="请补充说明")
    assert requests.ask(doctor, afternoon, "key-00005").status_code == 201


def test_a_month_that_was_handed_in_stays_as_it_is(
    requests: Requests, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = requests.ask(doctor, body(dispatch)).get_json()
    hand_in(dispatch, TimesheetStatus.SUBMITTED)
    afternoon = body(dispatch, shift="afternoon", happened_at="2026-09-02T14:00:00+08:00")
    assert code(requests.ask(doctor, afternoon, "key-00002")) == (409, "month_submitted")
    assert code(requests.do(director, told, "accept")) == (409, "month_submitted")
    assert requests.list(director, status="requested").get_json()["total"] == 1
    assert requests.do(director, told, "reject", reason="考勤表已提交").status_code == 200


def test_a_corrected_night_makes_the_next_morning_rest_and_not_missed(
    requests: Requests, county: County, doctor: dict[str, str], director: dict[str, str]
) -> None:
    nights = make_dispatch(
        county.doctor,
        county.township,
        starts_on=date(2026, 8, 24),
        pattern=WeeklyPattern.of(range(1, 8), tuple(Shift)),
    )
    monday, tuesday = date(2026, 8, 31), date(2026, 9, 1)
    db.session.add_all(
        DayClosing(supporting_id=county.hospital.id, day=day, finished_at=NOW) for day in (monday, tuesday)
    )
    conclude_shifts([nights.id], monday, tuesday)
    hand_in(nights, TimesheetStatus.SUBMITTED)  # September, before August
    given = body(nights, duty_on=str(monday), shift="night", happened_at="2026-08-31T18:00:00+08:00")
    requests.do(director, requests.ask(doctor, given).get_json(), "accept")
    rows = {
        (row.duty_on, row.shift): row.standing
        for row in db.session.scalars(select(DutyShift).where(DutyShift.dispatch_id == nights.id))
    }
    assert rows[monday, Shift.NIGHT] is Standing.CORRECTED
    assert rows[tuesday, Shift.MORNING] is Standing.NIGHT_REST
    assert rows[monday, Shift.MORNING] is Standing.NOT_CHECKED_IN
    september = db.session.scalars(select(Timesheet).where(Timesheet.dispatch_id == nights.id)).one()
    db.session.refresh(september)
    assert september.version == 2  # who read it before has to read it anew


def test_the_list_turns_pages_the_latest_first(requests: Requests, dispatch: Dispatch, doctor: dict[str, str]) -> None:
    for number, day in enumerate(("2026-08-31", "2026-09-01", "2026-09-02")):
        with time_machine.travel(NOW + timedelta(minutes=number), tick=False):
            requests.ask(doctor, body(dispatch, duty_on=day, happened_at=f"{day}T08:00:00+08:00"), f"key-0000{number}")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        page = requests.list(doctor, page=2, page_size=2).get_json()
    assert (page["total"], [item["duty_on"] for item in page["items"]]) == (3, ["2026-08-31"])
