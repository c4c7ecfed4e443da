"""Leave (请假) over the API: asked for, granted by one party or both, given up; and what long leave brings about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.domain.accounts.models import RoleHolding
from backend.domain.attachments.service.sweeping import drop_loose_files
from backend.domain.attendance.concluding import read_standings
from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.models.timesheets import DutyShift, Timesheet
from backend.domain.attendance.queries.leave import count_requests_to_decide
from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.timesheets import Standing, TimesheetStatus
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.errors import DutyClaimTaken, SubstitutePosted, TransitionRefused
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.dispatch.service import cancel_dispatch, post_substitute
from backend.domain.notifications.models.notices import InboxItem
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person, make_setting
from tests.support.pictures import PNG

NOW = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)
LAST_DAY = date(2027, 2, 28)


@pytest.fixture(autouse=True)
def _a_thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    make_setting(county.bureau, "attendance.leave_days_of_recipient", 3)
    return make_dispatch(
        county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=LAST_DAY, sites=[county.site]
    )


@pytest.fixture
def doctor(county: County) -> dict[str, str]:
    return phone_of(county.doctor)


@pytest.fixture
def director(county: County) -> dict[str, str]:
    return phone_of(county.director, Role.DIRECTOR)


@pytest.fixture
def office(county: County) -> dict[str, str]:
    return phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)


def body(dispatch: Dispatch, starts_on: str = "2026-09-07", ends_on: str = "2026-09-08", **changes: Any) -> Any:
    given = {
        "dispatch_id": str(dispatch.id),
        "kind": "personal",
        "starts_on": starts_on,
        "starts_with": "morning",
        "ends_on": ends_on,
        "ends_with": "afternoon",
        "reason": "家中有事",
    }
    return given | changes


class Leaves:
    """The leave of the API, as somebody's phone calls it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def ask(self, phone: dict[str, str], given: dict[str, Any], key: str | None = None) -> Any:
        headers = phone | ({"Idempotency-Key": key} if key else {})
        return self.client.post("/api/v1/leave-requests", json=given, headers=headers)

    def do(self, phone: dict[str, str], told: dict[str, Any], action: str, **more: Any) -> Any:
        given = {"version": told["version"]} | more
        return self.client.post(f"/api/v1/leave-requests/{told['id']}/{action}", json=given, headers=phone)

    def list(self, phone: dict[str, str], **query: Any) -> Any:
        return self.client.get("/api/v1/leave-requests", query_string=query, headers=phone)

    def attach(self, phone: dict[str, str]) -> str:
        photo = (BytesIO(PNG), "诊断.png")
        told = self.client.post("/api/v1/attachments", data={"file": photo}, headers=phone).get_json()
        return str(told["id"])


@pytest.fixture
def leaves(client: FlaskClient) -> Leaves:
    return Leaves(client)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


def standings(dispatch: Dispatch, first: date, last: date) -> list[Standing]:
    return [line.standing for line in read_standings([dispatch.id], first, last)]


def granted(leaves: Leaves, county: County, given: dict[str, Any]) -> dict[str, Any]:
    """Return leave that went its way to the end."""
    told: dict[str, Any] = leaves.ask(phone_of(county.doctor), given).get_json()
    told = leaves.do(phone_of(county.director, Role.DIRECTOR), told, "accept").get_json()
    if told["status"] == "requested":
        told = leaves.do(phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS), told, "accept").get_json()
    assert told["status"] == "accepted", told
    return told


