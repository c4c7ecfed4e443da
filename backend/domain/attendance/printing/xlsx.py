"""The 考勤表 as a spreadsheet: the same form as the PDF, to print on A4 landscape."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from backend.domain.attendance.printing.sheet import (
    DAYS,
    NO_CODE,
    NO_REMARKS,
    SHIFT_ROWS,
    TITLE,
    PrintedTimesheet,
    evenly,
    numbered,
)
from backend.foundation.qr import qr_png
from backend.foundation.spreadsheet import A4, OPTIONS, Writer, for_header_or_footer

_COLUMNS = 1 + len(DAYS)
_BASE = {"font_name": "宋体", "font_size": 10, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
_FREE = {"bg_color": "#E6E6E6"}
_CROSSED = {"diag_type": 1, "diag_border": 1}
_SPANS = ((1, 11, 3, 9, 2, 6), (1, 7, 2, 6, 2, 8, 2, 4))  # columns of label and text in turn, for each heading row
_SIGNATURE_SPANS = (3, 5, 6, 7, 5, 6)
_HALVES_A_COLUMN = 3.8  # Latin characters, two of which are as wide as a Chinese one, that surely fit a day's column
_LINE_HEIGHT = 14
_MOST_IN_A_ROW = 1000  # characters: a row is at most 409 points high
_QR_PIXELS = 100


def write_xlsx(sheet: PrintedTimesheet) -> bytes:
    """Fill the form in; the same sheet gives the same bytes."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {**OPTIONS, "in_memory": True}) as book:
        form = _Form(Writer(book, "考勤表", _BASE), sheet)
        form.set_up()
        form.write_title()
        form.write_heading()
        form.write_grid()
        form.write_legend_and_figures()
        form.write_remarks("备注", numbered(sheet.remarks) or [NO_REMARKS])
        form.write_remarks("更正", numbered(sheet.amendments))
        form.write_signatures()
    return output.getvalue()


@dataclass
class _Form:
    """The form, written from above; `row` is the next free one."""

    writer: Writer
    sheet: PrintedTimesheet
    row: int = 0

    def set_up(self) -> None:
        page = self.writer.sheet
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.center_horizontally()
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.hide_gridlines(2)
        page.set_column(0, 0, 9)
        page.set_column(1, _COLUMNS - 1, 3.4)
        code = for_header_or_footer(
            f"核验码 {self.sheet.verification_code}" if self.sheet.verification_code else NO_CODE
        )
        page.set_footer(f"&L&8{code[:120]}&R&8第 &P 页　共 &N 页")

    def write_title(self) -> None:
        self._line(TITLE, 32, font_size=20, bold=True, border=0)
        if not self.sheet.is_valid:
            self._line(self.sheet.invalid_notice, 26, font_size=16, bold=True, border=2)

    def write_heading(self) -> None:
        for fields, spans in zip(self.sheet.heading, _SPANS, strict=True):
            texts = [text for field in fields for text in field]
            lines = max(_lines(text, span) for text, span in zip(texts, spans, strict=True) if span > 1)
            self._row(texts, spans, height=max(22, lines * _LINE_HEIGHT))

    def write_grid(self) -> None:
        self._days("日期", [str(day) for day in DAYS])
        last = self.sheet.last_day
        self._days("星期", [self.sheet.weekday(day) if day <= last else "" for day in DAYS])
        for shift, label in SHIFT_ROWS:
            cells = [self.sheet.cells.get((day, shift), "") for day in DAYS]
            crossed = [self.sheet.is_crossed(day, shift) for day in DAYS]
            self._days(label, cells, crossed, height=26, size=12)

    def write_legend_and_figures(self) -> None:
        self._labelled("符号", self.sheet.explained_symbols)
        for figures in evenly(self.sheet.figures):
            ends = [round(place * (_COLUMNS - 1) / len(figures)) for place in range(len(figures) + 1)]
            for offset, name in enumerate(("项目", "合计")):
                self.writer.sheet.set_row(self.row + offset, 20)
                self.writer.text(self.row + offset, 0, name)
            for (label, text), start, end in zip(figures, ends[:-1], ends[1:], strict=True):
                self.writer.text(self.row, 1 + start, label, columns=end - start)
                self.writer.figure(self.row + 1, 1 + start, text, columns=end - start)
            self.row += 2

    def write_remarks(self, label: str, texts: Sequence[str]) -> None:
        for number, part in enumerate(part for text in texts for part in _parts(text)):
            self._labelled(label if number == 0 else "", part)

    def write_signatures(self) -> None:
        sheet = self.sheet
        code = f"核验码 {sheet.verification_code}" if sheet.verification_code else NO_CODE
        labels = [label for label, _, _ in sheet.signatures]
        names = ["\n".join(filter(None, (name, note))) for _, name, note in sheet.signatures]
        self._row([*labels, "受援单位盖章处", "日期", code], _SIGNATURE_SPANS, height=28)
        self._row([*names, "", sheet.signed_on_label, ""], _SIGNATURE_SPANS, height=84)
        if sheet.verification_url:
            self._insert_code(sheet.verification_url)
            self._labelled("核验网址", sheet.verification_url)

    def _insert_code(self, url: str) -> None:
        scale = 4
        png = qr_png(url, scale=scale)
        width = int.from_bytes(png[16:20])  # of the image, as its header says
        options: dict[str, Any] = {
            "image_data": io.BytesIO(png),
            "x_scale": _QR_PIXELS / width,
            "y_scale": _QR_PIXELS / width,
            "x_offset": 36,
            "y_offset": 5,
            "description": "核验二维码",
        }
        self.writer.sheet.insert_image(self.row - 1, _COLUMNS - _SIGNATURE_SPANS[-1], "qr.png", options)

    def _line(self, text: str, height: float, **properties: Any) -> None:
        self.writer.sheet.set_row(self.row, height)
        self.writer.text(self.row, 0, text, columns=_COLUMNS, **properties)
        self.row += 1

    def _row(self, texts: Sequence[str], spans: Sequence[int], *, height: float) -> None:
        self.writer.sheet.set_row(self.row, height)
        column = 0
        for text, span in zip(texts, spans, strict=True):
            self.writer.text(self.row, column, text, columns=span)
            column += span
        self.row += 1

    def _labelled(self, label: str, text: str) -> None:
        self.writer.sheet.set_row(self.row, max(18, _lines(text, len(DAYS)) * _LINE_HEIGHT))
        self.writer.text(self.row, 0, label)
        self.writer.text(self.row, 1, text, columns=_COLUMNS - 1, align="left", indent=1)
        self.row += 1

    def _days(
        self, label: str, texts: Sequence[str], crossed: Sequence[bool] = (), *, height: float = 16, size: float = 10
    ) -> None:
        self.writer.sheet.set_row(self.row, height)
        self.writer.text(self.row, 0, label)
        for day, text in zip(DAYS, texts, strict=True):
            look: dict[str, Any] = {"font_size": size if len(text) < 2 else 10}
            if day in self.sheet.free_days:
                look |= _FREE
            if crossed and crossed[day - 1]:
                look |= _CROSSED
            self.writer.text(self.row, day, text, **look)
        self.row += 1


def _lines(text: str, columns: int) -> int:
    """Estimate how many lines a text takes across so many columns: spreadsheets do not measure merged cells."""
    room = columns * _HALVES_A_COLUMN
    return sum(int(_halves(line) // room) + 1 for line in text.splitlines() or [""])


def _halves(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _parts(text: str) -> Iterator[str]:
    for start in range(0, len(text), _MOST_IN_A_ROW):
        yield text[start : start + _MOST_IN_A_ROW]
