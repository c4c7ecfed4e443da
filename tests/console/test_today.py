"""The board of today: everyone sent out, who is where, and the sites where nobody is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.rules.evidence import Confirmation, Outcome, outcome_of_place
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_department, make_dispatch, make_person, make_site
from tests.support.requests import make_leave
from tests.support.statements import counted_statements
from tests.support.timesheets import make_tap

_WEDNESDAY_MORNING = datetime(2026, 11, 18, 9, 30, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def wednesday_morning() -> Iterator[None]:
    with time_machine.travel(_WEDNESDAY_MORNING, tick=False):
        yield


def tap(dispatch: Dispatch, verdict: Verdict = Verdict.INSIDE, distance_m: float = 40.0) -> CheckIn:
    at = clock.now() - timedelta(hours=1, minutes=42)
    row = CheckIn(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=CheckInKind.IN,
        duty_on=clock.today(),
        shift=Shift.MORNING,
        effective=True,
        tapped_at=at,
        received_at=at,
        late=False,
        verdict=verdict,
        outcome=outcome_of_place(verdict),
        reasons=[],
        site_id=dispatch.sites[0].id if dispatch.sites else None,
        distance_m=distance_m,
        accuracy_m=20.0,
        idempotency_key=str(new_id()),
        request_hash=b"",
    )
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def team(county: County) -> dict[str, Dispatch]:
    """Four doctors at the township hospital: inside, uncertain, outside, and one of whom nothing is known."""
    names = ("安在岗", "卞不准", "常在外", "邓未到")
    people = [make_person(county.hospital, name) for name in names]
    sent = [make_dispatch(person, county.township, sites=[county.site]) for person in people]
    for dispatch, verdict in zip(sent, (Verdict.INSIDE, Verdict.UNCERTAIN, Verdict.OUTSIDE), strict=False):
        tap(dispatch, verdict, 40.0 if verdict is Verdict.INSIDE else 3200.0)
    return dict(zip(names, sent, strict=True))


def row_of(words: str, name: str) -> str:
    """Return what the board says behind a name, up to the next person of the team."""
    behind = words.split(name, 1)[1]
    ends = [behind.index(other) for other in ("安在岗", "卞不准", "常在外", "邓未到", "共 ") if other in behind]
    return behind[: min(ends)]


def test_everyone_is_shown_as_the_server_judged(office: Office, team: dict[str, Dispatch]) -> None:
    words = words_of(office.open("/today"))
    assert "在点内 07:48" in row_of(words, "安在岗")
    assert "位置不确定" in row_of(words, "卞不准")
    assert "不在点内 07:48 距派驻点 3.2 公里" in row_of(words, "常在外")
    assert "未签到 未到时间" in row_of(words, "邓未到")
    assert "派出 4 人 在点内 1 位置不确定 1 不在点内 1 未签到 1" in words


def test_leave_and_rest_excuse_what_a_tap_does_not_tell(office: Office, county: County) -> None:
    day, all_day = clock.today(), WeeklyPattern.of(range(1, 8), tuple(Shift))
    sent = {
        name: make_dispatch(make_person(county.hospital, name), county.township, pattern=all_day)
        for name in ("安在岗", "卞不准", "常在外", "邓未到")
    }
    make_leave(sent["安在岗"], LeaveSpan(day - timedelta(days=1), Shift.NIGHT, day, Shift.MORNING))
    make_leave(sent["卞不准"], LeaveSpan(day, Shift.AFTERNOON, day, Shift.NIGHT), RequestStatus.REQUESTED)
    tomorrow = day + timedelta(days=1)
    db.session.add(Suspension(dispatch_id=sent["常在外"].id, during=Range(day, tomorrow), reason="产假"))
    make_tap(sent["邓未到"], day - timedelta(days=1), Shift.NIGHT)
    make_tap(sent["邓未到"], day, Shift.AFTERNOON)

    words = words_of(office.open("/today"))

    assert row_of(words, "安在岗").endswith("请假 未到时间 未到时间 ")
    assert row_of(words, "卞不准").endswith("未签到 未到时间 未到时间 ")
    assert row_of(words, "常在外").endswith("请假 请假 请假 ")
    assert "下夜班 在点内" in row_of(words, "邓未到")
    assert "请假 2 下夜班 1" in words
    assert "常在外" in office.open("/today", state="on_leave").text
    assert "邓未到" not in office.open("/today", state="on_leave").text


def test_a_night_that_nobody_believes_is_no_reason_to_rest(office: Office, county: County) -> None:
    all_day = WeeklyPattern.of(range(1, 8), tuple(Shift))
    dispatch = make_dispatch(make_person(county.hospital, "邓未到"), county.township, pattern=all_day)
    night = make_tap(dispatch, clock.today() - timedelta(days=1), Shift.NIGHT, Outcome.UNCERTAIN)
    assert "下夜班 0" in words_of(office.open("/today"))
    said = {"confirmed_at": clock.now(), "confirmed_by_person_id": county.director.id}
    db.session.add(CheckInReview(check_in_id=night.id, confirmation=Confirmation.PRESENT, **said))
    assert "下夜班 1" in words_of(office.open("/today"))


def test_the_machine_never_says_absent_without_leave(office: Office, team: dict[str, Dispatch]) -> None:
    assert "旷工" not in office.open("/today").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "outside"}, {"常在外"}),
        ({"state": "not_checked_in"}, {"邓未到"}),
        ({"name": "安"}, {"安在岗"}),
        ({"name": "谁也不是"}, set()),
        ({"state": "nonsense", "recipient": "nonsense", "unknown": "1"}, {"安在岗", "卞不准", "常在外", "邓未到"}),
    ],
)
def test_filters_narrow_the_board(
    office: Office, team: dict[str, Dispatch], query: dict[str, str], shown: set[str]
) -> None:
    text = office.open("/today", **query).text
    assert {name for name in team if name in text} == shown
    assert shown or "没有符合条件的人员" in text


def test_filters_by_recipient_and_department(office: Office, county: County, team: dict[str, Dispatch]) -> None:
    surgeon = make_person(county.hospital, "尤在外科")
    surgeon.department = make_department(county.hospital, "普外科")
    make_dispatch(surgeon, county.other_township)
    by_recipient = office.open("/today", recipient=str(county.other_township.id)).text
    by_department = office.open("/today", department="普外科").text
    for text in (by_recipient, by_department):
        assert "尤在外科" in text
        assert "安在岗" not in text


def test_a_refresh_brings_the_board_alone_with_its_filters_and_its_moment(
    office: Office, team: dict[str, Dispatch]
) -> None:
    part = office.refresh("/today", "board", state="outside")
    assert "<html" not in part.text
    assert "09:30:00" in part.text
    assert "常在外" in part.text
    assert "安在岗" not in part.text


def test_sites_where_nobody_is_come_first(office: Office, county: County, team: dict[str, Dispatch]) -> None:
    branch = make_site(county.township, "河西分院")
    make_dispatch(county.doctor, county.township, sites=[branch])
    words = words_of(office.open("/today"))
    assert "1 个派驻点今天还没有人签到： 青石镇中心卫生院 河西分院" in words
    assert words.index("河西分院") < words.index("派出 5 人")


def test_a_board_without_anybody_says_what_to_do(office: Office) -> None:
    assert "今天没有派驻人员在岗" in words_of(office.open("/today"))


def test_a_day_off_misses_nobody(app: Flask, county: County, team: dict[str, Dispatch]) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 10, 0, tzinfo=clock.SHANGHAI)):
        words = words_of(Office(app, county.medical_affairs, Role.MEDICAL_AFFAIRS).open("/today"))
    assert "（休息日）" in words
    assert "未签到 0" in words


def test_a_year_without_calendar_is_told_and_not_guessed(app: Flask, county: County) -> None:
    with time_machine.travel(datetime(2031, 3, 3, 10, 0, tzinfo=UTC)):
        office = Office(app, county.medical_affairs, Role.MEDICAL_AFFAIRS)
        make_dispatch(county.doctor, county.township)
        assert "2031年的法定节假日安排尚未载入" in words_of(office.open("/today"))


def test_a_large_board_is_paged_and_asks_the_database_as_little(office: Office, county: County) -> None:
    for number in range(130):
        make_dispatch(make_person(county.hospital, f"第{number:03d}人"), county.township)
    with counted_statements() as statements:
        first = words_of(office.refresh("/today", "board"))
    assert len(statements) == 3, statements  # the session's own, and two
    with counted_statements() as statements:
        office.open("/today")
    assert len(statements) == 4, statements  # one more for the frame around it
    assert "共 130 人，第 1 / 2 页" in first
    assert "第 2 / 2 页" in words_of(office.open("/today", page="2"))
    assert "第 2 / 2 页" in words_of(office.open("/today", page="99"))


def test_each_party_sees_its_own_and_nobody_elses(
    office: Office, director: Office, bureau: Office, stranger: Office, county: County, team: dict[str, Dispatch]
) -> None:
    make_dispatch(make_person(county.hospital, "在别处的人"), county.other_township)
    for party, sees_elsewhere in ((office, True), (director, False), (bureau, True)):
        text = party.open("/today").text
        assert "安在岗" in text
        assert ("在别处的人" in text) is sees_elsewhere
    assert "安在岗" not in stranger.open("/today").text


def test_roles_without_a_right_are_refused_and_do_not_see_the_entry(admin: Office) -> None:
    response = admin.open("/today")
    assert response.status_code == 403
    assert "切换“当前身份”" in words_of(response)
    assert "今日在岗" not in words_of(admin.open("/people"))


def test_a_visit_is_on_the_board_of_its_days_only(office: Office, county: County) -> None:
    make_dispatch(make_person(county.hospital, "周三坐诊"), county.township, pattern=WeeklyPattern.of([3]))
    make_dispatch(make_person(county.hospital, "周四坐诊"), county.township, pattern=WeeklyPattern.of([4]))
    text = office.open("/today").text
    assert "周三坐诊" in text
    assert "周四坐诊" not in text


def test_another_day_shows_who_was_and_who_will_be_where(office: Office, county: County) -> None:
    make_dispatch(county.doctor, county.township, pattern=WeeklyPattern.of([3]), sites=[county.site])

    last_week = words_of(office.open("/today", day="2026-11-11"))
    assert "未签到" in last_week
    assert "当天没有人签到" in last_week
    next_week = words_of(office.open("/today", day="2026-11-25"))
    assert f"{county.doctor.name} 主治医师" in next_week
    assert "没有人签到" not in next_week
    assert county.doctor.name not in words_of(office.open("/today", day="2026-11-19"))


def test_a_day_that_is_none_is_today(office: Office, team: dict[str, Dispatch]) -> None:
    for day in ("2026-13-40", "gestern", "2.6e-42"):
        assert "2026年11月18日 星期三" in words_of(office.open("/today", day=day))