def test_short_leave_is_granted_by_the_recipient_and_counts_at_once(
    leaves: Leaves, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    asked = leaves.ask(doctor, body(dispatch, ends_with="morning"))
    assert asked.status_code == 201
    told = asked.get_json()
    assert (told["days"], told["span_label"], told["kind_label"]) == ("1.5", "9月7日上午至9月8日上午", "事假")
    assert (told["needs_supporting"], told["is_long"], told["may_decide"], told["may_cancel"]) == (
        *(False, False, False),
        True,
    )
    (seen,) = leaves.list(director, status="requested").get_json()["items"]
    assert (seen["may_decide"], seen["may_reject"], seen["may_cancel"]) == (True, True, False)

    told = leaves.do(director, seen, "accept").get_json()

    assert (told["status"], told["status_label"]) == ("accepted", "已同意")
    assert [(one["party"], one["by"]) for one in told["decisions"]] == [("recipient", county.director.name)]
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    assert standings(dispatch, monday, tuesday) == [Standing.LEAVE, Standing.LEAVE, Standing.LEAVE, Standing.OPEN]
    rows = db.session.scalars(select(DutyShift)).all()
    assert {(row.duty_on, row.shift, row.leave_kind) for row in rows} == {
        (monday, Shift.MORNING, LeaveKind.PERSONAL),
        (monday, Shift.AFTERNOON, LeaveKind.PERSONAL),
        (tuesday, Shift.MORNING, LeaveKind.PERSONAL),
    }


def test_longer_leave_goes_on_to_the_supporting_hospital(
    leaves: Leaves,
    county: County,
    dispatch: Dispatch,
    doctor: dict[str, str],
    director: dict[str, str],
    office: dict[str, str],
) -> None:
    told = leaves.ask(doctor, body(dispatch, ends_on="2026-09-10")).get_json()
    assert (told["days"], told["needs_supporting"]) == ("4", True)
    early = leaves.list(office).get_json()["items"][0]
    assert (early["may_decide"], early["may_reject"]) == (False, True)
    assert code(leaves.do(office, told, "accept")) == (409, "recipient_first")

    told = leaves.do(director, told, "accept").get_json()
    assert (told["status"], told["may_decide"]) == ("requested", False)
    assert code(leaves.do(director, told, "accept")) == (409, "not_your_turn")
    told = leaves.do(office, told, "accept").get_json()

    assert told["status"] == "accepted"
    assert [one["party"] for one in told["decisions"]] == ["recipient", "supporting"]
    assert db.session.scalars(select(Suspension)).all() == []
    kinds = {(item.person_id, item.kind) for item in db.session.scalars(select(InboxItem))}
    assert kinds == {
        (county.director.id, NoticeKind.LEAVE_REQUESTED),
        (county.medical_affairs.id, NoticeKind.LEAVE_REQUESTED),
        (county.doctor.id, NoticeKind.LEAVE_DECIDED),
    }


def test_without_a_rule_both_always_decide(leaves: Leaves, county: County) -> None:
    free = make_dispatch(county.doctor, county.other_township, starts_on=date(2026, 9, 1))
    told = leaves.ask(phone_of(county.doctor), body(free, ends_on="2026-09-07", ends_with="morning")).get_json()
    assert told["needs_supporting"] is True


def test_the_supporting_hospital_is_not_asked_about_short_leave_but_may_reject_it(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], office: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch)).get_json()
    assert code(leaves.do(office, told, "accept")) == (409, "not_your_turn")
    rejected = leaves.do(office, told, "reject", reason="科室缺人").get_json()
    assert (rejected["status"], rejected["decision_reason"]) == ("rejected", "科室缺人")
    assert [one["party"] for one in rejected["decisions"]] == ["supporting"]
    assert standings(dispatch, date(2026, 9, 7), date(2026, 9, 7)) == [Standing.OPEN] * 2


def test_a_rejection_says_why(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch)).get_json()
    assert code(leaves.do(director, told, "reject", reason=" ")) == (422, "invalid")


@pytest.mark.parametrize("kind", [kind for kind in LeaveKind if kind is not LeaveKind.EARNED])
def test_every_kind_of_leave_may_be_asked_for_but_what_must_be_earned(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], kind: LeaveKind
) -> None:
    assert leaves.ask(doctor, body(dispatch, kind=kind)).status_code == 201


