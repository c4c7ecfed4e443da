"""Records as they are written and handed in: late for good, once for each key, one edit at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from backend.app import create_app
from backend.config import Settings
from backend.domain.activities.errors.records import DispatchWasCancelled, OutsideDispatch, RecordNotFound
from backend.domain.activities.models.records import ActivityRecord
from backend.domain.activities.queries.records import RecordFilter, get_record, list_records
from backend.domain.activities.queries.showing import lines_of, values_of
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.lateness import is_late
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.activities.service.amendments import amend_record
from backend.domain.activities.service.countersigning import countersign_record, return_record
from backend.domain.activities.service.drafts import RecordDraft, create_record, discard_record, save_record
from backend.domain.activities.service.submitting import recall_record, submit_record
from backend.domain.dispatch.models import Dispatch
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import Forbidden, StaleVersion
from tests.support.activities import make_record
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_setting

THAT_DAY = date(2026, 11, 1)
LECTURE = {"topic": "高血压规范管理", "person_times": 46}
DRAFT = RecordDraft(THAT_DAY, LECTURE)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon of the day that the records tell of."""
    with time_machine.travel(datetime(2026, 11, 1, 12, 0, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(app: Flask, noon: time_machine.Traveller) -> County:
    return make_county()


@pytest.fixture
def dispatch(county: County) -> Dispatch:
    return make_dispatch(county.doctor, county.township, starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))


def days_later(noon: time_machine.Traveller, days: int) -> None:
    noon.move_to(datetime(2026, 11, 1, 12, 0, tzinfo=SHANGHAI) + timedelta(days=days))


def begin(county: County, draft: RecordDraft = DRAFT, **how: Any) -> ActivityRecord:
    return create_record(county.visitor, ActivityKind.LECTURE, draft, key="k" * 8, **how).record


@pytest.mark.parametrize(("days", "late"), [(0, False), (7, False), (8, True)])
def test_a_record_is_late_more_than_so_many_days_after(days: int, late: bool) -> None:
    assert is_late(THAT_DAY, THAT_DAY + timedelta(days=days), 7) is late


def test_a_late_record_stays_late_whatever_becomes_of_it(
    county: County, dispatch: Dispatch, noon: time_machine.Traveller
) -> None:
    days_later(noon, 8)
    record = begin(county, submit=True)
    assert record.is_late

    return_record(county.recipient, record.id, record.version, reason="请附签到表")
    save_record(county.visitor, record.id, dataclasses.replace(DRAFT, occurred_on=clock.today()), record.version)
    submit_record(county.visitor, record.id, record.version)
    countersign_record(county.recipient, record.id, record.version)
    amended = amend_record(county.visitor, record.id)
    submit_record(county.visitor, amended.id, amended.version)

    assert record.is_late
    assert amended.is_late


def test_mending_a_timely_record_weeks_later_does_not_make_it_late(
    county: County, dispatch: Dispatch, noon: time_machine.Traveller
) -> None:
    record = begin(county, submit=True)
    first = record.submitted_at
    days_later(noon, 20)
    recall_record(county.visitor, record.id, record.version)
    submit_record(county.visitor, record.id, record.version)
    countersign_record(county.recipient, record.id, record.version)
    amended = amend_record(county.visitor, record.id)

    submit_record(county.visitor, amended.id, amended.version)

    assert (record.submitted_at, record.is_late, amended.is_late) == (first, False, False)


def test_a_timely_record_that_is_moved_to_a_later_day_is_not_timely_for_that(
    county: County, dispatch: Dispatch, noon: time_machine.Traveller
) -> None:
    record = begin(county, submit=True)
    recall_record(county.visitor, record.id, record.version)
    days_later(noon, 30)
    moved = dataclasses.replace(DRAFT, occurred_on=THAT_DAY + timedelta(days=10))
    save_record(county.visitor, record.id, moved, record.version)
    submit_record(county.visitor, record.id, record.version)
    assert (record.is_late, record.submitted_at) == (True, clock.now())

    today = create_record(
        county.visitor, ActivityKind.LECTURE, dataclasses.replace(DRAFT, occurred_on=clock.today()), key="d" * 8
    ).record
    submit_record(county.visitor, today.id, today.version)
    countersign_record(county.recipient, today.id, today.version)
    amended = amend_record(county.visitor, today.id)
    days_later(noon, 59)
    later = dataclasses.replace(DRAFT, occurred_on=THAT_DAY + timedelta(days=40))
    save_record(county.visitor, amended.id, later, amended.version)
    submit_record(county.visitor, amended.id, amended.version)
    assert (today.is_late, amended.is_late) == (False, True)


def test_how_late_is_late_is_a_setting_of_the_hospital(
    county: County, dispatch: Dispatch, noon: time_machine.Traveller
) -> None:
    make_setting(county.hospital, "activities.late_after_days", 1)
    days_later(noon, 2)

    assert begin(county, submit=True).is_late


def test_what_is_written_into_a_returned_record_nobody_reads_before_it_is_handed_in(
    county: County, dispatch: Dispatch
) -> None:
    record = begin(county, submit=True)
    return_record(county.recipient, record.id, record.version, reason="请附签到表")
    assert get_record(county.recipient, record.id).return_reason == "请附签到表"

    unchecked = dataclasses.replace(DRAFT, fields=LECTURE | {"topic": "没有检查过的文字"})
    save_record(county.visitor, record.id, unchecked, record.version)

    for actor in (county.recipient, county.office, county.overseer):
        with pytest.raises(RecordNotFound):
            get_record(actor, record.id)
    assert get_record(county.visitor, record.id).return_reason == "请附签到表"
    submit_record(county.visitor, record.id, record.version)
    assert get_record(county.recipient, record.id).title == "没有检查过的文字"


def test_a_dispatch_that_was_shortened_keeps_what_lies_outside_from_being_handed_in(
    county: County, dispatch: Dispatch
) -> None:
    record = begin(county)
    dispatch.ends_on = THAT_DAY - timedelta(days=1)
    db.session.commit()

    with pytest.raises(OutsideDispatch):
        submit_record(county.visitor, record.id, record.version)


def test_in_a_dispatch_that_was_cancelled_nothing_is_written_any_more(county: County, dispatch: Dispatch) -> None:
    record = begin(county)
    dispatch.cancelled_at = clock.now()
    db.session.commit()

    with pytest.raises(DispatchWasCancelled):
        submit_record(county.visitor, record.id, record.version)
    with pytest.raises(DispatchWasCancelled):
        save_record(county.visitor, record.id, DRAFT, record.version)
    discard_record(county.visitor, record.id, record.version)


def test_who_is_outside_finds_no_record_and_who_has_no_role_for_it_is_told_so(
    county: County, dispatch: Dispatch
) -> None:
    record = make_record(dispatch, status=RecordStatus.SUBMITTED)
    desk = dataclasses.replace(county.recipient, role=Role.DESK)

    with pytest.raises(RecordNotFound):
        get_record(county.stranger, record.id)
    with pytest.raises(Forbidden):
        get_record(desk, record.id)
    with pytest.raises(Forbidden):
        list_records(desk)
    assert list_records(county.stranger).total == 0
    assert [one.id for one in list_records(county.overseer, RecordFilter(kind=ActivityKind.LECTURE)).items] == [
        record.id
    ]


def test_what_a_ledger_said_is_told_as_it_was_said(county: County, dispatch: Dispatch) -> None:
    record = make_record(
        dispatch,
        status=RecordStatus.IMPORTED,
        quantity=3,
        person_times=20,
        person_times_at_least=True,
        details={"topic": "高血压", "person_times": 20},
    )

    assert lines_of(record, values_of(record)) == [("数量", "3次"), ("听课人次", "20余人次"), ("题目", "高血压")]


def test_what_was_not_reported_is_told_as_such(county: County, dispatch: Dispatch) -> None:
    clinic = make_record(dispatch, ActivityKind.OUTPATIENT_CLINIC, quantity=0, details={"morning": 0})

    assert lines_of(clinic, values_of(clinic)) == [("上午", "0人次"), ("下午", "未报")]


@pytest.fixture
def world(settings: Settings, database: str) -> Iterator[tuple[Flask, County]]:
    """Return an application with a database of its own, for several who press at once."""
    app = create_app(dataclasses.replace(settings, database_url=database))
    with app.app_context():
        county = make_county()
        make_dispatch(county.doctor, county.township)
        yield app, county
        db.session.remove()
        db.engine.dispose()


def test_one_press_that_is_sent_several_times_at_once_makes_one_record(world: tuple[Flask, County]) -> None:
    app, county = world
    actor, draft = county.visitor, RecordDraft(clock.today(), LECTURE)

    def send(_turn: int) -> tuple[Any, bool]:
        with app.app_context():
            written = create_record(actor, ActivityKind.LECTURE, draft, key="pressed-once", submit=True)
            return written.record.id, written.repeated

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(send, range(4)))

    assert len({record_id for record_id, _repeated in sent}) == 1
    assert sorted(repeated for _id, repeated in sent) == [False, True, True, True]


def test_of_several_edits_at_once_one_is_kept_and_the_others_are_told(world: tuple[Flask, County]) -> None:
    app, county = world
    actor = county.visitor
    record = create_record(actor, ActivityKind.LECTURE, RecordDraft(clock.today(), LECTURE), key="begun-once").record
    record_id, version = record.id, record.version

    def save(turn: int) -> str:
        draft = RecordDraft(clock.today(), LECTURE | {"person_times": turn})
        with app.app_context():
            try:
                return str(save_record(actor, record_id, draft, version).person_times)
            except StaleVersion:
                return StaleVersion.code

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(save, range(4)))

    db.session.expire_all()
    assert saved.count("stale_version") == 3
    assert str(db.session.get_one(ActivityRecord, record_id).person_times) in saved
