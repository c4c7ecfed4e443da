"""Records as a spreadsheet: one row a record, written as they come, so that memory does not grow with their number."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter

from backend.domain.activities.printing.columns import Cell, Column
from backend.domain.activities.queries.exporting import RecordRow
from backend.foundation.spreadsheet import A3, OPTIONS, Writer

_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_HEAD: dict[str, Any] = {"bold": True, "align": "center", "bg_color": "#E6E6E6", "border": 1, "text_wrap": True}
_FROZEN = 4  # columns: the day, the kind, the title and the name stay in sight


def write_records(rows: Iterable[RecordRow], columns: Sequence[Column], file: IO[bytes], *, note: str) -> int:
    """Write records to a binary file as .xlsx and return how many there were.

    `note` says at the head of the sheet what was asked for. Rows are read once and not kept; if reading them fails,
    nothing is written to the file.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.xlsx"
        with xlsxwriter.Workbook(path, {**OPTIONS, "constant_memory": True, "tmpdir": folder}) as book:
            writer = Writer(book, "工作日志", _BASE)
            _write_head(writer, columns, note)
            written = 0
            for written, row in enumerate(rows, start=1):
                for number, column in enumerate(columns):
                    if (cell := column.cell(row)) != "":  # most columns of other kinds are
                        _write(writer, written + 1, number, cell)
            writer.sheet.autofilter(1, 0, written + 1, len(columns) - 1)
        with path.open("rb") as finished:
            shutil.copyfileobj(finished, file)
    return written


def _write_head(writer: Writer, columns: Sequence[Column], note: str) -> None:
    sheet = writer.sheet
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, _FROZEN)
    sheet.set_footer("&R&8第 &P 页　共 &N 页")
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
    sheet.set_row(0, 22)
    writer.text(0, 0, note, bold=True)
    sheet.set_row(1, 30)
    for number, column in enumerate(columns):
        writer.text(1, number, column.heading, **_HEAD)


def _write(writer: Writer, row: int, number: int, cell: Cell) -> None:
    if isinstance(cell, str):
        writer.text(row, number, cell)
    elif isinstance(cell, date):
        writer.sheet.write_datetime(row, number, cell, writer.look(num_format="yyyy-mm-dd", align="center"))
    else:
        writer.sheet.write_number(row, number, cell, writer.look())