def test_two_leaves_cover_no_shift_twice_and_halves_may_meet(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    first = leaves.ask(doctor, body(dispatch, ends_with="morning")).get_json()
    assert leaves.ask(doctor, body(dispatch, "2026-09-08", "2026-09-08", starts_with="afternoon")).status_code == 201
    overlapping = body(dispatch, "2026-09-01", "2026-09-07", ends_with="morning")
    assert code(leaves.ask(doctor, overlapping)) == (409, "leave_overlaps")
    leaves.do(director, first, "reject", reason="请改期")
    assert leaves.ask(doctor, overlapping).status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"starts_on": "2026-08-31"}, (422, "leave_invalid")),
        ({"ends_on": "2027-03-01"}, (422, "leave_invalid")),
        ({"ends_on": "2026-09-06"}, (422, "leave_invalid")),
        ({"ends_on": "2026-09-07", "starts_with": "afternoon", "ends_with": "morning"}, (422, "leave_invalid")),
        ({"starts_on": "2027-02-29"}, (422, "invalid")),
        ({"kind": "holiday"}, (422, "invalid")),
        ({"reason": ""}, (422, "invalid")),
        ({"attachment_ids": ["x"]}, (422, "invalid")),
        ({"attachment_ids": [str(new_id())]}, (422, "attachment_unusable")),
        ({"is_long": True}, (422, "invalid")),
    ],
)
def test_what_makes_no_sense_is_refused(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert code(leaves.ask(doctor, body(dispatch) | changes)) == expected
    assert db.session.query(LeaveRequest).count() == 0


def test_days_on_which_nothing_is_claimed_need_no_leave(leaves: Leaves, county: County, doctor: dict[str, str]) -> None:
    visiting = make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), pattern=WeeklyPattern.of([5]))
    assert code(leaves.ask(doctor, body(visiting))) == (422, "leave_invalid")


def test_leave_over_a_month_border_is_one_leave(leaves: Leaves, county: County, dispatch: Dispatch) -> None:
    told = granted(leaves, county, body(dispatch, "2026-09-30", "2026-10-09"))
    assert told["days"] == "3"  # 30 September, 8 and 9 October: the National Day's week is free
    assert standings(dispatch, date(2026, 10, 8), date(2026, 10, 9)) == [Standing.LEAVE] * 4


def test_a_month_that_was_handed_in_stays_as_it_is(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch)).get_json()
    db.session.add(
        Timesheet(
            id=new_id(),
            dispatch_id=dispatch.id,
            month=date(2026, 9, 1),
            status=TimesheetStatus.SUBMITTED,
            submitted_at=NOW,
        )
    )
    db.session.commit()
    assert code(leaves.ask(doctor, body(dispatch, "2026-09-30", "2026-10-09"))) == (409, "month_submitted")
    assert code(leaves.do(director, told, "accept")) == (409, "month_submitted")


def test_a_double_submit_with_a_key_is_one_leave(leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str]) -> None:
    first, second = (leaves.ask(doctor, body(dispatch), "key-00001") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    other = leaves.ask(doctor, body(dispatch, kind="annual"), "key-00001")
    assert code(other) == (422, "idempotency_key_reused")
    assert code(leaves.ask(doctor, body(dispatch))) == (409, "leave_overlaps")


def test_the_word_of_both_parties_is_that_of_two_people(leaves: Leaves, county: County, dispatch: Dispatch) -> None:
    both = make_person(county.hospital, "两院任职", roles=[Role.MEDICAL_AFFAIRS])
    both.roles.append(RoleHolding(organisation_id=county.township.id, role=Role.DIRECTOR))
    db.session.commit()
    told = leaves.ask(phone_of(county.doctor), body(dispatch, ends_on="2026-09-10")).get_json()
    told = leaves.do(phone_of(both, Role.DIRECTOR, county.township), told, "accept").get_json()
    as_office = phone_of(both, Role.MEDICAL_AFFAIRS)
    assert leaves.list(as_office).get_json()["items"][0]["may_decide"] is False
    assert code(leaves.do(as_office, told, "accept")) == (409, "second_person_needed")
    other = leaves.do(phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS), told, "accept")
    assert other.get_json()["status"] == "accepted"


