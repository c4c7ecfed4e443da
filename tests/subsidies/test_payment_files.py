"""Payment files: the same bytes each time, whole for finance alone, and no formula from a name."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text

from backend.domain.audit.models import AuditEvent
from backend.domain.subsidies.errors.payments import PaymentFileChanged, RunNotReleased
from backend.domain.subsidies.printing.payment_file import PaymentLine, PaymentSheet, harmless, write_csv, write_xlsx
from backend.domain.subsidies.service.payment_files import FileFormat, full_file, masked_file
from backend.domain.subsidies.service.payment_runs import prepare_run
from backend.extensions import db
from backend.foundation.errors import Forbidden
from tests.subsidies.paying_world import CARD, PayingWorld, make_paying_world

SHEET = PaymentSheet(
    "2026-003",
    [
        PaymentLine("BF2026003-0001", "=HYPERLINK(1)", "A1", "农业银行,支行", CARD, 123_456),
        PaymentLine("BF2026003-0002", "吕芬春", "-7", "信用社", "0012345678", 5),
    ],
)


@pytest.fixture
def world(app: Flask) -> PayingWorld:
    return make_paying_world()


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_csv_begins_with_a_bom_and_ends_with_the_total() -> None:
    content = write_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 4
    assert csv_rows(content)[1:] == [
        ["BF2026003-0001", "'=HYPERLINK(1)", "A1", "农业银行,支行", CARD, "1234.56", "下乡补贴2026-003"],
        ["BF2026003-0002", "吕芬春", "'-7", "信用社", "0012345678", "0.05", "下乡补贴2026-003"],
        ["合计", "2笔", "", "", "", "1234.61", ""],
    ]


def test_the_workbook_holds_accounts_as_text_names_as_text_and_sums_as_numbers() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(write_xlsx(SHEET))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[1][1:6] == ["=HYPERLINK(1)", "A1", "农业银行,支行", CARD, 1234.56]
    assert rows[2][4:6] == ["0012345678", 0.05]
    assert rows[3] == ["合计", "2笔", "", "", "", 1234.61, ""]


def test_the_same_run_gives_the_same_bytes() -> None:
    assert write_csv(SHEET) == write_csv(SHEET)
    assert write_xlsx(SHEET) == write_xlsx(SHEET)


@pytest.mark.parametrize("name", ["=1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", " =1", "\r=cmd"])
def test_no_name_is_taken_for_a_formula(name: str) -> None:
    assert harmless(name).startswith("'")
    assert "\t" not in harmless(name)


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert harmless("欧阳·A-1") == "欧阳·A-1"


def test_the_whole_file_is_what_was_released_is_finances_alone_and_leaves_a_trace(world: PayingWorld) -> None:
    run = world.released()

    for file_format, released in ((FileFormat.CSV, run.file_hash), (FileFormat.XLSX, run.workbook_hash)):
        file = full_file(world.finance, run.id, file_format)
        assert hashlib.sha256(file.content).hexdigest() == released
        assert file.name == f"付款文件{run.year}-001.{file_format}"
        with pytest.raises(Forbidden):
            full_file(world.dean, run.id, file_format)

    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "download_payment_file"))
    assert [event.details for event in events] == [{"payments": 2, "format": one} for one in ("csv", "xlsx")]


def test_before_the_release_there_is_a_masked_file_only(world: PayingWorld) -> None:
    world.claim(0)
    world.give_account(0)
    run = prepare_run(world.finance).run

    with pytest.raises(RunNotReleased):
        full_file(world.finance, run.id, FileFormat.CSV)
    [_head, line, total] = csv_rows(masked_file(world.dean, run.id, FileFormat.CSV).content)
    assert (line[4], line[5], total[5]) == ("6228 **** 0018", "100.00", "100.00")


def test_a_person_who_is_called_otherwise_later_is_paid_as_they_were_called(world: PayingWorld) -> None:
    run = world.released(1)
    before = full_file(world.finance, run.id, FileFormat.CSV).content
    world.doctors[0].name = "改名"
    db.session.commit()
    assert full_file(world.finance, run.id, FileFormat.CSV).content == before


def test_a_file_that_is_no_longer_what_was_released_is_not_given_out(world: PayingWorld) -> None:
    run = world.released(1)
    db.session.execute(text("UPDATE payment_runs SET file_hash = repeat('0', 64)"))
    db.session.expire_all()
    with pytest.raises(PaymentFileChanged):
        full_file(world.finance, run.id, FileFormat.XLSX)
