"""What people say about a tap over the API: explained, confirmed on the spot, judged, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.accounts.models import RoleHolding
from backend.domain.attendance.concluding import read_standings
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.queries.exceptions import count_open_exceptions, list_exceptions
from backend.domain.attendance.rules.evidence import Outcome
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
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap

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
def tap(dispatch: Dispatch) -> CheckIn:
    """A tap that the place leaves uncertain."""
    return make_tap(dispatch, DAY, Shift.MORNING, Outcome.UNCERTAIN)


@pytest.fixture
def doctor(county: County) -> dict[str, str]:
    return phone_of(county.doctor)


@pytest.fixture
def director(county: County) -> dict[str, str]:
    return phone_of(county.director, Role.DIRECTOR)


@pytest.fixture
def office(county: County) -> dict[str, str]:
    return phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)


class Taps:
    """The taps of the API, as somebody's phone calls them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def explain(self, phone: dict[str, str], tap: CheckIn, text: str = "在卫生室巡诊，信号不好") -> Any:
        return self._post(phone, tap, "explain", text=text)

    def confirm(self, phone: dict[str, str], tap: CheckIn, word: str = "present", version: int = 0) -> Any:
        return self._post(phone, tap, "confirm", version=version, confirmation=word)

    def judge(self, phone: dict[str, str], tap: CheckIn, word: str = "accepted", version: int = 0) -> Any:
        return self._post(phone, tap, "judge", version=version, judgement=word, reason="与值班记录核对")

    def exceptions(self, phone: dict[str, str], **query: Any) -> Any:
        return self.client.get("/api/v1/check-ins/exceptions", query_string=query, headers=phone)

    def _post(self, phone: dict[str, str], tap: CheckIn, what: str, **given: Any) -> Any:
        return self.client.post(f"/api/v1/check-ins/{tap.id}/{what}", json=given, headers=phone)


@pytest.fixture
def taps(client: FlaskClient) -> Taps:
    return Taps(client)


def review(response: Any) -> Any:
    assert response.status_code == 200, response.text
    return response.get_json()["review"]


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


def standing(dispatch: Dispatch, shift: Shift = Shift.MORNING) -> Standing:
    (found,) = [line.standing for line in read_standings([dispatch.id], DAY, DAY) if line.shift is shift]
    return found


def hand_in(dispatch: Dispatch, status: TimesheetStatus) -> None:
    signed = {}
    if status is TimesheetStatus.COUNTERSIGNED:
        signer = make_person(dispatch.recipient)
        signed = {"countersigned_at": NOW, "countersigned_by_person_id": signer.id, "verification_code": "X"}
    sheet = Timesheet(
        id=new_id(), dispatch_id=dispatch.id, month=DAY.replace(day=1), status=status, submitted_at=NOW, **signed
    )
    db.session.add(sheet)
    db.session.commit()


def notices_of(county: County) -> list[NoticeKind]:
    return list(db.session.scalars(select(InboxItem.kind).where(InboxItem.person_id == county.doctor.id)))


def test_the_one_concerned_explains_and_may_say_it_anew(taps: Taps, tap: CheckIn, doctor: dict[str, str]) -> None:
    taps.explain(doctor, tap)
    said = review(taps.explain(doctor, tap, "在村卫生室巡诊"))
    assert (said["explanation"], said["explained_at"], said["version"]) == (
        "在村卫生室巡诊",
        "2026-09-03T09:00:00+08:00",
        2,
    )
    assert said["judgement"] is None


@pytest.mark.parametrize("text", ["", "  ", "字" * 201, 1])
def test_an_explanation_of_nothing_or_of_too_much_is_422(
    taps: Taps, tap: CheckIn, doctor: dict[str, str], text: Any
) -> None:
    assert taps.explain(doctor, tap, text).status_code == 422


def test_what_the_recipient_confirms_counts_at_once(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn, director: dict[str, str]
) -> None:
    assert standing(dispatch) is Standing.IN_DOUBT
    said = review(taps.confirm(director, tap))
    assert (said["confirmation"], said["confirmation_label"], said["version"]) == ("present", "现场确认在岗", 1)
    assert standing(dispatch) is Standing.PRESENT
    assert db.session.get_one(DutyShift, (dispatch.id, DAY, Shift.MORNING)).standing is Standing.PRESENT
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "confirm_tap")).one()
    assert (event.subject_id, event.organisation_id) == (tap.id, county.hospital.id)
    assert notices_of(county) == []


def test_whoever_was_not_there_by_the_recipients_word_is_asked_to_explain(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn, director: dict[str, str]
) -> None:
    taps.confirm(director, tap, "absent")
    assert standing(dispatch) is Standing.NOT_COUNTED
    assert notices_of(county) == [NoticeKind.TAP_QUESTIONED]


def test_a_judgement_beats_the_recipients_word_and_is_told(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn, director: dict[str, str], office: dict[str, str]
) -> None:
    taps.confirm(director, tap)
    said = review(taps.judge(office, tap, "rejected", version=1))
    assert (said["judgement_label"], said["judgement_reason"], said["confirmation"]) == (
        "不予认定",
        "与值班记录核对",
        "present",
    )
    assert standing(dispatch) is Standing.NOT_COUNTED
    assert notices_of(county) == [NoticeKind.TAP_JUDGED]


