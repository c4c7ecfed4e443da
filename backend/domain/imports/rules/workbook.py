"""Reading a workbook into rows; every finding names sheet, row, column, and what to do."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.columns import Column, Formats, SheetFormat, SheetKind
from backend.domain.imports.rules.findings import CellProblem, Finding, Findings
from backend.domain.imports.rules.layout import (
    HEADER_WITHIN_ROWS,
    Layout,
    find_layout,
    formulas_from_header,
    kind_by_name,
    merged_below_header,
    merged_cells,
    missing_columns,
    note_oddities,
)
from backend.domain.imports.rules.remarks import begins_a_remark, is_total
from backend.domain.imports.rules.rows import KEYS, ROWS, Roster
from backend.domain.imports.rules.sheets import FORMATS
from backend.foundation.workbooks.container import Cell, SheetShape, examine_sheets
from backend.foundation.workbooks.tables import calamine_at_work

_MEMORY_OF_A_COLUMN = 5000
_NOTHING = {"无", "暂无", "没有"}  # as people fill a cell that has nothing in it; so are / and —
_DAY_FIELDS = {"starts_on", "ends_on", "born_on", "occurred_on", "month"}
_DAYS_FROM_1900_TO_1904 = 1462
_LAST_SERIAL_DAY = 80_000


@dataclass
class _Sheet:
    """A sheet that will be read."""

    sheet: CalamineSheet
    layout: Layout
    shape: SheetShape


def read_roster(
    content: bytes,
    findings: Findings,
    expect: Callable[[int], None] = lambda rows: None,
    tick: Callable[[int], None] = lambda rows: None,
) -> Roster:
    """Read all sheets that list something of a roster, as `read_rows` does."""
    rows = read_rows(content, FORMATS, findings, expect, tick)
    return Roster(**{kind.value: found for kind, found in rows.items()})


def read_rows(
    content: bytes,
    formats: Formats,
    findings: Findings,
    expect: Callable[[int], None] = lambda rows: None,
    tick: Callable[[int], None] = lambda rows: None,
) -> dict[SheetKind, list[Any]]:
    """Read all sheets of these formats; the rows of each are of its type in `ROWS`.

    `expect` is told about how many rows there are, `tick` from time to time how many more were read.

    Raises:
        WorkbookUnreadable: it is no workbook, or none that may be unpacked.
    """
    shapes = examine_sheets(content)
    rows: dict[SheetKind, list[Any]] = {kind: [] for kind in formats}
    with calamine_at_work():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = list(_recognised(workbook, shapes, formats, findings))
        if not sheets and not findings.error_count:
            findings.error(Finding("sheets_missing", f"没有找到可以导入的工作表。{_wanted(formats)}（可下载模板）。"))
        expect(sum(sheet.shape.rows for sheet in sheets))
        for sheet in sheets:
            _read_sheet(sheet, rows[sheet.layout.format.kind], findings, tick)
    if sheets and not any(rows.values()) and not findings.error_count:
        findings.error(Finding("rows_missing", "工作表里只有表头，没有可以导入的内容。请填写后重新上传。"))
    return rows


def _wanted(formats: Formats) -> str:
    if len(formats) > 1:
        return f"工作表应命名为：{'、'.join(sheet.title for sheet in formats.values())}"
    [only] = formats.values()
    return f"工作表应有这些列：{'、'.join(column.headers[0] for column in only.columns if column.asked)}"


def _recognised(
    workbook: CalamineWorkbook, shapes: dict[str, SheetShape], formats: Formats, findings: Findings
) -> Iterator[_Sheet]:
    for meta in workbook.sheets_metadata:
        shape = shapes.get(meta.name)
        kind = kind_by_name(meta.name, formats)
        if shape is None or not shape.rows or meta.name.strip() in ("说明", "填写说明"):
            continue
        if meta.visible is not SheetVisibleEnum.Visible:
            message = "工作表是隐藏的，没有读取。需要导入时请先取消隐藏。"
            findings.warn(Finding("sheet_hidden", message, meta.name))
            continue
        if not shape.fits:
            if kind is not None:
                message = f"内容到了第{shape.rows}行、第{shape.columns}列，超过100000行或60列。请删除多余的行和列。"
                findings.error(Finding("sheet_too_large", message, meta.name))
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        layout = find_layout(meta.name, list(itertools.islice(_rows(sheet), HEADER_WITHIN_ROWS)), kind, formats)
        if layout is None or missing_columns(layout):
            _note_unreadable(meta.name, formats.get(kind) if kind else None, layout, findings)
            continue
        note_oddities(layout, shape, findings)
        yield _Sheet(sheet, layout, shape)


def _note_unreadable(name: str, format_: SheetFormat | None, layout: Layout | None, findings: Findings) -> None:
    if layout is not None:
        missing = [column.headers[0] for column in missing_columns(layout)]
    elif format_ is not None:
        missing = [column.headers[0] for column in format_.columns if column.required]
    else:
        findings.warn(Finding("sheet_ignored", "工作表没有导入：看不出列出的是什么，前几行里没有认得的表头。", name))
        return
    message = f"缺少列：{'、'.join(missing)}。请补上，每样内容一列；表头应为一行，在前{HEADER_WITHIN_ROWS}行之内。"
    findings.error(Finding("columns_missing", message, name, layout.header_row if layout else None))


def _rows(sheet: CalamineSheet) -> Iterator[Sequence[Any]]:
    """Yield the rows as Excel counts them, from A1 on: calamine leaves out empty columns at the left."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + row


