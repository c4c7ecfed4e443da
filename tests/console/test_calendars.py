"""Working calendars at the console."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from backend.domain.organisations.models import CalendarYear
from backend.extensions import db
from backend.foundation import clock
from tests.support.console import Office, words_of
from tests.support.county import County

NOTICE = "一、元旦：1月1日（周二）至3日（周四）放假，共3天。1月5日（周六）上班。"
FORM = {
    "version": 0,
    "free_days": ["2041-01-01", "2041-01-02", "2041-01-03"],
    "worked_days": ["2041-01-05"],
    "document_title": "国务院办公厅关于2041年部分节假日安排的通知",
    "document_number": "国办发明电〔2040〕9号",
}


def checked(page: str) -> set[str]:
    return set(re.findall(r'value="(\d{4}-\d\d-\d\d)" checked', page))


@pytest.fixture
def path(county: County) -> str:
    return f"/calendars/{county.bureau.id}/2041"


def test_the_list_tells_what_is_built_in_and_what_is_not_loaded(bureau: Office, app: Flask) -> None:
    words = words_of(bureau.open("/calendars"))
    assert "2026年 已内置" in words
    assert f"{clock.today().year + 3}年 未载入" in words


def test_a_year_that_is_built_in_is_shown_and_not_asked_for(bureau: Office, county: County) -> None:
    page = bureau.open(f"/calendars/{county.bureau.id}/2026")
    assert "保存2026年工作日历" not in page.text
    assert re.search(r'class=" differs"><span><time datetime="2026-10-01">', page.text)
    assert re.search(r'class="weekend differs"><span><time datetime="2026-10-10">', page.text)


def test_a_pasted_notice_fills_the_year_in_and_keeps_nothing(bureau: Office, path: str) -> None:
    page = bureau.send(f"{path}/read", notice=NOTICE)
    assert checked(page.text) == {"2041-01-01", "2041-01-02", "2041-01-03", "2041-01-05"}
    assert "放假的工作日 3 天、上班的周末 1 天，尚未保存" in words_of(page)
    assert db.session.query(CalendarYear).count() == 0


def test_what_is_no_day_is_named(bureau: Office, path: str) -> None:
    page = bureau.send(f"{path}/read", notice="2月30日放假")
    assert "以下内容不是有效日期：2月30日" in words_of(page)
    assert bureau.send(f"{path}/read", notice="").status_code == 422


def test_a_year_is_entered_and_then_changed(bureau: Office, office: Office, county: County, path: str) -> None:
    bureau.send(path, **FORM)
    row = db.session.query(CalendarYear).one()
    assert (row.free_days[0], row.worked_days, row.version) == (date(2041, 1, 1), [date(2041, 1, 5)], 1)
    assert checked(bureau.open(path).text) == set(FORM["free_days"]) | set(FORM["worked_days"])  # type: ignore[call-overload]

    assert bureau.send(path, **FORM).status_code == 412
    bureau.send(path, **FORM | {"version": 1, "worked_days": None})
    db.session.expire_all()
    assert db.session.query(CalendarYear).one().worked_days == []


def test_those_below_read_what_the_bureau_entered(bureau: Office, director: Office, county: County, path: str) -> None:
    bureau.send(path, **FORM)
    page = director.open(f"/calendars/{county.township.id}/2041")
    assert "现按云岭县卫生健康局录入的安排执行" in words_of(page)
    assert "保存2041年工作日历" not in page.text
    assert re.search(r'class=" differs"><span><time datetime="2041-01-01">', page.text)


def test_what_cannot_be_right_is_said_beside_its_field_and_kept_on_the_page(bureau: Office, path: str) -> None:
    page = bureau.send(path, **FORM | {"free_days": ["2041-01-05"], "document_number": ""})
    assert page.status_code == 422
    words = words_of(page)
    assert "1月5日本来就是周末" in words
    assert "必须写明依据文件和文号" in words
    assert "2041-01-05" in checked(page.text)
    assert bureau.send(path, **FORM | {"free_days": ["yesterday"]}).status_code == 422
    assert db.session.query(CalendarYear).count() == 0


def test_a_year_that_is_built_in_is_not_entered(bureau: Office, county: County) -> None:
    given = FORM | {"free_days": ["2026-01-01"], "worked_days": None}
    page = bureau.send(f"/calendars/{county.bureau.id}/2026", **given)
    assert page.status_code == 409
    assert "无需录入" in words_of(page)


def test_who_may_not_enter_one(office: Office, admin: Office, stranger: Office, county: County, path: str) -> None:
    own = f"/calendars/{county.hospital.id}/2041"
    assert "尚未载入，是否为工作日不作判断" in words_of(office.open(own))
    assert office.send(own, **FORM).status_code == 403
    assert stranger.send(own, **FORM).status_code == 404
    assert admin.send(path, **FORM).status_code == 404  # the bureau is above them, not theirs
    assert admin.send(own, **FORM).status_code == 302


def test_odd_years_and_organisations_are_not_found(bureau: Office, county: County) -> None:
    for path in (f"/calendars/{county.bureau.id}/1999", f"/calendars/{county.bureau.id}/99999", "/calendars/x/2041"):
        assert bureau.open(path).status_code == 404
    assert bureau.open("/calendars", organisation=county.foreign_hospital.id).status_code == 404
