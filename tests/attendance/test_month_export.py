"""The month of everybody in sight as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import pytest
import time_machine
from flask import Flask

from backend.domain.attendance.service.exports import request_month
from backend.domain.exports.service import get_export, open_export
from backend.foundation.actor import Actor
from backend.foundation.clock import SHANGHAI
from backend.jobs.exports import make_export
from tests.support.county import County, make_county
from tests.support.factories import make_dispatch, make_person
from tests.support.timesheets import make_taps

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def county(app: Flask) -> Iterator[County]:
    with time_machine.travel(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI), tick=False):
        county = make_county()
        for recipient, name in ((county.township, "吕芬春"), (county.other_township, "=cmd|'/c calc'!A0")):
            dispatch = make_dispatch(make_person(county.hospital, name), recipient, starts_on=date(2026, 10, 12))
            make_taps(dispatch, [date(2026, 10, 12)])
        yield county


def month_of(actor: Actor) -> list[list[object]]:
    export = request_month(actor, OCTOBER)
    make_export(str(export.id))
    with open_export(actor, export.id) as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
        return [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_the_file_has_a_row_for_each_dispatch_in_sight(county: County) -> None:
    rows = month_of(county.office)
    assert sorted(str(row[2]) for row in rows) == ["=cmd|'/c calc'!A0", "吕芬春"]
    assert {row[6 + 11] for row in rows} == {"√√"}


def test_the_director_gets_the_months_of_their_own_hospital(county: County) -> None:
    assert [row[0] for row in month_of(county.recipient)] == ["青石镇中心卫生院"]


def test_the_file_is_called_by_its_month_and_says_how_many_it_holds(county: County) -> None:
    export = request_month(county.office, OCTOBER)
    make_export(str(export.id))
    shown = get_export(county.office, export.id)
    assert (shown.name, shown.rows) == ("考勤表-2026-10", 2)
