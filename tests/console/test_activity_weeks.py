"""Weeks of records at the console: who lacks what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from flask import Flask

from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch
from backend.foundation.clock import SHANGHAI
from tests.support.activities import make_record
from tests.support.console import Office, words_of
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch
from tests.support.timesheets import make_taps

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 19, 9, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock: time_machine.Traveller, app: Flask) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1))


def test_an_office_reads_what_lacks_and_what_is_thin(office: Office, dispatch: Dispatch) -> None:
    make_taps(dispatch, [MONDAY, TUESDAY])
    record = make_record(
        dispatch, occurred_on=TUESDAY, status=RecordStatus.SUBMITTED, person_times=0, title="急性中毒的处置"
    )

    answer = office.open("/activities/weeks", week="2026-11-18")
    words = words_of(answer)

    assert "2026年11月16日–22日" in words
    assert "有缺项 11月16日在岗，没有记录 1 条待完善" in words
    assert f"/console/activities/{record.id}" in answer.text
    assert "11月17日 讲座“急性中毒的处置” ：没有现场照片、签到表、课件资料、听课人次为0" in words


def test_who_is_there_for_the_first_time_today_lacks_nothing_yet(office: Office, dispatch: Dispatch) -> None:
    make_taps(dispatch, [date(2026, 11, 19)])
    assert "今天在岗" in words_of(office.open("/activities/weeks")).split("共 1 人")[0].split("缺什么")[1]


def test_a_week_without_dispatches_and_a_search_in_vain_say_so(office: Office, dispatch: Dispatch) -> None:
    assert "这一周没有人派驻" in words_of(office.open("/activities/weeks", week="2026-08-01"))
    assert "没有符合条件的人员" in words_of(office.open("/activities/weeks", text="无此人"))


def test_another_county_sees_none_of_it(stranger: Office, dispatch: Dispatch, county: County) -> None:
    assert county.doctor.name not in words_of(stranger.open("/activities/weeks"))


def test_an_administrator_may_not_look(admin: Office) -> None:
    assert admin.open("/activities/weeks").status_code == 403


@pytest.mark.parametrize("week", ["0001-01-01", "2099-12-31", "2000-01-01", "yesterday"])
def test_weeks_far_away_are_pages_too(office: Office, dispatch: Dispatch, week: str) -> None:
    assert office.open("/activities/weeks", week=week, recipient="x", text="\0").status_code == 200
