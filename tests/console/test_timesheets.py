"""The list of a month's timesheets at the console, and those that waited too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range

from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.attendance.service.closing import chase_unsigned
from backend.domain.attendance.service.timesheets import countersign_timesheet, return_timesheet
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.organisations.models import CalendarYear
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.ids import new_id
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch, make_organisation, make_person, make_setting
from tests.support.statements import counted_statements
from tests.support.weeks import FIRST, IN_NOVEMBER, LAST, hand_in, live_week


@pytest.fixture(autouse=True)
def november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(IN_NOVEMBER, tick=False) as traveller:
        yield traveller


def also_director(county: County) -> Person:
    """Return the doctor, who now directs the township hospital too."""
    db.session.add(RoleHolding(person_id=county.doctor.id, organisation_id=county.township.id, role=Role.DIRECTOR))
    db.session.commit()
    return county.doctor


def send_many(county: County, number: int) -> None:
    """Send so many people for the week, in a few statements."""
    ids = [(new_id(), new_id()) for _ in range(number)]
    at, to = county.hospital.id, county.township.id
    people = [
        {"id": person_id, "organisation_id": at, "staff_number": f"M{place:04d}", "name": f"第{place}人"}
        for place, (person_id, _) in enumerate(ids)
    ]
    dispatches = [
        {"id": dispatch_id, "person_id": person_id, "supporting_id": at, "recipient_id": to, "kind": "posted"}
        | {"starts_on": FIRST, "ends_on": LAST}
        for person_id, dispatch_id in ids
    ]
    week = {"during": Range(FIRST, LAST, bounds="[]"), "halves": MultiRange([Range(0, 2), Range(3, 5)])}
    patterns = [{"dispatch_id": dispatch_id, "person_id": person_id} | week for person_id, dispatch_id in ids]
    for model, rows in ((Person, people), (Dispatch, dispatches), (DutyPattern, patterns)):
        db.session.execute(insert(model), rows)
    db.session.commit()


def row_of(page: str, name: str) -> str:
    """Return the row of somebody, as words."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, flags=re.S) if name in row)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def test_a_row_tells_what_the_last_month_came_to_and_where_it_stands(office: Office, county: County) -> None:
    hand_in(live_week(county.doctor, county.township))
    live_week(make_person(county.hospital, "安缺勤"), county.township, missed=[FIRST])
    page = office.open("/timesheets")
    assert "2026年10月考勤表" in words_of(page)
    # due, served, nights, leave, not checked in, absent, exceptions
    assert "5 5 0 0 0 0 0 待会签" in row_of(page.text, "吕芬春")
    assert "5 4 0 0 1 0 2 未提交" in row_of(page.text, "安缺勤")


def test_the_list_is_narrowed_by_status_recipient_and_name(office: Office, county: County) -> None:
    signed = hand_in(live_week(make_person(county.hospital, "安会签"), county.township))
    countersign_timesheet(county.recipient, signed.id, signed.version)
    returned = hand_in(live_week(make_person(county.hospital, "柏退回"), county.township))
    return_timesheet(county.recipient, returned.id, returned.version, reason="请核对")
    live_week(make_person(county.hospital, "秦未交"), county.other_township)
    for query, found in (
        ({"status": "countersigned"}, "安会签"),
        ({"status": "returned"}, "柏退回"),
        ({"status": "draft"}, "秦未交"),
        ({"recipient": county.other_township.id}, "秦未交"),
        ({"text": "柏"}, "柏退回"),
    ):
        page = office.open("/timesheets", **query).text
        assert [name for name in ("安会签", "柏退回", "秦未交") if f">{name}<" in page] == [found], query
    assert "没有符合条件的考勤表" in words_of(office.open("/timesheets", text="没有这个人"))


def test_another_month_can_be_turned_to_and_nonsense_shows_the_last(office: Office, county: County) -> None:
    make_dispatch(county.doctor, county.township, starts_on=FIRST, ends_on=date(2026, 11, 20))
    page = office.open("/timesheets", month="2026-11")
    assert "2026年11月考勤表" in words_of(page)
    assert "吕芬春" in words_of(page)
    assert "month=2026-12" in page.text
    for month in ("2026-13", "nonsense", "1999-01", "9999-12", "\0"):
        assert "2026年10月考勤表" in words_of(office.open("/timesheets", month=month))


def test_a_month_in_which_nobody_was_sent_says_where_sheets_come_from(office: Office) -> None:
    words = words_of(office.open("/timesheets", month="2019-01"))
    assert "这个月没有派驻" in words
    assert "导出本月" not in words


def test_a_year_without_calendar_is_said_and_not_guessed(office: Office, county: County) -> None:
    make_dispatch(county.doctor, county.township, starts_on=FIRST, ends_on=date(2031, 3, 31))
    assert "2031年的工作日历尚未载入" in words_of(office.open("/timesheets", month="2031-01"))
    assert "尚未载入" not in words_of(office.open("/timesheets"))


