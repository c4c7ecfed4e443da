"""Finding out what a sheet lists, where its header row is, and which column holds what."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.columns import (
    SILENTLY_IGNORED_HEADERS,
    Column,
    Formats,
    SheetFormat,
    SheetKind,
)
from backend.domain.imports.rules.findings import Finding, Findings
from backend.domain.imports.rules.words import find_coordinate_system
from backend.domain.organisations.rules.places import CoordinateSystem
from backend.foundation.workbooks.container import Area, SheetShape, column_letter

HEADER_WITHIN_ROWS = 20
_BRACKETS = re.compile(r"[(\[【〔{<].*?[)\]】〕}>]")


@dataclass
class Layout:
    """A sheet that was understood: header row (from 1), and for each field its column (from 1) and header."""

    sheet: str
    format: SheetFormat
    header_row: int
    columns: dict[str, tuple[int, str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    system: CoordinateSystem | None = None  # said in the header of 经度
    year: int | None = None  # said by the sheet's name, or else above the header, where it is the only one

    def finding(self, code: str, message: str, *, row: int | None = None, of: str = "") -> Finding:
        """Return a finding at a row, in the column of a field."""
        number, header = self.columns.get(of, (0, ""))
        return Finding(code, message, self.sheet, row, column_letter(number), header)


def normalised_header(text: str, *, without_brackets: bool) -> str:
    """Return a header as it is compared: half-width letters and characters, with or without brackets."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if without_brackets:
        plain = _BRACKETS.sub("", plain)
    return re.sub(r"[\W_]", "", plain)


def kind_by_name(name: str, formats: Formats) -> SheetKind | None:
    """Return what a sheet lists by its name; numbers, years and brackets around it do not matter."""
    for without_brackets in (False, True):
        plain = re.sub(
            r"^(?:sheet)?[\d一二三四]*(?:年度?)?|\d+$", "", normalised_header(name, without_brackets=without_brackets)
        )
        for sheet in formats.values():
            if plain in sheet.names:
                return sheet.kind
    return None


def find_layout(
    sheet: str, rows: Sequence[Sequence[object]], only: SheetKind | None, formats: Formats
) -> Layout | None:
    """Return the layout that fits the first rows best, of one kind or of any; None when no header row is there.

    Without a name to go by, every required column must be there, or those that tell what the sheet is meant to be.
    """
    best: tuple[tuple[int, int], Layout] | None = None
    for number, row in enumerate(rows[:HEADER_WITHIN_ROWS], start=1):
        headers = [text_of(value) for value in row]
        for candidate in formats.values() if only is None else (formats[only],):
            layout = _match(sheet, candidate, number, headers)
            missing = len(missing_columns(layout))
            if only is None and missing and not _is_meant(layout):
                continue
            score = (len(layout.columns) - missing, -number)
            if len(layout.columns) >= 2 and (best is None or score > best[0]):
                best = (score, layout)
    if best is None:
        return None
    layout = best[1]
    above = "".join(text_of(value) for row in rows[: layout.header_row - 1] for value in row)
    layout.year = _only_year(sheet) or _only_year(above)
    return layout


def _only_year(text: str) -> int | None:
    years = set(re.findall(r"(?<!\d)20\d\d(?!\d)", unicodedata.normalize("NFKC", text)))
    return int(years.pop()) if len(years) == 1 else None


def _is_meant(layout: Layout) -> bool:
    return len(layout.columns) >= 3 and any(name in layout.columns for name in layout.format.telling)


def _match(sheet: str, candidate: SheetFormat, number: int, headers: list[str]) -> Layout:
    layout = Layout(sheet, candidate, number)
    taken: set[int] = set()
    for column in candidate.columns:
        place = _place_of(column, headers, taken)
        if place is not None:
            layout.columns[column.field] = (place + 1, headers[place])
            taken.add(place)
    layout.ignored = [header for place, header in enumerate(headers) if header and place not in taken]
    if "longitude" in layout.columns:
        layout.system = find_coordinate_system(layout.columns["longitude"][1])
    return layout


