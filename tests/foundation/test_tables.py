"""Small tables of others' software: CSV in the encodings of offices, workbooks, and what is neither."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
import xlsxwriter

from backend.foundation.workbooks.errors import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookIsText,
    WorkbookOld,
    WorkbookTooLarge,
    WorkbookUnreadable,
)
from backend.foundation.workbooks.tables import Row, read_table


def rows_of(content: bytes, *, most_bytes: int = 100_000, most_rows: int = 50) -> list[Row]:
    return read_table(content, most_bytes=most_bytes, most_rows=most_rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_text_is_read_in_the_encodings_and_delimiters_of_offices(encoding: str, delimiter: str) -> None:
    text = f"流水号{delimiter}结果\r\nA1{delimiter}成功\r\n"
    assert rows_of(text.encode(encoding)) == [["流水号", "结果"], ["A1", "成功"]]


def test_of_a_workbook_the_first_sheet_that_shows_something_is_read_from_its_first_row() -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        book.add_worksheet("空")
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, "不读")
        hidden.hide()
        sheet = book.add_worksheet("结果")
        sheet.write(2, 1, "流水号")
        sheet.write_datetime(3, 1, datetime(2026, 3, 15), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        sheet.write_number(3, 2, 12.5)

    assert rows_of(output.getvalue())[2:] == [["", "流水号", ""], ["", date(2026, 3, 15), 12.5]]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b" \r\n", WorkbookEmpty),
        (b"a,b\n" * 51, WorkbookTooLarge),
        (b"x" * 100_001, WorkbookTooLarge),
        (b"<html><table><tr><td>1</td></tr></table>", WorkbookIsText),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, WorkbookOld),
        (b"PK\x03\x04 and no more", WorkbookDamaged),
        (b"\x81\x00\xff\xff\x80", WorkbookUnreadable),
        (b'"' + b"x" * 60_000 * 3, WorkbookUnreadable),
    ],
)
def test_what_is_no_small_table_is_refused_for_what_it_is(content: bytes, refusal: type[WorkbookUnreadable]) -> None:
    with pytest.raises(refusal):
        rows_of(content, most_bytes=200_000 if content.startswith(b'"') else 100_000)
