"""A hospital's list for a title as a spreadsheet, with the columns of the periodic assessment."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter

from backend.foundation.spreadsheet import A3, OPTIONS, Writer

COLUMNS = (
    *(("姓名", 10), ("工号", 12), ("科室", 14), ("现职称", 14), ("拟申报职称", 14), ("服务年限", 10)),
    *(("计入天数", 9), ("要求天数", 9), ("尚缺天数", 9), ("最早可达到", 12), ("还缺什么", 40), ("服务经历与算式", 60)),
    *(("适用规则与依据", 50), ("定期考核周期", 24), ("周期内支援天数", 10), ("周期内实际在岗天数", 10)),
    *(("周期内鉴定", 28), ("周期内拒绝派驻次数", 10), ("服务证明核验码", 22)),
)
_BASE = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "top", "text_wrap": True}
_HEAD: dict[str, Any] = {"bold": True, "align": "center", "bg_color": "#E6E6E6"}


def write_promotion_list(rows: Iterable[Sequence[str]], file: IO[bytes], *, heading: str) -> int:
    """Write rows of as many texts as there are columns to a binary file as .xlsx, and return how many there were."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "promotion.xlsx"
        with xlsxwriter.Workbook(path, {**OPTIONS, "constant_memory": True, "tmpdir": folder}) as book:
            written = _write(Writer(book, "晋升资格", _BASE), rows, heading)
        with path.open("rb") as finished:
            shutil.copyfileobj(finished, file)
    return written


def _write(writer: Writer, rows: Iterable[Sequence[str]], heading: str) -> int:
    sheet = writer.sheet
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 2)
    sheet.set_footer("&R&8第 &P 页　共 &N 页")
    for column, (_label, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
    writer.text(0, 0, heading, bold=True, font_size=14, border=0, text_wrap=False)
    for column, (label, _width) in enumerate(COLUMNS):
        writer.text(1, column, label, **_HEAD)
    written = 0
    for written, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            writer.figure(written + 1, column, text)
    return written
