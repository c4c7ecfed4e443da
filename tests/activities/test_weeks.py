"""Weeks of records beside the days of presence: one's own, an office's, and the reminder on Thursdays."""

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

from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.weeks import list_weeks, weeks_of
from backend.domain.activities.rules.completeness import FindingCode
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.reminding import owe_week_reminders
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.notifications.models.notices import InboxItem
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden
from tests.support.accounts import phone_of
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import acting, make_dispatch, make_person
from tests.support.statements import counted_statements
from tests.support.timesheets import make_taps

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (16, 17, 18, 19))
SEPTEMBER = date(2026, 9, 1)
CLINIC, SUBMITTED, DRAFT = ActivityKind.OUTPATIENT_CLINIC, RecordStatus.SUBMITTED, RecordStatus.DRAFT


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is the afternoon of a Thursday."""
    with time_machine.travel(datetime(2026, 11, 19, 16, 30, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, clock: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=SEPTEMBER)


def write(
    dispatch: Dispatch, day: date, status: RecordStatus = SUBMITTED, kind: ActivityKind = CLINIC
) -> ActivityRecord:
    return make_record(dispatch, kind, occurred_on=day, status=status, quantity=12)


def notices() -> list[str]:
    return list(db.session.scalars(select(InboxItem.body).where(InboxItem.kind == "activity_incomplete")))


def test_days_of_presence_without_a_record_are_missing_and_today_is_not_over(dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY, TUESDAY, WEDNESDAY, THURSDAY])
    write(dispatch, TUESDAY)

    week, *_ = weeks_of(dispatch.person_id, THURSDAY, THURSDAY)

    assert (week.monday, len(week.present), len(week.records)) == (MONDAY, 4, 1)
    assert [finding.text for finding in week.missing] == ["11月16日、18日在岗，没有记录", "还没有教学记录"]


def test_ones_own_drafts_fill_a_day_and_are_told_and_an_office_sees_neither(county: County, dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY])
    write(dispatch, MONDAY, DRAFT)

    own, *_ = weeks_of(dispatch.person_id, MONDAY, MONDAY)
    assert [finding.code for finding in own.missing] == [FindingCode.DRAFTS]
    (row,) = list_weeks(county.office, MONDAY).items
    assert ([finding.code for finding in row.week.missing], len(row.week.records)) == ([FindingCode.NO_RECORDS], 0)


def test_an_amended_record_counts_once(dispatch: Dispatch) -> None:
    first = make_record(dispatch, CLINIC, occurred_on=MONDAY, signer=make_person(dispatch.recipient))
    make_record(dispatch, CLINIC, occurred_on=MONDAY, status=DRAFT, series_id=first.series_id, edition=2)
    week, *_ = weeks_of(dispatch.person_id, MONDAY, MONDAY)
    assert [record.edition for record in week.records] == [2]


def test_weeks_run_from_the_first_of_the_dispatch_and_end_today(dispatch: Dispatch) -> None:
    mondays = [week.monday for week in weeks_of(dispatch.person_id, SEPTEMBER - timedelta(days=40), date(2026, 12, 31))]
    assert (mondays[0], mondays[-1], len(mondays)) == (MONDAY, date(2026, 8, 31), 12)


def test_everybody_of_an_office_takes_as_many_statements_as_one(county: County, dispatch: Dispatch) -> None:
    def statements_of_page() -> int:
        db.session.expire_all()
        with counted_statements() as statements:
            list_weeks(county.office, MONDAY)
        return len(statements)

    make_taps(dispatch, [MONDAY])
    write(dispatch, MONDAY)
    one = statements_of_page()
    for _number in range(4):
        other = make_dispatch(make_person(county.hospital), county.township, starts_on=SEPTEMBER)
        make_taps(other, [MONDAY])
        write(other, MONDAY)
    assert statements_of_page() == one


def test_who_recorded_least_comes_first_and_each_hospital_sees_its_own(county: County, dispatch: Dispatch) -> None:
    write(dispatch, MONDAY)
    idle = make_dispatch(make_person(county.hospital, "段怀山"), county.other_township, starts_on=SEPTEMBER)
    make_taps(idle, [MONDAY, TUESDAY])

    assert [row.person.name for row in list_weeks(county.office, MONDAY).items] == ["段怀山", county.doctor.name]
    assert [row.recipient.id for row in list_weeks(county.recipient, MONDAY).items] == [county.township.id]
    assert len(list_weeks(county.overseer, MONDAY).items) == 2
    assert list_weeks(county.stranger, MONDAY).items == []
    assert [row.person.name for row in list_weeks(county.visitor, MONDAY).items] == [county.doctor.name]
    found = list_weeks(county.office, MONDAY, text="段怀")
    assert (found.total, [len(row.week.present) for row in found.items]) == (1, [2])


def test_a_desk_may_not_see_whose_week_lacks_what(county: County) -> None:
    desk = make_person(county.township, roles=[Role.DESK])
    with pytest.raises(Forbidden):
        list_weeks(acting(desk, Role.DESK), MONDAY)


def test_on_thursday_one_is_told_once_what_is_missing(dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY, TUESDAY, WEDNESDAY])
    write(dispatch, MONDAY)
    lecture = make_record(dispatch, occurred_on=TUESDAY, status=SUBMITTED, person_times=0)

    assert (owe_week_reminders(), owe_week_reminders()) == (1, 1)
    (body,) = notices()
    assert body == "本周11月18日在岗，没有记录；11月17日讲座没有现场照片、签到表、课件资料、听课人次为0。"
    assert lecture.person_id == dispatch.person_id


def test_a_whole_week_is_left_in_peace(dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY, TUESDAY])
    write(dispatch, MONDAY)
    write(dispatch, TUESDAY)
    assert (owe_week_reminders(), notices()) == (0, [])


def test_what_was_countersigned_is_left_in_peace(dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY])
    make_record(dispatch, occurred_on=MONDAY, person_times=0, signer=make_person(dispatch.recipient))
    assert (owe_week_reminders(), notices()) == (0, [])


def test_who_was_not_there_or_is_suspended_is_told_nothing(county: County, dispatch: Dispatch) -> None:
    write(dispatch, MONDAY, DRAFT)  # and nobody tapped: on leave, or not on duty
    suspended = make_dispatch(make_person(county.hospital), county.township, starts_on=SEPTEMBER)
    make_taps(suspended, [MONDAY, TUESDAY])
    days = Range(WEDNESDAY, date(2026, 12, 1))
    db.session.add(Suspension(dispatch_id=suspended.id, during=days, reason="病假"))
    ended = make_dispatch(make_person(county.hospital), county.township, starts_on=SEPTEMBER, ends_on=WEDNESDAY)
    make_taps(ended, [MONDAY])
    db.session.commit()
    assert (owe_week_reminders(), notices()) == (0, [])


def weeks_seen(client: FlaskClient, headers: dict[str, str], query: str = "") -> Any:
    return client.get(f"/api/v1/activities/weeks{query}", headers=headers)


def test_the_phone_reads_ones_own_weeks(client: FlaskClient, dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY])
    record = make_record(dispatch, occurred_on=TUESDAY, status=SUBMITTED, person_times=30)

    items = weeks_seen(client, phone_of(dispatch.person)).get_json()["items"]

    assert [item["week"] for item in items] == ["2026-11-16", "2026-11-09", "2026-11-02", "2026-10-26"]
    assert (items[0]["label"], items[-1]["label"]) == ("11月16日–22日", "10月26日–11月1日")
    assert items[0]["missing"] == [{"code": "days_without_record", "text": "11月16日在岗，没有记录"}]
    (thin,) = items[0]["thin"]
    assert (thin["record_id"], thin["kind_label"], thin["occurred_on"]) == (str(record.id), "讲座", "2026-11-17")
    assert thin["findings"] == [{"code": "no_proof", "text": "没有现场照片、签到表、课件资料"}]


@pytest.mark.parametrize(
    "query", ["?from=2026-11-19&to=2026-11-01", "?from=2026-01-01&to=2026-11-01", "?from=x", "?a=1"]
)
def test_the_phone_may_not_ask_for_anything_else(client: FlaskClient, county: County, query: str) -> None:
    assert weeks_seen(client, phone_of(county.doctor), query).status_code == 422


def test_a_patient_has_no_weeks(client: FlaskClient, county: County) -> None:
    assert weeks_seen(client, phone_of(None)).get_json()["items"] == []


def test_an_office_reads_a_week_of_everybody(client: FlaskClient, county: County, dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY])
    headers = phone_of(county.medical_affairs, Role.MEDICAL_AFFAIRS)

    told = client.get("/api/v1/activities/completeness?week=2026-11-18", headers=headers).get_json()

    assert (told["week"], told["label"], told["total"]) == ("2026-11-16", "11月16日–22日", 1)
    (item,) = told["items"]
    assert (item["person"]["name"], item["recipient"]["name"]) == (county.doctor.name, county.township.name)
    assert (item["days_present"], item["records"], item["thin"]) == (1, 0, 0)
    assert item["missing"] == [{"code": "no_records", "text": "在岗1天，还没有工作日志"}]