def _place_of(column: Column, headers: list[str], taken: set[int]) -> int | None:
    ranked = []
    for place, header in enumerate(headers):
        if place in taken or not header:
            continue
        for stage, plain in enumerate(_readings(header)):
            if all(part in column.headers for part in plain):
                ranked.append((column.headers.index(plain[0]), stage, place))
                break
        else:
            if column.field == "longitude" and header.endswith("经度"):  # 高德经度, GPS经度
                ranked.append((len(column.headers), 3, place))
            if column.field == "latitude" and header.endswith("纬度") and not header.endswith("经纬度"):
                ranked.append((len(column.headers), 3, place))
    return min(ranked)[2] if ranked else None


def _readings(header: str) -> list[list[str]]:
    """Return how a header may be read: as it is, without its brackets, and 工号/编号 as two words for one thing."""
    whole = normalised_header(header, without_brackets=False)
    bare = normalised_header(header, without_brackets=True)
    parts = [normalised_header(part, without_brackets=True) for part in re.split(r"[/／或]", header)]
    return [[whole], [bare], parts]


def missing_columns(layout: Layout) -> list[Column]:
    """Return the required columns that are not there."""
    missing = [column for column in layout.format.columns if column.required and column.field not in layout.columns]
    one_of = layout.format.one_of
    if one_of and not any(name in layout.columns for name in one_of):
        missing += [column for column in layout.format.columns if column.field == one_of[0]]
    return missing


def merged_cells(layout: Layout, area: Area) -> Finding:
    """Return the finding that cells are merged."""
    message = f"{_range(area)} 是合并单元格，请取消合并单元格，并在每一行填写。"
    return layout.finding("merged_cells", message, row=area[0])


def merged_below_header(layout: Layout, shape: SheetShape) -> dict[int, list[Area]]:
    """Return what is merged below the header among the columns that are read, by its first row."""
    merged: dict[int, list[Area]] = defaultdict(list)
    for area in shape.merged:
        if area[0] > layout.header_row and _is_read(layout, area):
            merged[area[0]].append(area)
    return merged


def formulas_from_header(layout: Layout, shape: SheetShape) -> dict[int, list[Finding]]:
    """Return formulas and failed formulas in the columns that are read, by their row."""
    found: dict[int, list[Finding]] = defaultdict(list)
    fields = {number: name for name, (number, _) in layout.columns.items()}
    for cells, code, message in (
        (shape.formulas, "formula_cell", "是公式，系统读不到计算结果。请复制该列，选择性粘贴为“数值”。"),
        (shape.failures - shape.formulas, "failed_cell", "是错误值（如 #N/A）。请改为正确的内容，或清空。"),
    ):
        for row, column in sorted(cells):
            if row >= layout.header_row and column in fields:
                place = f"{column_letter(column)}{row} "
                found[row].append(layout.finding(code, place + message, row=row, of=fields[column]))
    return found


def _is_read(layout: Layout, area: Area) -> bool:
    return any(area[1] <= number <= area[3] for number, _ in layout.columns.values())


def note_oddities(layout: Layout, shape: SheetShape, findings: Findings) -> None:
    """Note a merged header, two columns of one name, and columns that are not read."""
    for area in shape.merged:
        if area[0] <= layout.header_row <= area[2] and _is_read(layout, area):
            findings.error(merged_cells(layout, area))
    used = {normalised_header(header, without_brackets=False): name for name, (_, header) in layout.columns.items()}
    for header in layout.ignored:
        twin = used.get(normalised_header(header, without_brackets=False))
        if twin is not None:
            message = f"有两列都叫“{header[:20]}”，请删除多余的一列。"
            findings.error(layout.finding("column_twice", message, row=layout.header_row, of=twin))
    unknown = [
        header
        for header in layout.ignored
        if normalised_header(header, without_brackets=True) not in SILENTLY_IGNORED_HEADERS
    ]
    if unknown:
        findings.warn(
            layout.finding("columns_ignored", f"这些列没有导入：{'、'.join(name[:20] for name in unknown[:20])}。")
        )


def _range(area: Area) -> str:
    return f"{column_letter(area[1])}{area[0]}:{column_letter(area[3])}{area[2]}"
