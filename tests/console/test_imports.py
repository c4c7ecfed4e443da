"""Roster imports at the console: upload, what the check found, the confirmation, the documents."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.accounts.models import Person
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.service import apply_import, check_import
from backend.extensions import db
from backend.foundation.queue import work_queue
from tests.imports.ledgers import day, ledger
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_dispatch

_HEADERS = ("机构代码", "工号", "姓名", "职称", "科室", "手机号", "身份证后四位", "角色")


def people(county: County, *rows: tuple[str, ...]) -> bytes:
    """Return a workbook with a sheet of people of the supporting hospital."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人员"
    sheet.append(_HEADERS)
    for row in rows:
        sheet.append((county.hospital.code, *row))
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.fixture
def upload(office: Office) -> Callable[[bytes], Any]:
    def send(content: bytes, name: str = "名册.xlsx") -> Any:
        return office.send("/imports", kind="roster", file=(io.BytesIO(content), name))

    return send


def only_import() -> SpreadsheetImport:
    return db.session.scalars(select(SpreadsheetImport)).one()


NEW = ("N001", "新来的", "主治医师", "内科", "13812345678", "123X", "派驻人员")


def test_a_good_file_is_checked_shown_confirmed_and_written(
    app: Flask, office: Office, county: County, upload: Callable[[bytes], Any]
) -> None:
    shown = upload(people(county, NEW)).location
    started = only_import()
    assert shown == f"/console/imports/{started.id}"
    assert work_queue().count == 1
    waiting = office.client.get(shown).text
    assert 'hx-trigger="every 1s"' in waiting
    check_import(started.id)
    checked = office.refresh(f"/imports/{started.id}", "import")
    assert "every 1s" not in checked.text
    assert "人员 1 0 0" in words_of(checked)
    assert db.session.scalar(select(Person).where(Person.staff_number == "N001")) is None
    assert office.send(f"/imports/{started.id}/confirm").location == shown
    apply_import(started.id)
    assert "已全部写入" in words_of(office.client.get(shown))
    assert db.session.scalar(select(Person.name).where(Person.staff_number == "N001")) == "新来的"


def test_errors_name_sheet_row_and_column_and_nothing_can_be_confirmed(
    office: Office, county: County, upload: Callable[[bytes], Any]
) -> None:
    upload(people(county, NEW, ("N002", "错号码", "主治医师", "内科", "12", "123X", "")))
    started = only_import()
    check_import(started.id)
    words = words_of(office.open(f"/imports/{started.id}"))
    assert "共 1 处错误，没有写入任何内容" in words
    assert "人员 3 F 手机号" in words
    assert "确认导入" not in words
    assert office.send(f"/imports/{started.id}/confirm").status_code == 409
    listed = openpyxl.load_workbook(io.BytesIO(office.open(f"/imports/{started.id}/findings.xlsx").data)).active
    assert listed is not None
    assert [cell.value for cell in listed[2]][:3] == ["错误", "人员", "3"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件是空的"), (b"a,b,c\n1,2,3\n", "文本或网页"), (b"PK\x03\x04half", "文件已损坏")],
)
def test_what_is_no_workbook_is_refused_at_once(
    office: Office, upload: Callable[[bytes], Any], content: bytes, sentence: str
) -> None:
    response = upload(content)
    assert response.status_code == 422
    assert sentence in words_of(response)


def test_a_form_without_a_file_says_so(office: Office) -> None:
    response = office.send("/imports", kind="roster")
    assert response.status_code == 422
    assert "请先选择要导入的文件" in words_of(response)


def test_a_file_beyond_all_measure_is_refused_with_a_page(app: Flask, office: Office) -> None:
    too_much = b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)
    response = office.client.post("/console/imports", data=too_much, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "不能超过20 MB" in words_of(response)


def test_the_template_is_a_workbook(office: Office) -> None:
    response = office.open("/imports/template.xlsx")
    assert "attachment" in response.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(response.data)).sheetnames[:4] == ["机构", "派驻点", "人员", "派驻"]


def test_a_ledger_shows_what_it_comes_to_is_written_and_can_be_taken_back(office: Office, county: County) -> None:
    make_dispatch(county.doctor, county.township)
    who = {"工号": county.doctor.staff_number, "受援机构代码": county.township.code}
    content = ledger([day(**who), day(**{**who, "数量": "20余"})])
    assert office.send("/imports", kind="ledger", file=(io.BytesIO(content), "台账.xlsx")).status_code == 302
    started = only_import()
    check_import(started.id)
    assert "门诊 2 32余人次" in words_of(office.open(f"/imports/{started.id}"))
    office.send(f"/imports/{started.id}/confirm")
    apply_import(started.id)
    assert "标为“台账导入”，不显示为已会签" in words_of(office.open(f"/imports/{started.id}"))
    assert office.send(f"/imports/{started.id}/withdraw").status_code == 422
    assert office.send(f"/imports/{started.id}/withdraw", reason="导错了").status_code == 302
    words = words_of(office.open(f"/imports/{started.id}"))
    assert "已撤回2条记录" in words
    assert "原因：导错了" in words
    assert office.send(f"/imports/{started.id}/withdraw", reason="再来").status_code == 409


def test_each_is_offered_what_they_may_import(office: Office, director: Office) -> None:
    for someone, offered in ((office, {"名册", "工作台账", "业务指标"}), (director, {"业务指标"})):
        shown = someone.open("/imports").text
        assert {label for label in ("名册", "工作台账", "业务指标") if f"下载{label}模板" in shown} == offered
    assert director.open("/imports/template.xlsx", kind="ledger").status_code == 403
    assert director.open("/imports/template.xlsx", kind="indicators").status_code == 200
    assert director.send("/imports", kind="ledger").status_code == 403
    assert office.send("/imports", kind="nothing").status_code == 422


def test_only_those_who_import_see_the_pages(
    director: Office, bureau: Office, stranger: Office, county: County, upload: Callable[[bytes], Any]
) -> None:
    upload(people(county, NEW))
    path = f"/imports/{only_import().id}"
    assert "名册" not in words_of(director.open("/imports"))
    assert director.open("/imports/template.xlsx").status_code == 403
    assert director.send("/imports", kind="roster", file=(io.BytesIO(people(county, NEW)), "x.xlsx")).status_code == 403
    for other, status in ((director, 404), (stranger, 404), (bureau, 403)):
        assert other.open(path).status_code == status
        assert other.open(f"{path}/findings.xlsx").status_code == status
        assert other.send(f"{path}/confirm").status_code == status
    assert "名册.xlsx" not in stranger.open("/imports").text