def test_papers_go_with_the_leave_and_every_look_at_one_is_audited(
    leaves: Leaves,
    client: FlaskClient,
    county: County,
    dispatch: Dispatch,
    doctor: dict[str, str],
    director: dict[str, str],
) -> None:
    paper = leaves.attach(doctor)
    sick = body(dispatch, ends_on="2026-09-10", kind="sick")
    told = leaves.ask(doctor, sick | {"attachment_ids": [paper]}).get_json()
    assert [file["filename"] for file in told["attachments"]] == ["诊断.png"]
    assert told["without_proof"] is False

    path = f"/api/v1/leave-requests/{told['id']}/attachments/{paper}"
    assert client.get(path, headers=director).data == PNG
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "read_leave_file")).one()
    assert (event.person_id, event.organisation_id) == (county.director.id, county.hospital.id)
    assert client.get(f"/api/v1/attachments/{paper}", headers=director).status_code == 404
    stranger = phone_of(make_person(county.foreign_hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
    assert client.get(path, headers=stranger).status_code == 404
    other = leaves.attach(doctor)
    assert client.get(path.replace(paper, other), headers=director).status_code == 404


def test_a_paper_goes_with_one_leave_and_is_ones_own(
    leaves: Leaves, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    paper, of_director = leaves.attach(doctor), leaves.attach(director)
    leaves.ask(doctor, body(dispatch, attachment_ids=[paper]))
    later = body(dispatch, "2026-09-14", "2026-09-14")
    assert code(leaves.ask(doctor, later | {"attachment_ids": [paper]})) == (422, "attachment_unusable")
    assert code(leaves.ask(doctor, later | {"attachment_ids": [of_director]})) == (422, "attachment_unusable")


def test_sick_leave_without_a_paper_is_shown_as_such(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch, ends_on="2026-09-10", kind="sick")).get_json()
    assert told["without_proof"] is True


def test_leave_is_given_up_until_it_begins(
    leaves: Leaves, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = granted(leaves, county, body(dispatch))
    assert leaves.do(director, told, "cancel").status_code == 403
    with time_machine.travel(datetime(2026, 9, 7, 7, 0, tzinfo=SHANGHAI), tick=False):
        assert code(leaves.do(phone_of(county.doctor), told, "cancel")) == (409, "leave_began")
    cancelled = leaves.do(doctor, told, "cancel").get_json()
    assert (cancelled["status"], cancelled["may_cancel"]) == ("cancelled", False)
    assert standings(dispatch, date(2026, 9, 7), date(2026, 9, 8)) == [Standing.OPEN] * 4
    assert db.session.scalars(select(DutyShift)).all() == []


def test_stale_and_decided(
    leaves: Leaves, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch)).get_json()
    leaves.do(director, told, "accept")
    assert code(leaves.do(director, told, "reject", reason="晚了")) == (412, "stale_version")
    assert code(leaves.do(director, told | {"version": 2}, "reject", reason="晚了")) == (409, "request_decided")


def test_nobody_decides_about_themselves(leaves: Leaves, county: County, dispatch: Dispatch) -> None:
    sent = make_person(county.hospital, "两职一身", roles=[Role.STAFF, Role.MEDICAL_AFFAIRS])
    own = make_dispatch(sent, county.township, starts_on=date(2026, 9, 1))
    told = leaves.ask(phone_of(sent), body(own, ends_on="2026-09-10")).get_json()
    told = leaves.do(phone_of(county.director, Role.DIRECTOR), told, "accept").get_json()
    as_office = phone_of(sent, Role.MEDICAL_AFFAIRS)
    assert leaves.list(as_office).get_json()["items"][0]["may_decide"] is False
    for action in ("accept", "reject"):
        assert code(leaves.do(as_office, told, action, **({"reason": "不"} if action == "reject" else {}))) == (
            *(409, "own_request"),
        )


def maternity(dispatch: Dispatch) -> Any:
    return body(dispatch, "2026-10-12", "2026-12-31", kind="maternity", starts_with="afternoon")


def substitute_for(county: County, **changes: Any) -> Dispatch:
    (suspension,) = db.session.scalars(select(Suspension)).all()
    person = make_person(county.hospital, "顶岗医生")
    return post_substitute(county.office, suspension.id, **({"person_id": person.id} | changes))


def test_long_leave_suspends_the_dispatch_and_asks_for_a_substitute(
    leaves: Leaves, client: FlaskClient, county: County, dispatch: Dispatch
) -> None:
    told = granted(leaves, county, maternity(dispatch))
    assert (told["is_long"], told["needs_supporting"]) == (True, True)
    (suspension,) = db.session.scalars(select(Suspension)).all()
    assert (suspension.during.lower, suspension.during.upper) == (date(2026, 10, 13), date(2027, 1, 1))
    notices = db.session.scalars(select(InboxItem).where(InboxItem.kind == NoticeKind.SUBSTITUTE_NEEDED)).all()
    assert [(item.person_id, item.title) for item in notices] == [(county.medical_affairs.id, "请安排顶岗")]
    with time_machine.travel(datetime(2026, 10, 14, 9, 0, tzinfo=SHANGHAI), tick=False):
        given = {
            "dispatch_id": str(dispatch.id),
            "duty_on": "2026-10-13",
            "shift": "morning",
            "kind": "in",
            "happened_at": "2026-10-13T08:00:00+08:00",
            "reason": "来过",
        }
        refused = client.post(
            "/api/v1/correction-requests",
            json=given,
            headers=phone_of(county.doctor) | {"Idempotency-Key": "key-00001"},
        )
        assert code(refused) == (409, "not_on_duty")


def test_a_substitute_takes_over_just_these_days_and_the_dispatch_goes_on_afterwards(
    leaves: Leaves, county: County, dispatch: Dispatch
) -> None:
    granted(leaves, county, maternity(dispatch))

    substitute = substitute_for(county)

    assert (substitute.starts_on, substitute.ends_on) == (date(2026, 10, 13), date(2026, 12, 31))
    assert (substitute.substitute_for_id, substitute.leads_team) == (dispatch.id, False)
    assert substitute.sites == [county.site]
    assert substitute.shifts_on(date(2026, 10, 13)) == (Shift.MORNING, Shift.AFTERNOON)
    db.session.refresh(dispatch)
    assert (dispatch.ends_on, dispatch.planned_end_on, dispatch.cancelled_at) == (LAST_DAY, None, None)
    assert dispatch.shifts_on(date(2027, 1, 4)) == (Shift.MORNING, Shift.AFTERNOON)


def test_who_is_posted_already_or_elsewhere_is_not_posted_again(
    leaves: Leaves, county: County, dispatch: Dispatch
) -> None:
    granted(leaves, county, maternity(dispatch))
    busy = make_person(county.hospital, "别处有约")
    make_dispatch(busy, county.other_township)
    with pytest.raises(DutyClaimTaken):
        substitute_for(county, person_id=busy.id)
    first = substitute_for(county)
    with pytest.raises(SubstitutePosted):
        substitute_for(county)
    cancel_dispatch(county.office, first.id, first.version, reason="换人")
    assert substitute_for(county).id != first.id


def test_a_substitute_is_posted_from_today_on_and_not_for_days_that_are_over(
    leaves: Leaves, county: County, dispatch: Dispatch
) -> None:
    granted(leaves, county, maternity(dispatch))
    new_year = datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)
    with time_machine.travel(new_year, tick=False), pytest.raises(TransitionRefused):
        substitute_for(county)
    with time_machine.travel(datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI), tick=False):
        assert substitute_for(county).starts_on == date(2026, 12, 30)