def test_even_a_verified_tap_may_be_judged_and_a_judgement_be_changed(
    taps: Taps, dispatch: Dispatch, office: dict[str, str]
) -> None:
    tap = make_tap(dispatch, DAY, Shift.AFTERNOON, Outcome.VERIFIED)
    taps.judge(office, tap, "rejected")
    assert standing(dispatch, Shift.AFTERNOON) is Standing.NOT_COUNTED
    taps.judge(office, tap, "accepted", version=1)
    assert standing(dispatch, Shift.AFTERNOON) is Standing.PRESENT


def test_the_rest_after_a_night_follows_the_judgement_of_its_tap(
    taps: Taps, county: County, office: dict[str, str]
) -> None:
    nights = make_dispatch(
        make_person(county.hospital),
        county.township,
        starts_on=date(2026, 8, 24),
        pattern=WeeklyPattern.of(range(1, 8), Shift),
    )
    tap = make_tap(nights, date(2026, 9, 1), Shift.NIGHT, Outcome.SUSPECT)
    taps.judge(office, tap)
    assert db.session.get_one(DutyShift, (nights.id, DAY, Shift.MORNING)).standing is Standing.NIGHT_REST


def test_after_the_judgement_nothing_is_explained_or_confirmed(
    taps: Taps, tap: CheckIn, doctor: dict[str, str], director: dict[str, str], office: dict[str, str]
) -> None:
    taps.judge(office, tap)
    assert refusal(taps.explain(doctor, tap)) == (409, "tap_judged")
    assert refusal(taps.confirm(director, tap, version=1)) == (409, "tap_judged")


def test_a_verified_tap_needs_no_confirmation(taps: Taps, dispatch: Dispatch, director: dict[str, str]) -> None:
    tap = make_tap(dispatch, DAY, Shift.AFTERNOON, Outcome.VERIFIED)
    assert refusal(taps.confirm(director, tap)) == (409, "nothing_to_confirm")


def test_who_read_an_older_state_neither_confirms_nor_judges(
    taps: Taps, tap: CheckIn, doctor: dict[str, str], director: dict[str, str], office: dict[str, str]
) -> None:
    taps.explain(doctor, tap)
    assert refusal(taps.confirm(director, tap, version=0)) == (412, "stale_version")
    assert refusal(taps.judge(office, tap, version=0)) == (412, "stale_version")
    assert review(taps.judge(office, tap, version=1))["version"] == 2


def test_a_judgement_says_why(taps: Taps, client: FlaskClient, tap: CheckIn, office: dict[str, str]) -> None:
    body = {"judgement": "accepted", "reason": " ", "version": 0}
    assert client.post(f"/api/v1/check-ins/{tap.id}/judge", json=body, headers=office).status_code == 422


def test_what_a_countersigned_month_rests_on_is_not_decided_anew(
    taps: Taps, dispatch: Dispatch, tap: CheckIn, director: dict[str, str], office: dict[str, str]
) -> None:
    hand_in(dispatch, TimesheetStatus.COUNTERSIGNED)
    assert refusal(taps.confirm(director, tap)) == (409, "month_locked")
    assert refusal(taps.judge(office, tap)) == (409, "month_locked")


def test_who_signs_settles_the_doubts_of_a_month_that_was_handed_in(
    taps: Taps, dispatch: Dispatch, tap: CheckIn, director: dict[str, str]
) -> None:
    hand_in(dispatch, TimesheetStatus.SUBMITTED)
    assert standing(dispatch) is Standing.IN_DOUBT
    assert review(taps.confirm(director, tap))["confirmation"] == "present"
    assert standing(dispatch) is Standing.PRESENT


def test_a_month_that_was_handed_in_is_another_to_sign_once_a_doubt_is_settled(
    taps: Taps, client: FlaskClient, dispatch: Dispatch, tap: CheckIn, director: dict[str, str]
) -> None:
    hand_in(dispatch, TimesheetStatus.SUBMITTED)
    sheet = db.session.scalars(select(Timesheet)).one()
    read = sheet.version
    taps.confirm(director, tap)
    signed = client.post(f"/api/v1/timesheets/{sheet.id}/countersign", json={"version": read}, headers=director)
    assert refusal(signed) == (412, "stale_version")


def test_nobody_decides_about_their_own_tap(taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn) -> None:
    county.doctor.roles.append(RoleHolding(organisation_id=county.township.id, role=Role.DIRECTOR))
    db.session.commit()
    as_director = phone_of(county.doctor, Role.DIRECTOR, county.township)
    assert refusal(taps.confirm(as_director, tap)) == (409, "own_tap")


