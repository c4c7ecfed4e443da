"""The month of everybody in sight as a file: asked for, made by a worker, fetched by who asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from backend.domain.attendance.models.timesheets import TimesheetExport
from backend.domain.attendance.rules.timesheets import ExportStatus
from backend.domain.attendance.service.exports import (
    get_export,
    make_export,
    open_export,
    request_export,
    sweep_exports,
)
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.errors import NotFound
from backend.foundation.queue import work_queue
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.timesheets import make_taps

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def moment(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(moment: time_machine.Traveller) -> County:
    county = make_county()
    for recipient, name in ((county.township, "吕芬春"), (county.other_township, "=cmd|'/c calc'!A0")):
        dispatch = make_dispatch(make_person(county.hospital, name), recipient, starts_on=date(2026, 10, 12))
        make_taps(dispatch, [date(2026, 10, 12)])
    return county


def rows_of(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_the_file_has_a_row_for_each_dispatch_in_sight(county: County) -> None:
    export = request_export(county.office, OCTOBER)
    make_export(export.id)
    rows = rows_of(open_export(county.office, export.id))
    assert sorted(str(row[2]) for row in rows) == ["=cmd|'/c calc'!A0", "吕芬春"]
    assert {row[6 + 11] for row in rows} == {"√√"}


def test_the_director_gets_the_months_of_their_own_hospital(county: County) -> None:
    export = request_export(county.recipient, OCTOBER)
    make_export(export.id)
    assert [row[0] for row in rows_of(open_export(county.recipient, export.id))] == ["青石镇中心卫生院"]


def test_nobody_else_fetches_it_and_fetching_is_audited(county: County) -> None:
    office, recipient = county.office, county.recipient
    export = request_export(office, OCTOBER)
    with pytest.raises(NotFound):
        open_export(office, export.id)
    make_export(export.id)
    with pytest.raises(NotFound):
        open_export(recipient, export.id)
    open_export(office, export.id)
    events = select(AuditEvent.action).where(AuditEvent.subject_id == export.id)
    assert set(db.session.scalars(events)) == {"request_timesheet_export", "download_timesheet_export"}


def test_who_has_lost_the_role_does_not_fetch_what_it_could_read(county: County) -> None:
    asked = county.office
    export = request_export(asked, OCTOBER)
    make_export(export.id)
    for now in (replace(asked, role=Role.STAFF), replace(asked, role=None, organisation_id=None)):
        for fetch in (get_export, open_export):
            with pytest.raises(NotFound):
                fetch(now, export.id)


def test_the_file_is_encrypted_where_it_lies(county: County) -> None:
    export = request_export(county.office, OCTOBER)
    make_export(export.id)
    stored = db.session.scalars(select(TimesheetExport.content)).one()
    assert stored is not None
    assert not stored.startswith(b"PK")


def test_asking_twice_is_asking_once_until_it_is_made(county: County) -> None:
    office = county.office
    first = request_export(office, OCTOBER).id
    assert request_export(office, OCTOBER).id == first
    make_export(first)
    assert request_export(office, OCTOBER).id != first


def test_an_export_that_cannot_be_made_is_given_up(county: County, moment: time_machine.Traveller) -> None:
    office = county.office
    export = request_export(office, OCTOBER)
    moment.shift(timedelta(minutes=61))
    sweep_exports()
    assert get_export(office, export.id).status is ExportStatus.FAILED


def test_making_it_twice_makes_it_once(county: County) -> None:
    export = request_export(county.office, OCTOBER)
    make_export(export.id)
    first = get_export(county.office, export.id).finished_at
    make_export(export.id)
    assert get_export(county.office, export.id).finished_at == first


def test_what_a_dead_worker_left_is_taken_up_and_what_is_old_goes(
    county: County, moment: time_machine.Traveller
) -> None:
    export = request_export(county.office, OCTOBER)
    work_queue().empty()  # type: ignore[no-untyped-call]
    moment.shift(timedelta(minutes=11))
    sweep_exports()
    [job] = work_queue().jobs
    assert job.args == [str(export.id)]
    make_export(export.id)
    assert get_export(county.office, export.id).status is ExportStatus.COMPLETED
    moment.shift(timedelta(days=8))
    sweep_exports()
    with pytest.raises(NotFound):
        get_export(county.office, export.id)