def test_only_medical_affairs_of_the_supporting_hospital_posts_one(
    leaves: Leaves, county: County, dispatch: Dispatch
) -> None:
    granted(leaves, county, maternity(dispatch))
    (suspension,) = db.session.scalars(select(Suspension)).all()
    person = make_person(county.hospital)
    for actor in (county.recipient, county.overseer, acting(county.doctor, Role.STAFF)):
        with pytest.raises(Forbidden):
            post_substitute(actor, suspension.id, person_id=person.id)


def test_long_leave_that_is_given_up_lets_the_dispatch_go_on_and_tells_whoever_posted_a_substitute(
    leaves: Leaves, county: County, dispatch: Dispatch, doctor: dict[str, str]
) -> None:
    told = granted(leaves, county, maternity(dispatch))
    substitute_for(county)
    db.session.commit()
    assert leaves.do(doctor, told, "cancel").status_code == 200
    assert db.session.scalars(select(Suspension)).all() == []
    titles = db.session.scalars(select(InboxItem.title).where(InboxItem.person_id == county.medical_affairs.id)).all()
    assert "顶岗需要调整" in titles


def test_a_rule_makes_other_leave_long_too(leaves: Leaves, county: County, dispatch: Dispatch) -> None:
    make_setting(county.hospital, "attendance.long_leave_days", 10)
    assert granted(leaves, county, body(dispatch, "2026-11-02", "2026-11-13", kind="sick"))["is_long"] is False
    assert granted(leaves, county, body(dispatch, "2026-11-16", "2026-11-30", kind="sick"))["is_long"] is True


