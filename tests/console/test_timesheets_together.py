"""Countersigning the clean sheets of a month together: named, signed, and told who was left and why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.attendance.service.timesheets import return_timesheet
from backend.domain.audit.models import AuditEvent
from backend.extensions import db
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person
from tests.support.weeks import FIRST, IN_NOVEMBER, hand_in, live_week

ASK = {"month": "2026-10"}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def clean(county: County) -> list[Timesheet]:
    """Two sheets in which nothing needs a person's eye."""
    return [hand_in(live_week(make_person(county.hospital, name), county.township)) for name in ("安无异", "丁无异")]


def chosen(sheets: list[Timesheet]) -> list[str]:
    """Return what the page that names them sends for them."""
    return [f"{sheet.id}:{sheet.version}" for sheet in sheets]


def sign(director: Office, *values: str) -> TestResponse:
    return director.send("/timesheets/sign", month="2026-10", chosen=list(values))


def statuses() -> dict[str, TimesheetStatus]:
    db.session.expire_all()
    return {sheet.dispatch.person.name: sheet.status for sheet in db.session.scalars(select(Timesheet))}


def test_the_clean_ones_are_named_before_anything_is_signed(director: Office, clean: list[Timesheet]) -> None:
    page = director.open("/timesheets/sign", chosen=[sheet.id for sheet in clean], **ASK)
    assert "确认会签以下 2 份" in words_of(page)
    assert "安无异" in words_of(page)
    assert re.findall(r'name="chosen" value="([^"]+)"', page.text) == chosen(clean)
    assert set(statuses().values()) == {TimesheetStatus.SUBMITTED}


def test_what_was_named_is_signed_and_told(director: Office, clean: list[Timesheet]) -> None:
    words = words_of(sign(director, *chosen(clean)))
    assert "已会签 2 份" in words
    assert "没有会签" not in words
    assert set(statuses().values()) == {TimesheetStatus.COUNTERSIGNED}
    signed = select(AuditEvent).where(AuditEvent.action == "countersign_timesheet")
    assert len(db.session.scalars(signed).all()) == 2


def test_a_form_that_is_sent_twice_signs_once_and_says_so(director: Office, clean: list[Timesheet]) -> None:
    values = chosen(clean)
    sign(director, *values)
    words = words_of(sign(director, *values))
    assert "2 份此前已经会签，没有重复会签" in words
    assert "份没有会签" not in words


def test_what_changed_since_it_was_named_is_left_with_the_reason(
    director: Office, county: County, clean: list[Timesheet]
) -> None:
    values = chosen(clean)
    return_timesheet(county.recipient, clean[0].id, clean[0].version, reason="请核对")
    words = words_of(sign(director, *values))
    assert "已会签 1 份" in words
    assert "1 份没有会签" in words
    assert "安无异 已退回 内容已被他人修改" in words
    assert statuses() == {"安无异": TimesheetStatus.RETURNED, "丁无异": TimesheetStatus.COUNTERSIGNED}


def test_one_with_exceptions_is_not_named_and_not_signed(
    director: Office, county: County, clean: list[Timesheet]
) -> None:
    missed = hand_in(live_week(make_person(county.hospital, "柏缺勤"), county.township, missed=[FIRST]))
    page = director.open("/timesheets/sign", chosen=[clean[0].id, missed.id], **ASK)
    assert re.findall(r'name="chosen" value="([^"]+)"', page.text) == chosen(clean[:1])
    assert "以下 1 份不能一起会签" in words_of(page)
    assert "柏缺勤 待会签 这份考勤表有异常" in words_of(sign(director, *chosen([missed])))
    assert statuses()["柏缺勤"] is TimesheetStatus.SUBMITTED


def test_another_organisations_sheet_is_neither_named_nor_signed(director: Office, county: County) -> None:
    elsewhere = hand_in(live_week(county.doctor, county.other_township))
    named = words_of(director.open("/timesheets/sign", chosen=elsewhere.id, **ASK))
    assert "没有可以一起会签的考勤表" in named
    assert "吕芬春" not in named
    words = words_of(sign(director, *chosen([elsewhere])))
    assert "没有找到" in words
    assert "吕芬春" not in words
    assert statuses() == {"吕芬春": TimesheetStatus.SUBMITTED}


def test_who_signs_nothing_is_refused(office: Office, bureau: Office, clean: list[Timesheet]) -> None:
    for party in (office, bureau):
        assert party.open("/timesheets/sign", chosen=clean[0].id, **ASK).status_code == 403
        assert sign(party, *chosen(clean)).status_code == 403
    assert set(statuses().values()) == {TimesheetStatus.SUBMITTED}


def test_nothing_chosen_signs_nothing_and_says_so(director: Office, clean: list[Timesheet]) -> None:
    assert "没有可以一起会签的考勤表" in words_of(director.open("/timesheets/sign", **ASK))
    assert director.open("/timesheets/sign").location == "/console/timesheets"
    assert sign(director).location == "/console/timesheets?month=2026-10"
    assert "一份也没有会签" in words_of(director.open("/timesheets"))


@pytest.mark.parametrize("value", ["nonsense", "nonsense:1", "01a200ad-023d-7204-8dce-a31375eb7247", ":", "\0"])
def test_what_no_page_sends_is_refused(director: Office, value: str) -> None:
    assert sign(director, value).status_code == 422
    assert director.open("/timesheets/sign", chosen=value, **ASK).status_code == 200
    assert director.send("/timesheets/sign", month="nonsense").status_code == 422


def test_more_than_a_hundred_are_refused_at_once(director: Office) -> None:
    assert (
        sign(director, *[f"01a200ad-023d-7204-8dce-a3137500{number:04d}:1" for number in range(101)]).status_code == 422
    )
