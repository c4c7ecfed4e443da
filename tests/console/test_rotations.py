"""Rotations at the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine

from backend.domain.dispatch.models import Rotation
from backend.domain.dispatch.rules import WeeklyPattern
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_person


@pytest.fixture(autouse=True)
def _late_in_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 21, 10, tzinfo=SHANGHAI), tick=False):
        yield


def rotation(county: County, name: str = "2026年下半年") -> Rotation:
    row = Rotation(id=new_id(), supporting_id=county.hospital.id, name=name)
    db.session.add(row)
    db.session.flush()
    return row


def send(county: County, batch: Rotation, pattern: WeeklyPattern) -> None:
    person = make_person(county.hospital, "轮换医生")
    make_dispatch(
        person, county.township, rotation=batch, pattern=pattern, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 8)
    )


def test_working_days_on_which_nobody_is_there_are_named(office: Office, county: County) -> None:
    batch = rotation(county)
    send(county, batch, WeeklyPattern.of([1, 2, 3]))
    assert "2026年下半年" in words_of(office.open("/rotations"))
    words = words_of(office.open(f"/rotations/{batch.id}"))
    assert "2 个工作日无人" in words
    assert "2026-11-05 周四 ， 2026-11-06 周五" in words


def test_a_covered_rotation_says_so(office: Office, county: County) -> None:
    batch = rotation(county)
    send(county, batch, WeeklyPattern.every_day())
    assert "工作日都有人" in words_of(office.open(f"/rotations/{batch.id}"))


def test_a_month_shows_who_is_due_and_who_is_away(office: Office, county: County) -> None:
    batch = rotation(county)
    send(county, batch, WeeklyPattern.every_day())
    page = office.open(f"/rotations/{batch.id}", month="2026-11")
    words = words_of(page)
    assert "2026年11月每日在岗" in words
    assert "3 未结算 轮换医生" in words
    for month in ("2026-13", "1999-01", "nonsense"):
        assert "2026年11月每日在岗" in words_of(office.open(f"/rotations/{batch.id}", month=month))


def test_a_year_that_is_not_loaded_is_not_judged(office: Office, county: County) -> None:
    batch = rotation(county)
    first, last = date(2041, 1, 1), date(2041, 1, 31)
    make_dispatch(county.doctor, county.township, rotation=batch, starts_on=first, ends_on=last)
    words = words_of(office.open(f"/rotations/{batch.id}"))
    assert "2041年的工作日历未载入" in words
    assert "工作日无人" not in words


def test_no_rotation_yet(office: Office) -> None:
    assert "还没有批次" in words_of(office.open("/rotations"))


def test_others_do_not_see_it(admin: Office, stranger: Office, county: County) -> None:
    batch = rotation(county)
    send(county, batch, WeeklyPattern.every_day())
    assert admin.open("/rotations").status_code == 403
    assert stranger.open(f"/rotations/{batch.id}").status_code == 404
