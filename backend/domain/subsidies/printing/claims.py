"""Claims as a spreadsheet: one row a claim, sums as numbers that add up, their total at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import xlsxwriter

from backend.foundation.clock import local
from backend.foundation.spreadsheet import A3, OPTIONS, Writer

_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_HEAD: dict[str, Any] = {"bold": True, "align": "center", "bg_color": "#E6E6E6", "border": 1, "text_wrap": True}
_SUM: dict[str, Any] = {"num_format": "#,##0.00"}


@dataclass(frozen=True, kw_only=True)
class ClaimRowPrinted:
    """A claim as a spreadsheet has it; `details` tells its lines."""

    name: str
    staff_number: str
    supporting: str
    recipient: str
    month: date
    kind: str
    total_fen: int
    last_month_fen: int | None
    details: str
    status: str
    step: str
    noted: str
    submitted_at: datetime | None
    approved_at: datetime | None
    paid_at: datetime | None


def write_claims(rows: Iterable[ClaimRowPrinted], file: IO[bytes], *, note: str) -> int:
    """Write claims to a binary file as .xlsx and return how many there were.

    Rows are read once and not kept; if reading them fails, nothing is written to the file.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "claims.xlsx"
        with xlsxwriter.Workbook(path, {**OPTIONS, "constant_memory": True, "tmpdir": folder}) as book:
            writer = Writer(book, "下乡补贴", _BASE)
            _write_head(writer, note)
            written, total_fen = 0, 0
            for written, row in enumerate(rows, start=1):
                total_fen += row.total_fen
                for number, column in enumerate(_COLUMNS):
                    _write(writer, written + 1, number, column.cell(row))
            writer.sheet.autofilter(1, 0, written + 1, len(_COLUMNS) - 1)
            _write_total(writer, written, total_fen)
        with path.open("rb") as finished:
            shutil.copyfileobj(finished, file)
    return written


Cell = str | int | None
"""A text, a sum in fen, or nothing."""


@dataclass(frozen=True)
class _Column:
    heading: str
    width: int
    cell: Callable[[ClaimRowPrinted], Cell]


def _difference(row: ClaimRowPrinted) -> int | None:
    return None if row.last_month_fen is None else row.total_fen - row.last_month_fen


def _moment(value: datetime | None) -> str:
    return f"{local(value):%Y-%m-%d %H:%M}" if value else ""


_COLUMNS: Final = (
    _Column("姓名", 10, lambda row: row.name),
    _Column("工号", 12, lambda row: row.staff_number),
    _Column("派出单位", 22, lambda row: row.supporting),
    _Column("受援单位", 22, lambda row: row.recipient),
    _Column("月份", 10, lambda row: f"{row.month:%Y-%m}"),
    _Column("类别", 8, lambda row: row.kind),
    _Column("金额（元）", 13, lambda row: row.total_fen),
    _Column("上月（元）", 13, lambda row: row.last_month_fen),
    _Column("与上月相差（元）", 13, _difference),
    _Column("明细", 46, lambda row: row.details),
    _Column("状态", 10, lambda row: row.status),
    _Column("审批环节", 10, lambda row: row.step),
    _Column("留意", 36, lambda row: row.noted),
    _Column("提交时间", 17, lambda row: _moment(row.submitted_at)),
    _Column("批准时间", 17, lambda row: _moment(row.approved_at)),
    _Column("发放时间", 17, lambda row: _moment(row.paid_at)),
)
_TOTAL_AT: Final = next(number for number, column in enumerate(_COLUMNS) if column.heading == "金额（元）")


def _write_head(writer: Writer, note: str) -> None:
    sheet = writer.sheet
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 1)
    sheet.set_footer("&R&8第 &P 页　共 &N 页")
    for number, column in enumerate(_COLUMNS):
        sheet.set_column(number, number, column.width)
    writer.text(0, 0, note, bold=True)
    sheet.set_row(1, 30)
    for number, column in enumerate(_COLUMNS):
        writer.text(1, number, column.heading, **_HEAD)


def _write(writer: Writer, row: int, number: int, cell: Cell) -> None:
    if isinstance(cell, int):
        writer.sheet.write_number(row, number, cell / 100, writer.look(**_SUM))
    elif cell:
        writer.text(row, number, cell)


def _write_total(writer: Writer, written: int, total_fen: int) -> None:
    writer.text(written + 2, 0, f"合计 {written} 笔", bold=True)
    writer.sheet.write_number(written + 2, _TOTAL_AT, total_fen / 100, writer.look(bold=True, **_SUM))