def test_a_director_finds_the_clean_ones_chosen_and_the_others_to_open(director: Office, county: County) -> None:
    clean = hand_in(live_week(make_person(county.hospital, "安无异"), county.township))
    doubtful = hand_in(live_week(make_person(county.hospital, "柏存疑"), county.township, doubtful=[FIRST]))
    live_week(make_person(county.hospital, "秦未交"), county.township)
    page = director.open("/timesheets")
    assert "会签所选 1 份" in words_of(page)
    assert re.findall(r'name="chosen" value="([^"]+)" checked', page.text) == [str(clean.id)]
    assert str(doubtful.id) not in page.text
    assert "打开查看" in row_of(page.text, "柏存疑")
    assert "1 份有异常，不能一起会签" in words_of(page)


def test_a_directors_own_sheet_is_left_to_another_signer(app: Flask, county: County) -> None:
    hand_in(live_week(county.doctor, county.township))
    page = Office(app, also_director(county), Role.DIRECTOR, county.township).open("/timesheets")
    assert "本人的表，由其他签字人会签" in words_of(page)
    assert "会签所选" not in words_of(page)


def test_offices_that_sign_nothing_choose_nothing(office: Office, bureau: Office, county: County) -> None:
    hand_in(live_week(county.doctor, county.township))
    for party in (office, bureau):
        page = party.open("/timesheets")
        assert "吕芬春" in words_of(page)
        assert 'name="chosen"' not in page.text


def test_each_party_sees_its_own_and_nobody_elses(
    director: Office, bureau: Office, stranger: Office, admin: Office, county: County
) -> None:
    live_week(county.doctor, county.township)
    live_week(make_person(county.hospital, "秦别处"), county.other_township)
    assert "秦别处" not in director.open("/timesheets").text
    assert "秦别处" in bureau.open("/timesheets").text
    assert "吕芬春" not in stranger.open("/timesheets").text
    assert admin.open("/timesheets").status_code == 403
    assert "考勤表" not in words_of(admin.open("/notices"))


def test_a_countersigned_sheet_without_the_scan_that_is_asked_for_says_so(office: Office, county: County) -> None:
    signed = hand_in(live_week(county.doctor, county.township))
    countersign_timesheet(county.recipient, signed.id, signed.version)
    assert "缺扫描件" not in words_of(office.open("/timesheets"))
    make_setting(county.bureau, "attendance.timesheet_needs_scan", "是")
    assert "缺扫描件" in words_of(office.open("/timesheets"))


def test_the_month_of_two_thousand_takes_five_statements_a_page(office: Office, county: County) -> None:
    signed = hand_in(live_week(county.doctor, county.township))
    countersign_timesheet(county.recipient, signed.id, signed.version)
    send_many(county, 2000)
    with counted_statements() as statements:
        first = words_of(office.open("/timesheets"))
    assert len(statements) == 1 + 5, statements  # the session's own, and five with that of the frame
    assert "共 2001 份，第 1 / 41 页" in first
    with counted_statements() as statements:
        assert "第 41 / 41 页" in words_of(office.open("/timesheets", page=41))
    assert len(statements) == 1 + 5, statements


def test_a_year_that_a_bureau_entered_takes_no_statement_for_each_hospital(bureau: Office, county: County) -> None:
    second = make_organisation("石门县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL, parent=county.bureau)
    for person in (county.doctor, make_person(second)):
        make_dispatch(person, county.township, starts_on=FIRST, ends_on=date(2031, 3, 31))
    of_2031 = {"year": 2031, "free_days": [date(2031, 1, 1)], "worked_days": []}
    document = {"document_title": "国务院办公厅关于2031年部分节假日安排的通知", "document_number": "国办发〔2030〕1号"}
    db.session.add(CalendarYear(organisation_id=county.bureau.id, **of_2031, **document))
    db.session.commit()
    with counted_statements() as statements:
        assert "尚未载入" not in words_of(bureau.open("/timesheets", month="2031-01"))
    assert len(statements) == 1 + 5 + 1, statements  # one more to read the calendar


def test_what_waited_for_ten_days_is_on_the_bureaus_list_with_how_long(
    bureau: Office, stranger: Office, county: County, november: time_machine.Traveller
) -> None:
    november.move_to(IN_NOVEMBER - timedelta(days=12))
    hand_in(live_week(county.doctor, county.township))
    november.move_to(IN_NOVEMBER)
    assert "没有逾期未会签的考勤表" in words_of(bureau.open("/timesheets/unsigned"))
    chase_unsigned()
    words = words_of(bureau.open("/timesheets/unsigned"))
    assert "吕芬春" in words
    assert "12 天" in words
    assert "吕芬春" not in words_of(stranger.open("/timesheets/unsigned"))
