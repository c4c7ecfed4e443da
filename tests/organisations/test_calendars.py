"""The working calendar of a year that is not built in: its rules, what a notice says, and entering it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.errors import CalendarInvalid, CalendarPublished
from backend.domain.organisations.models import CalendarYear
from backend.domain.organisations.queries import calendar_of, calendars_of, list_calendar_years
from backend.domain.organisations.rules.pasted_days import read_pasted_days
from backend.domain.organisations.rules.working_days import (
    EnteredYear,
    WorkingCalendar,
    is_weekend,
    unpublished_years,
    why_not_year,
)
from backend.domain.organisations.service import YearDraft, enter_calendar_year
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.errors import Forbidden, NotFound, StaleVersion
from tests.support.county import County, make_county
from tests.support.factories import acting, make_person
from tests.support.statements import counted_statements

# A year far beyond what any release of the library knows.
YEAR = 2041
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
NEW_YEAR, WORKED_SATURDAY = date(YEAR, 1, 1), date(YEAR, 1, 5)
NOTICE = """
国务院办公厅关于2041年部分节假日安排的通知
一、元旦：1月1日（周二）放假，共1天。1月5日（周六）上班。
二、春节：2月1日（农历正月初一、周五）至7日（周四）放假调休，共7天。1月27日（周日）、2月9日（周六）上班。
三、国庆节：2041年10月1日至2041年10月7日放假，共7天。
"""


def draft(**changes: object) -> YearDraft:
    given: dict[str, object] = {
        "year": YEAR,
        "free_days": [NEW_YEAR],
        "worked_days": [WORKED_SATURDAY],
        "document_title": "国务院办公厅关于2041年部分节假日安排的通知",
        "document_number": "国办发明电〔2040〕9号",
    }
    return YearDraft(**(given | changes))  # type: ignore[arg-type]


def test_years_are_told_apart_by_whether_the_library_knows_them() -> None:
    assert unpublished_years(date(2025, 12, 1), date(2026, 2, 1)) == []
    assert unpublished_years(date(2026, 12, 31), FIRST)[-1] == YEAR


@given(st.sets(st.dates(FIRST, LAST)), st.sets(st.dates(FIRST, LAST)))
def test_an_entered_year_is_the_ordinary_week_but_for_its_free_and_its_worked_days(
    free: set[date], worked: set[date]
) -> None:
    free, worked = {day for day in free if not is_weekend(day)}, {day for day in worked if is_weekend(day)}
    calendar = WorkingCalendar({YEAR: EnteredYear(frozenset(free), frozenset(worked))})
    for day in days_between(FIRST, LAST):
        ordinary = not is_weekend(day)
        assert calendar.is_working_day(day) is (ordinary ^ (day in free or day in worked))
        assert (calendar.holiday_name(day) is not None) is (day in free)


def test_what_the_library_knows_is_never_replaced_and_what_nobody_knows_is_not_guessed() -> None:
    calendar = WorkingCalendar({2026: EnteredYear(frozenset({date(2026, 9, 2)}), frozenset())})
    assert calendar.is_working_day(date(2026, 9, 2)) is True
    assert calendar.is_working_day(FIRST) is None
    assert calendar.holiday_name(FIRST) is None


@pytest.mark.parametrize(
    ("free", "worked", "field", "words"),
    [
        ([], [], "free_days", "至少"),
        ([date(YEAR, 1, 5)], [], "free_days", "1月5日本来就是周末"),
        ([date(YEAR + 1, 1, 1)], [], "free_days", "不是2041年"),
        ([NEW_YEAR], [date(YEAR, 1, 2)], "worked_days", "1月2日不是周末"),
        ([NEW_YEAR], [date(YEAR - 1, 12, 30)], "worked_days", "不是2041年"),
    ],
)
def test_days_that_cannot_be_are_named(free: list[date], worked: list[date], field: str, words: str) -> None:
    assert words in "".join(why_not_year(YEAR, free, worked)[field])


def test_a_notice_is_read_as_it_is_written() -> None:
    days = read_pasted_days(NOTICE, YEAR)
    spring = {day for day in days_between(date(YEAR, 2, 1), date(YEAR, 2, 7)) if not is_weekend(day)}
    autumn = {day for day in days_between(date(YEAR, 10, 1), date(YEAR, 10, 7)) if not is_weekend(day)}
    assert days.free_days == {NEW_YEAR} | spring | autumn
    assert days.worked_days == {WORKED_SATURDAY, date(YEAR, 1, 27), date(YEAR, 2, 9)}
    assert days.unread == ()
    assert why_not_year(YEAR, days.free_days, days.worked_days) == {}


def test_a_bare_list_is_read_by_the_days_of_the_week() -> None:
    days = read_pasted_days("2041-01-01\n2041/1/5，1月2日－4日 2月30日", YEAR)
    assert days.free_days == {date(YEAR, 1, day) for day in (1, 2, 3, 4)}
    assert days.worked_days == {WORKED_SATURDAY}
    assert days.unread == ("2月30日",)


@given(st.text(alphabet="0123456789年月日-至、，。（）放假上班 \n", max_size=200))
def test_whatever_is_pasted_gives_days_or_nothing(text: str) -> None:
    days = read_pasted_days(text, YEAR)
    assert not any(is_weekend(day) for day in days.free_days)


@pytest.fixture
def county(app: Flask) -> County:
    return make_county()


def test_a_year_that_the_bureau_entered_holds_for_all_below_it(county: County) -> None:
    assert calendar_of(county.hospital.id, FIRST, LAST).is_working_day(NEW_YEAR) is None

    enter_calendar_year(county.overseer, county.bureau.id, draft(), 0)

    for organisation in (county.bureau, county.hospital, county.township):
        calendar = calendar_of(organisation.id, FIRST, LAST)
        assert calendar.is_working_day(NEW_YEAR) is False
        assert calendar.is_working_day(WORKED_SATURDAY) is True
    assert calendar_of(county.foreign_hospital.id, FIRST, LAST).is_working_day(NEW_YEAR) is None


def test_the_nearest_entry_counts(county: County) -> None:
    admin = acting(make_person(county.hospital, roles=[Role.ADMIN]), Role.ADMIN)
    enter_calendar_year(county.overseer, county.bureau.id, draft(), 0)
    enter_calendar_year(admin, county.hospital.id, draft(free_days=[NEW_YEAR + timedelta(days=1)]), 0)
    calendars = calendars_of([county.hospital.id, county.township.id], FIRST, LAST)
    assert calendars[county.hospital.id].is_working_day(NEW_YEAR) is True
    assert calendars[county.township.id].is_working_day(NEW_YEAR) is False
    listed = list_calendar_years(admin, county.hospital.id)
    assert [organisation.id for _, organisation in listed] == [county.hospital.id, county.bureau.id]


def test_the_database_is_not_asked_about_years_that_are_built_in(county: County) -> None:
    with counted_statements() as statements:
        calendar_of(county.hospital.id, date(2026, 1, 1), date(2026, 12, 31))
    assert statements == []
    with counted_statements() as statements:
        calendars_of([county.hospital.id, county.township.id], FIRST, LAST)
    assert len(statements) == 1


def test_a_change_leaves_what_was_there_in_the_trail(county: County) -> None:
    row = enter_calendar_year(county.overseer, county.bureau.id, draft(), 0)
    enter_calendar_year(
        county.overseer, county.bureau.id, draft(worked_days=[], document_number="更正1号"), row.version
    )
    first, second = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "enter_calendar_year").order_by(AuditEvent.id)
    ).all()
    assert first.details["before"] is None
    assert second.details["before"]["worked_days"] == ["2041-01-05"]
    assert second.details["before"]["document_number"] == "国办发明电〔2040〕9号"
    assert db.session.scalars(select(CalendarYear)).one().version == 2


def test_two_who_enter_at_once_do_not_both_win(county: County) -> None:
    enter_calendar_year(county.overseer, county.bureau.id, draft(), 0)
    with pytest.raises(StaleVersion):
        enter_calendar_year(county.overseer, county.bureau.id, draft(), 0)


def test_a_year_that_is_built_in_cannot_be_entered(county: County) -> None:
    with pytest.raises(CalendarPublished):
        enter_calendar_year(county.overseer, county.bureau.id, draft(year=2026, free_days=[date(2026, 1, 1)]), 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document_title": " "}, "document_title"),
        ({"document_number": ""}, "document_number"),
        ({"free_days": [WORKED_SATURDAY]}, "free_days"),
        ({"worked_days": [NEW_YEAR]}, "worked_days"),
    ],
)
def test_what_cannot_be_right_is_named(county: County, changes: dict[str, object], field: str) -> None:
    with pytest.raises(CalendarInvalid) as refused:
        enter_calendar_year(county.overseer, county.bureau.id, draft(**changes), 0)
    assert field in refused.value.fields


def test_who_may_enter_a_year(county: County) -> None:
    for actor in (county.office, county.visitor):
        with pytest.raises(Forbidden):
            enter_calendar_year(actor, county.hospital.id, draft(), 0)
    with pytest.raises(NotFound):
        enter_calendar_year(county.overseer, county.foreign_hospital.id, draft(), 0)
    with pytest.raises(NotFound):
        list_calendar_years(county.stranger, county.hospital.id)
