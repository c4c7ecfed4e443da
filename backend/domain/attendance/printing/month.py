"""The export of a month: one row a dispatch, written as they come, so that memory does not grow with their number."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter

from backend.domain.attendance.printing.sheet import DAYS, MonthRow
from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.foundation.spreadsheet import A3, OPTIONS, Writer

_FIELDS = (("受援单位", 22), ("科室", 12), ("姓名", 10), ("工号", 12), ("职称", 12), ("状态", 10))
_BASE = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
_HEAD: dict[str, Any] = {"bold": True, "align": "center", "bg_color": "#E6E6E6", "text_wrap": True}
_HEAD_ROWS = 2


def write_month(rows: Iterable[MonthRow], file: IO[bytes], *, year: int, month: int) -> int:
    """Write the dispatches of a month to a binary file as .xlsx and return how many there were.

    The columns of the figures are those of the first row. Rows are read once and not kept; if reading them fails,
    nothing is written to the file.

    Raises:
        ValueError: a row's figures have other labels than the first row's.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "month.xlsx"
        with xlsxwriter.Workbook(path, {**OPTIONS, "constant_memory": True, "tmpdir": folder}) as book:
            written = _write(Writer(book, f"{year}年{month}月", _BASE), rows, year, month)
        with path.open("rb") as finished:
            shutil.copyfileobj(finished, file)
    return written


def _write(writer: Writer, rows: Iterable[MonthRow], year: int, month: int) -> int:
    _set_up(writer)
    labels: list[str] | None = None
    written = 0
    for written, row in enumerate(rows, start=1):
        if labels is None:
            labels = [label for label, _ in row.figures]
            _write_head(writer, labels, year, month)
        if [label for label, _ in row.figures] != labels:
            raise ValueError(f"the figures of row {written} are not those of the first")
        _write_row(writer, _HEAD_ROWS + written - 1, row)
    if labels is None:
        _write_head(writer, [], year, month)
    return written


def _set_up(writer: Writer) -> None:
    sheet = writer.sheet
    sheet.set_landscape()
    sheet.set_paper(A3)  # 47 columns are too small to read on A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, _HEAD_ROWS - 1)
    sheet.freeze_panes(_HEAD_ROWS, 3)
    sheet.set_footer("&R&8第 &P 页　共 &N 页")
    for column, (_, width) in enumerate(_FIELDS):
        sheet.set_column(column, column, width)
    sheet.set_column(len(_FIELDS), len(_FIELDS) + len(DAYS) - 1, 5.4)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)


def _write_head(writer: Writer, labels: list[str], year: int, month: int) -> None:
    days = [_day_label(year, month, day) for day in DAYS]
    writer.sheet.set_row(0, 28)
    writer.text(0, 0, f"{year}年{month}月对口支援派驻人员考勤汇总", bold=True, font_size=16, border=0)
    writer.sheet.set_row(1, 30)
    for column, label in enumerate([*(label for label, _ in _FIELDS), *days, *labels]):
        writer.text(1, column, label, **_HEAD)


def _day_label(year: int, month: int, day: int) -> str:
    try:
        return f"{day}\n{WEEKDAY_LABELS[date(year, month, day).weekday()]}"
    except ValueError:
        return str(day)


def _write_row(writer: Writer, number: int, row: MonthRow) -> None:
    fields = (row.organisation, row.department, row.person_name, row.staff_number, row.title, row.status_label)
    for column, text in enumerate(fields):
        writer.text(number, column, text)
    for day in DAYS:
        writer.text(number, len(fields) + day - 1, row.days.get(day, ""), align="center")
    for column, (_, text) in enumerate(row.figures, start=len(fields) + len(DAYS)):
        writer.figure(number, column, text, align="center")