class _ColumnReader:
    """Parses the cells of one column; what was seen before is not parsed again."""

    def __init__(self, column: Column, place: int, *, counts_from_1904: bool, year: int | None) -> None:
        self.column = column
        self.place = place
        self._late = counts_from_1904 and column.field in _DAY_FIELDS
        self._year = year
        self.lent_year = False  # to a day that was written without
        self._known: dict[tuple[type, Any], object] = {}

    def read(self, value: Any) -> object:
        key = (type(value), value)
        if key in self._known:
            return self._known[key]
        parsed = self._parse(self._as_from_1900(value) if self._late else value)
        if len(self._known) < _MEMORY_OF_A_COLUMN:
            self._known[key] = parsed
        return parsed

    def _parse(self, value: Any) -> object:
        try:
            return self.column.parse(value)
        except CellProblem as problem:
            # 1.1 as a number may have been 1.10
            if problem.code != "day_without_year" or self._year is None or not isinstance(value, str):
                raise
        self.lent_year = True
        return self.column.parse(f"{self._year}年{text_of(value)}")

    @staticmethod
    def _as_from_1900(value: Any) -> Any:
        """Return a day's number as other workbooks count; calamine does so for cells of a date format only."""
        is_serial = isinstance(value, float) and 10_000 <= value < _LAST_SERIAL_DAY
        return value + _DAYS_FROM_1900_TO_1904 if is_serial else value


def _read_sheet(sheet: _Sheet, rows: list[Any], findings: Findings, tick: Callable[[int], None]) -> None:
    layout, kind = sheet.layout, sheet.layout.format.kind
    readers = [
        _ColumnReader(
            column, layout.columns[column.field][0] - 1, counts_from_1904=sheet.shape.counts_from_1904, year=layout.year
        )
        for column in layout.format.columns
        if column.field in layout.columns
    ]
    reported = sheet.shape.formulas | sheet.shape.failures
    merged = merged_below_header(layout, sheet.shape)
    formulas = formulas_from_header(layout, sheet.shape)
    for number, cells in enumerate(_rows(sheet.sheet), start=1):
        if number <= layout.header_row or not any(not _is_blank(cells[reader.place]) for reader in readers):
            continue
        if _is_remark(readers, cells, layout):
            message = "像是合计、落款、说明或重复的表头，没有导入。如果要导入，请补齐必填的列。"
            findings.warn(layout.finding("row_ignored", message, row=number))
            formulas.pop(number, None)
            continue
        for finding in (*(merged_cells(layout, area) for area in merged.get(number, ())), *formulas.pop(number, ())):
            findings.error(finding)
        values = _read_cells(readers, cells, layout, number, findings, reported)
        if all(values.get(key) for key in KEYS[kind]):
            rows.append(ROWS[kind](layout=layout, number=number, **values))
        if number % 500 == 0:
            tick(500)
    for reader in readers:
        if reader.lent_year:
            message = f"日期没有写年份，已按工作表名称或标题中的{layout.year}年。请核对。"
            findings.warn(layout.finding("year_from_title", message, of=reader.column.field))
    for finding in itertools.chain.from_iterable(formulas.values()):  # in rows that hold nothing else
        findings.error(finding)


def _is_remark(readers: list[_ColumnReader], cells: Sequence[Any], layout: Layout) -> bool:
    required = [reader for reader in readers if reader.column.required]
    if any(_is_blank(cells[reader.place]) for reader in required):
        return begins_a_remark(cells)
    if any(is_total(cells[reader.place]) for reader in required):
        return True
    return all(text_of(cells[reader.place]) == layout.columns[reader.column.field][1] for reader in required)


def _read_cells(
    readers: list[_ColumnReader],
    cells: Sequence[Any],
    layout: Layout,
    number: int,
    findings: Findings,
    reported: Container[Cell],
) -> dict[str, Any]:
    """Return the parsed cells of a row; of a formula, which was reported, nothing more is told."""
    values: dict[str, Any] = {}
    for reader in readers:
        column, value = reader.column, cells[reader.place]
        quiet = (number, reader.place + 1) in reported
        if _is_blank(value):
            if column.required:
                values["broken"] = True
                if not quiet:
                    message = f"“{column.headers[0]}”不能为空，请填写。"
                    findings.error(layout.finding("value_missing", message, row=number, of=column.field))
            continue
        try:
            values[column.field] = reader.read(value)
        except CellProblem as problem:
            values["broken"] = True
            if not quiet:
                findings.error(layout.finding(problem.code, problem.message, row=number, of=column.field))
            continue
        if column.field == "staff_number" and layout.format.kind is SheetKind.PEOPLE:
            values["staff_number_was_number"] = isinstance(value, float)
    return values


def _is_blank(value: Any) -> bool:
    if not isinstance(value, str):
        return value is None
    if value.isalnum():
        return value in _NOTHING
    text = text_of(value).strip(" /／\\-－—–―")
    return not text or text in _NOTHING
