"""The payment file that goes to the bank, as CSV and .xlsx: the same run gives the same bytes."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from backend.foundation.spreadsheet import A4, OPTIONS, Writer, for_header_or_footer

HEADINGS = ("流水号", "收款人", "工号", "开户行", "账号", "金额(元)", "用途")
_WIDTHS = (20, 14, 14, 34, 28, 14, 20)
_BASE = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1}
_HEAD: dict[str, Any] = {"bold": True, "align": "center", "bg_color": "#E6E6E6"}
_MONEY = "#,##0.00"
# As spreadsheets begin a formula, in full width too.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "−")


@dataclass(frozen=True)
class PaymentLine:
    """One payment as the bank reads it; `account` is whole or masked."""

    reference: str
    payee: str
    staff_number: str
    bank: str
    account: str
    amount_fen: int


@dataclass(frozen=True)
class PaymentSheet:
    """A run as a file."""

    label: str
    lines: Sequence[PaymentLine]

    @property
    def purpose(self) -> str:
        """Return what stands beside each payment."""
        return f"下乡补贴{self.label}"

    @property
    def total_fen(self) -> int:
        """Return what all of it comes to."""
        return sum(line.amount_fen for line in self.lines)


def write_csv(sheet: PaymentSheet) -> bytes:
    """Write a run as CSV: UTF-8 with BOM, lines end as RFC 4180 says, the total in the last one."""
    output = io.StringIO(newline="")
    rows = csv.writer(output, lineterminator="\r\n")
    rows.writerow(HEADINGS)
    for line in sheet.lines:
        texts = (line.payee, line.staff_number, line.bank)
        rows.writerow(
            [line.reference, *map(harmless, texts), line.account, _plain(line.amount_fen), harmless(sheet.purpose)]
        )
    rows.writerow(["合计", f"{len(sheet.lines)}笔", "", "", "", _plain(sheet.total_fen), ""])
    return output.getvalue().encode("utf-8-sig")


def write_xlsx(sheet: PaymentSheet) -> bytes:
    """Write a run as .xlsx: account numbers as text, so that no digit is rounded away."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {**OPTIONS, "in_memory": True}) as book:
        writer = Writer(book, "付款明细", _BASE)
        _set_up(writer, sheet)
        for column, heading in enumerate(HEADINGS):
            writer.text(0, column, heading, **_HEAD)
        for row, line in enumerate(sheet.lines, start=1):
            for column, text in enumerate((line.reference, line.payee, line.staff_number, line.bank, line.account)):
                writer.text(row, column, _without_controls(text))
            _write_sum(writer, row, line.amount_fen)
            writer.text(row, 6, sheet.purpose)
        last = len(sheet.lines) + 1
        for column, text in enumerate(("合计", f"{len(sheet.lines)}笔", "", "", "")):
            writer.text(last, column, text, bold=True)
        _write_sum(writer, last, sheet.total_fen, bold=True)
        writer.text(last, 6, "", bold=True)
    return output.getvalue()


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens the CSV, on one line."""
    line = _without_controls(text)
    return f"'{line}" if line.lstrip().startswith(_BEGINS_A_FORMULA) else line


def _set_up(writer: Writer, sheet: PaymentSheet) -> None:
    page = writer.sheet
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 1)
    page.set_footer(f"&L&8{for_header_or_footer(sheet.purpose)}&R&8第 &P 页　共 &N 页")
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)


def _write_sum(writer: Writer, row: int, fen: int, **look: Any) -> None:
    writer.sheet.write_number(row, 5, fen / 100, writer.look(num_format=_MONEY, **look))


def _plain(fen: int) -> str:
    """Return a sum in yuan without separators, as banks read it."""
    return f"{fen // 100}.{fen % 100:02d}"


def _without_controls(text: str) -> str:
    return "".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in text)