def test_nobodys_tap_is_confirmed_by_a_delegate_of_their_own_choice(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn
) -> None:
    chosen, other = (make_person(county.township, roles=[Role.DELEGATE]) for _ in range(2))
    chosen.roles[0].given_by_person_id = county.doctor.id
    other.roles[0].given_by_person_id = county.director.id
    db.session.commit()
    assert refusal(taps.confirm(phone_of(chosen, Role.DELEGATE), tap)) == (409, "own_tap")
    assert taps.confirm(phone_of(other, Role.DELEGATE), tap).status_code == 200


def test_each_says_only_what_is_theirs_to_say(
    taps: Taps, tap: CheckIn, doctor: dict[str, str], director: dict[str, str], office: dict[str, str]
) -> None:
    for phone in (director, office):
        assert taps.explain(phone, tap).status_code == 403
    for phone in (doctor, office):
        assert taps.confirm(phone, tap).status_code == 403
    for phone in (doctor, director):
        assert taps.judge(phone, tap).status_code == 403


def listed(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["id"] for item in response.get_json()["items"]]


def test_the_list_shows_what_waits_for_a_word_with_who_may_say_it(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn, director: dict[str, str], office: dict[str, str]
) -> None:
    make_tap(dispatch, DAY, Shift.AFTERNOON, Outcome.VERIFIED)
    (item,) = taps.exceptions(director).get_json()["items"]
    assert (item["id"], item["person"]["name"], item["recipient"]["name"]) == (
        str(tap.id),
        "吕芬春",
        "青石镇中心卫生院",
    )
    assert (item["may_confirm"], item["may_judge"]) == (True, False)
    (item,) = taps.exceptions(office).get_json()["items"]
    assert (item["may_confirm"], item["may_judge"]) == (False, True)


def test_what_was_decided_leaves_the_open_ones_and_stays_among_all(
    taps: Taps, dispatch: Dispatch, tap: CheckIn, director: dict[str, str], office: dict[str, str], county: County
) -> None:
    second = make_tap(dispatch, DAY, Shift.AFTERNOON, Outcome.SUSPECT)
    taps.confirm(director, tap)
    assert listed(taps.exceptions(office)) == [str(second.id)]
    assert count_open_exceptions(county.office) == 1
    taps.judge(office, second, "rejected")
    assert listed(taps.exceptions(office)) == []
    assert set(listed(taps.exceptions(office, state="all"))) == {str(tap.id), str(second.id)}


def test_an_exception_of_a_settled_month_waits_for_nobody(
    taps: Taps, dispatch: Dispatch, tap: CheckIn, office: dict[str, str]
) -> None:
    hand_in(dispatch, TimesheetStatus.COUNTERSIGNED)
    assert listed(taps.exceptions(office)) == []
    assert listed(taps.exceptions(office, state="all")) == [str(tap.id)]


def test_a_tap_that_another_has_replaced_is_no_exception(
    taps: Taps, dispatch: Dispatch, tap: CheckIn, office: dict[str, str]
) -> None:
    tap.effective = False
    db.session.commit()
    assert listed(taps.exceptions(office, state="all")) == []


def test_everybody_sees_the_exceptions_of_their_sight(
    taps: Taps, county: County, dispatch: Dispatch, tap: CheckIn, doctor: dict[str, str]
) -> None:
    assert listed(taps.exceptions(doctor)) == [str(tap.id)]
    colleague = phone_of(make_person(county.hospital, "沈雪远"))
    assert listed(taps.exceptions(colleague)) == []
    stranger = make_person(county.foreign_hospital, roles=[Role.MEDICAL_AFFAIRS])
    assert listed(taps.exceptions(phone_of(stranger, Role.MEDICAL_AFFAIRS))) == []
    delegate = make_person(county.township, roles=[Role.DELEGATE])
    assert listed(taps.exceptions(phone_of(delegate, Role.DELEGATE))) == [str(tap.id)]
    finance_of_the_township = make_person(county.township, roles=[Role.FINANCE])
    assert listed(taps.exceptions(phone_of(finance_of_the_township, Role.FINANCE))) == []
    assert taps.exceptions(phone_of(make_person(county.hospital, roles=[Role.ADMIN]), Role.ADMIN)).status_code == 403


def test_a_page_of_exceptions_takes_as_many_statements_as_one(app: Flask, county: County, dispatch: Dispatch) -> None:
    for day in range(1, 21):
        make_tap(dispatch, date(2026, 9, day), Shift.MORNING, Outcome.UNCERTAIN)
    office = acting(county.medical_affairs, Role.MEDICAL_AFFAIRS)
    with counted_statements() as statements:
        page = list_exceptions(office)
        assert {check_in.dispatch.recipient.name for check_in in page.items} == {"青石镇中心卫生院"}
        assert [check_in.review for check_in in page.items] == [None] * 20
    assert len(statements) == 2


def test_a_word_shows_on_the_doctors_day(
    client: FlaskClient, taps: Taps, tap: CheckIn, doctor: dict[str, str], director: dict[str, str]
) -> None:
    taps.confirm(director, tap)
    month = client.get("/api/v1/check-ins?month=2026-09", headers=doctor).get_json()
    (shown,) = [one for day in month["days"] for one in day["taps"]]
    assert shown["review"]["confirmation_label"] == "现场确认在岗"
