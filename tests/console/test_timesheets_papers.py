"""The paper of a month at the console: the printed form, the scan of it, and the month as a file."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.service.timesheets import countersign_timesheet
from backend.domain.audit.models import AuditEvent
from backend.domain.exports.models import Export
from backend.extensions import db
from backend.jobs.exports import make_export
from tests.support.console import Office, words_of
from tests.support.county import County
from tests.support.factories import make_person, make_setting
from tests.support.pictures import PNG
from tests.support.weeks import IN_NOVEMBER, hand_in, live_week


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def sheet(county: County) -> Timesheet:
    return hand_in(live_week(county.doctor, county.township))


@pytest.fixture
def signed(county: County, sheet: Timesheet) -> Timesheet:
    return countersign_timesheet(county.recipient, sheet.id, sheet.version)


def page_of(sheet: Timesheet) -> str:
    return f"/timesheets/{sheet.dispatch_id}/2026-10"


def upload(office: Office, sheet: Timesheet, content: bytes, name: str = "考勤表.png") -> TestResponse:
    return office.upload(f"/timesheets/{sheet.id}/scan", content, name)


def texts_of(workbook: bytes) -> str:
    rows = openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return " ".join(str(value) for row in rows for value in row if value is not None)


def test_the_form_is_given_as_pdf_and_spreadsheet_under_a_name_that_says_whose(
    director: Office, signed: Timesheet
) -> None:
    pdf = director.open(f"{page_of(signed)}/form.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert "%E5%90%95%E8%8A%AC%E6%98%A5-2026-10.pdf" in pdf.headers["Content-Disposition"]
    texts = texts_of(director.open(f"{page_of(signed)}/form.xlsx").data)
    assert "吕芬春" in texts
    assert f"/console/verify?code={signed.verification_code}" in texts


def test_a_form_before_the_signature_says_that_it_is_not_valid(office: Office, sheet: Timesheet) -> None:
    assert "本表未经受援单位院长会签，无效" in texts_of(office.open(f"{page_of(sheet)}/form.xlsx").data)


def test_no_form_is_given_to_who_may_not_read_the_sheet(stranger: Office, admin: Office, signed: Timesheet) -> None:
    for form in ("form.pdf", "form.xlsx"):
        assert stranger.open(f"{page_of(signed)}/{form}").status_code == 404
        assert admin.open(f"{page_of(signed)}/{form}").status_code == 403


def test_the_scan_is_asked_for_where_a_programme_says_so_and_filed(
    director: Office, office: Office, county: County, signed: Timesheet
) -> None:
    assert "现行制度不要求" in words_of(director.open(page_of(signed)))
    make_setting(county.bureau, "attendance.timesheet_needs_scan", "是")
    assert "须附签字盖章的扫描件，现在还没有上传" in words_of(director.open(page_of(signed)))
    assert upload(director, signed, PNG).location == f"/console{page_of(signed)}"
    page = director.open(page_of(signed))
    assert "扫描件已上传" in words_of(page)
    assert "还没有上传" not in words_of(page)
    assert office.open(f"/timesheets/{signed.id}/scan").data == PNG
    read = select(AuditEvent).where(AuditEvent.action == "read_scan")
    assert db.session.scalars(read).one().subject_id == signed.id


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [(b"", 422, "文件是空的"), (b"MZ not a picture", 415, "只能上传"), (PNG + bytes(8 * 1024 * 1024), 413, "8 MB")],
)
def test_a_file_that_is_no_scan_is_refused_and_nothing_kept(
    director: Office, signed: Timesheet, content: bytes, status: int, told: str
) -> None:
    answer = upload(director, signed, content)
    assert answer.status_code == status
    assert told in words_of(answer)
    db.session.refresh(signed)
    assert signed.scan_id is None


def test_no_file_chosen_is_said(director: Office, signed: Timesheet) -> None:
    answer = director.send(f"/timesheets/{signed.id}/scan")
    assert answer.status_code == 422
    assert "请先选择扫描件" in words_of(answer)


def test_before_the_signature_there_is_nothing_to_scan(director: Office, sheet: Timesheet) -> None:
    assert upload(director, sheet, PNG).status_code == 409
    assert director.open(f"/timesheets/{sheet.id}/scan").status_code == 404


def test_only_who_signs_or_asks_for_changes_files_a_scan(bureau: Office, stranger: Office, signed: Timesheet) -> None:
    assert "上传扫描件" not in words_of(bureau.open(page_of(signed)))
    assert upload(bureau, signed, PNG).status_code == 403
    assert upload(stranger, signed, PNG).status_code == 404
    assert stranger.open(f"/timesheets/{signed.id}/scan").status_code == 404


def test_the_month_is_made_by_a_job_and_fetched(office: Office, bureau: Office, county: County) -> None:
    live_week(county.doctor, county.township)
    live_week(make_person(county.hospital, "安在岗"), county.other_township)
    asked = office.send("/timesheets/exports", month="2026-10")
    export = db.session.scalars(select(Export)).one()
    address = f"/exports/{export.id}"
    assert asked.location == f"/console{address}"
    waiting = office.refresh(address, "export")
    assert "正在生成" in words_of(waiting)
    assert 'hx-trigger="every' in waiting.text
    assert office.open(f"{address}/file.xlsx").status_code == 404
    make_export(str(export.id))
    done = office.refresh(address, "export")
    assert "共 2 份" in words_of(done)
    assert "hx-trigger" not in done.text
    file = office.open(f"{address}/file.xlsx")
    assert "吕芬春" in texts_of(file.data)
    assert "2026-10.xlsx" in file.headers["Content-Disposition"]
    assert bureau.open(address).status_code == 404
    assert bureau.open(f"{address}/file.xlsx").status_code == 404


def test_an_export_without_a_month_or_by_who_reads_none_is_refused(office: Office, admin: Office) -> None:
    assert office.send("/timesheets/exports").status_code == 422
    assert office.send("/timesheets/exports", month="nonsense").status_code == 422
    assert admin.send("/timesheets/exports", month="2026-10").status_code == 403
    assert db.session.scalars(select(Export)).all() == []