def test_others_do_not_see_it(
    leaves: Leaves, client: FlaskClient, county: County, dispatch: Dispatch, doctor: dict[str, str]
) -> None:
    told = leaves.ask(doctor, body(dispatch)).get_json()
    stranger = phone_of(make_person(county.foreign_hospital, roles=[Role.MEDICAL_AFFAIRS]), Role.MEDICAL_AFFAIRS)
    bureau = phone_of(make_person(county.bureau, roles=[Role.BUREAU]), Role.BUREAU)
    assert client.get(f"/api/v1/leave-requests/{told['id']}", headers=stranger).status_code == 404
    assert leaves.list(stranger).get_json()["total"] == 0
    assert client.get(f"/api/v1/leave-requests/{told['id']}", headers=bureau).status_code == 200
    assert leaves.do(bureau, told, "accept").status_code == 403
    assert leaves.ask(phone_of(county.director, Role.DIRECTOR), body(dispatch)).status_code == 403
    assert UUID(told["id"]) == db.session.scalars(select(LeaveRequest.id)).one()


def test_what_waits_is_counted_for_who_must_decide_it(
    leaves: Leaves, county: County, dispatch: Dispatch, doctor: dict[str, str], director: dict[str, str]
) -> None:
    def waiting() -> list[int]:
        return [count_requests_to_decide(actor) for actor in (county.recipient, county.office)]

    assert waiting() == [0, 0]
    told = leaves.ask(doctor, body(dispatch, ends_on="2026-09-10")).get_json()
    leaves.ask(doctor, body(dispatch, "2026-09-14", "2026-09-14"))
    assert waiting() == [2, 0]
    leaves.do(director, told, "accept")
    assert waiting() == [1, 1]
    assert count_requests_to_decide(county.visitor) == count_requests_to_decide(county.overseer) == 0
    assert count_requests_to_decide(county.stranger) == 0


def test_files_that_belong_to_nothing_go_after_a_week(
    leaves: Leaves, client: FlaskClient, dispatch: Dispatch, doctor: dict[str, str]
) -> None:
    attached, loose = leaves.attach(doctor), leaves.attach(doctor)
    leaves.ask(doctor, body(dispatch, attachment_ids=[attached]))
    with time_machine.travel(NOW + timedelta(days=6), tick=False):
        assert drop_loose_files() == 0
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert drop_loose_files() == 1
    left = [client.get(f"/api/v1/attachments/{file}", headers=doctor).status_code for file in (attached, loose)]
    assert left == [200, 404]
