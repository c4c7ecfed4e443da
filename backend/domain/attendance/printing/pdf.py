"""The 考勤表 as PDF: A4 landscape, everything to be signed on the first page, long remarks on further ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from backend.domain.dispatch.rules import Shift
from backend.foundation.paper import BOLD, Box, Paper
from backend.foundation.typesetting import LACKING, LINE_HEIGHT, lacking, wrap

_MARGIN = 30.0
_TOP = 26.0
_TITLE_HEIGHT = 42.0
_FIELD_HEIGHT = 24.0
_DAY_HEIGHT = 15.0
_SHIFT_HEIGHT = 30.0
_FIGURE_HEIGHT = 19.0
_SIGNATURE_HEIGHT = 96.0
_FOOTER_HEIGHT = 30.0  # with the margin that a printer needs
_LABEL_WIDTH = 44.0
_SIZE = 9.5
_SMALL = 8.0
_LEGEND_SIZE = 8.5
_LEGEND_AT_MOST = 46.0
_REMARK_SIZES = (9.0, 8.0, 7.0)
_PADDING = 4.0
_CONTINUED = "（接下页）"


@dataclass(frozen=True)
class _Section:
    """Lines under one label at the left: the remarks, or the amendments; or the part of them on a page."""

    label: str
    lines: list[str]


def write_pdf(sheet: PrintedTimesheet) -> bytes:
    """Draw the sheet; the same sheet gives the same bytes."""
    paper = Paper(f"{TITLE} {sheet.person_name} {sheet.period}", landscape=True)
    frame = Box(_MARGIN, _TOP, paper.width - 2 * _MARGIN, paper.height - _TOP - _FOOTER_HEIGHT)
    _draw_mark(paper, sheet)
    y, cut_short = _draw_form(paper, sheet, frame)
    room = Box(frame.x, y, frame.width, frame.bottom - _SIGNATURE_HEIGHT - y)
    size, pages = _lay_out(_sections(sheet, cut_short), room, frame)
    _draw_sections(paper, pages[0], room, size, fill=True)
    _draw_signatures(paper, sheet, Box(frame.x, room.bottom, frame.width, _SIGNATURE_HEIGHT))
    paper.frame(Box(frame.x, _TOP + _TITLE_HEIGHT, frame.width, frame.height - _TITLE_HEIGHT), BOLD)
    _draw_footer(paper, sheet, 1, len(pages))
    for number, sections in enumerate(pages[1:], start=2):
        paper.next_page()
        _draw_mark(paper, sheet)
        _draw_continuation(paper, sheet, sections, frame, size)
        _draw_footer(paper, sheet, number, len(pages))
    return paper.to_pdf()


def _draw_mark(paper: Paper, sheet: PrintedTimesheet) -> None:
    # Under everything else, so that what is printed stays legible.
    if not sheet.is_valid:
        paper.mark(f"{sheet.status_label}　无效")


def _draw_form(paper: Paper, sheet: PrintedTimesheet, frame: Box) -> tuple[float, list[str]]:
    """Draw what every sheet has above its remarks; return where it ends, and the fields that were cut short."""
    _draw_title(paper, sheet, frame)
    y, cut_short = _draw_fields(paper, sheet, replace(frame, y=frame.y + _TITLE_HEIGHT, height=_FIELD_HEIGHT))
    y = _draw_grid(paper, sheet, replace(frame, y=y))
    y, legend_cut_short = _draw_legend(paper, sheet, replace(frame, y=y))
    cut_short += legend_cut_short
    return _draw_figures(paper, sheet, replace(frame, y=y)), cut_short


def _draw_title(paper: Paper, sheet: PrintedTimesheet, frame: Box) -> None:
    paper.text(frame.x + frame.width / 2, frame.y + 13, TITLE, 20, align="center", bold=True)
    if not sheet.is_valid:
        notice = Box(frame.x, frame.y + 25, frame.width, 15)
        paper.cell(notice, sheet.invalid_notice, _SIZE, bold=True)


def _draw_fields(paper: Paper, sheet: PrintedTimesheet, row: Box) -> tuple[float, list[str]]:
    cut_short = []
    for fields in sheet.heading:
        shares = (8.0, 30.0) * (len(fields) - 1) + (6.0, 12.0 if len(fields) < 4 else 20.0)
        boxes = row.columns(*shares)
        for (label, text), label_box, box in zip(fields, boxes[::2], boxes[1::2], strict=True):
            _draw_label(paper, label_box, label)
            paper.frame(box)
            if not paper.cell(box, text, _SIZE + 0.5):
                cut_short.append(f"{label}全称：{text}")
        row = replace(row, y=row.bottom)
    return row.y, cut_short


def _draw_label(paper: Paper, box: Box, label: str) -> None:
    paper.frame(box)
    paper.cell(box, label, _SIZE)


def _draw_grid(paper: Paper, sheet: PrintedTimesheet, place: Box) -> float:
    day_width = (place.width - _LABEL_WIDTH) / len(DAYS)
    heights = (_DAY_HEIGHT, _DAY_HEIGHT, *(_SHIFT_HEIGHT for _ in SHIFT_ROWS))
    for day in DAYS:
        column = Box(place.x + _LABEL_WIDTH + (day - 1) * day_width, place.y, day_width, sum(heights))
        _draw_day(paper, sheet, day, column)
    y = place.y
    for label, height in zip(("日期", "星期", *(label for _, label in SHIFT_ROWS)), heights, strict=True):
        _draw_label(paper, Box(place.x, y, _LABEL_WIDTH, height), label)
        y += height
    return y


def _draw_day(paper: Paper, sheet: PrintedTimesheet, day: int, column: Box) -> None:
    if day in sheet.free_days:
        paper.shade(column)
    number, weekday = (replace(column, y=column.y + row * _DAY_HEIGHT, height=_DAY_HEIGHT) for row in range(2))
    exists = day <= sheet.last_day
    for box, text in ((number, str(day)), (weekday, sheet.weekday(day) if exists else "")):
        paper.frame(box)
        paper.cell(box, text, _SMALL)
    for row, (shift, _) in enumerate(SHIFT_ROWS):
        box = replace(column, y=weekday.bottom + row * _SHIFT_HEIGHT, height=_SHIFT_HEIGHT)
        _draw_shift(paper, sheet, (day, shift), box)


def _draw_shift(paper: Paper, sheet: PrintedTimesheet, cell: tuple[int, Shift], box: Box) -> None:
    paper.frame(box)
    if sheet.is_crossed(*cell):
        paper.line(box.x, box.bottom, box.right, box.y)
    elif symbol := sheet.cells.get(cell):
        paper.cell(box, symbol, 12)


def _draw_legend(paper: Paper, sheet: PrintedTimesheet, place: Box) -> tuple[float, list[str]]:
    width = place.width - _LABEL_WIDTH
    lines = wrap(sheet.explained_symbols, width - 2 * _PADDING, _LEGEND_SIZE)
    height = min(_LEGEND_AT_MOST, max(_FIGURE_HEIGHT, len(lines) * _LEGEND_SIZE * LINE_HEIGHT + _PADDING))
    box = replace(place, height=height)
    label_box, text_box = box.columns(_LABEL_WIDTH, width)
    _draw_label(paper, label_box, "符号")
    paper.frame(text_box)
    whole = paper.cell(text_box, sheet.explained_symbols, _LEGEND_SIZE, align="left")
    return box.bottom, [] if whole else [f"符号：{sheet.explained_symbols}"]


def _draw_lines(paper: Paper, box: Box, lines: Sequence[str], size: float) -> None:
    """Write lines from the left, as a block in the middle of its height."""
    leading = size * LINE_HEIGHT
    y = box.y + (box.height - leading * len(lines)) / 2 + leading / 2
    for number, line in enumerate(lines):
        paper.text(box.x + _PADDING, y + number * leading, line, size)


def _draw_figures(paper: Paper, sheet: PrintedTimesheet, place: Box) -> float:
    y = place.y
    for figures in evenly(sheet.figures):
        row = replace(place, y=y, height=_FIGURE_HEIGHT)
        for (label, text), box in zip(figures, row.columns(*(1.0 for _ in figures)), strict=True):
            _draw_label(paper, box, label)
            below = replace(box, y=box.bottom)
            paper.frame(below)
            paper.cell(below, text, _SIZE + 1.5)
        y += 2 * _FIGURE_HEIGHT
    return y


def _sections(sheet: PrintedTimesheet, cut_short: Sequence[str]) -> list[_Section]:
    """Return remarks and amendments, unbroken; what the form could not show is said among the remarks."""
    remarks = [*sheet.remarks, *cut_short]
    if unknown := lacking("".join(sheet.texts())):
        codes = "、".join(f"U+{ord(char):04X}" for char in unknown)
        remarks.append(f"本表以{LACKING}代替字库未收的字，其统一码为：{codes}。电子表格中为原字。")
    sections = [_Section("备注", numbered(remarks) or [NO_REMARKS])]
    if sheet.amendments:
        sections.append(_Section("更正", numbered(sheet.amendments)))
    return sections


def _lay_out(sections: Sequence[_Section], room: Box, frame: Box) -> tuple[float, list[list[_Section]]]:
    """Return the size of the remarks, and what stands on which page: on one page if a smaller size does it."""
    width = room.width - _LABEL_WIDTH - 2 * _PADDING
    for size in _REMARK_SIZES:
        broken = [_broken(section, width, size) for section in sections]
        if sum(_height(section, size) for section in broken) <= room.height:
            return size, [broken]
    size = _REMARK_SIZES[0]
    broken = [_broken(section, width, size) for section in sections]
    return size, _paginate(broken, size, first=room.height, further=frame.height - _TITLE_HEIGHT)


def _broken(section: _Section, width: float, size: float) -> _Section:
    return _Section(section.label, [line for text in section.lines for line in wrap(text, width, size)])


def _height(section: _Section, size: float) -> float:
    return len(section.lines) * size * LINE_HEIGHT + 2 * _PADDING


def _paginate(sections: Sequence[_Section], size: float, *, first: float, further: float) -> list[list[_Section]]:
    pages: list[list[_Section]] = [[]]
    left = first
    for section in sections:
        lines = section.lines
        while lines:
            # A line of each page is kept for the word that it goes on.
            room = int((left - 2 * _PADDING) / (size * LINE_HEIGHT)) - 1
            if room < 1:
                pages.append([])
                left = further
                continue
            part = _Section(section.label, lines[:room])
            lines = lines[room:]
            pages[-1].append(part)
            left -= _height(part, size)
    for page in filter(None, pages[:-1]):
        page[-1].lines.append(_CONTINUED)
    return pages


def _draw_sections(paper: Paper, sections: Sequence[_Section], room: Box, size: float, *, fill: bool) -> None:
    """Draw the sections under each other; the last one takes what is left of the place, where it is to be filled."""
    y = room.y
    for section in sections:
        height = _height(section, size)
        if fill and section is sections[-1]:
            height = room.bottom - y
        box = Box(room.x, y, room.width, height)
        _draw_label(paper, replace(box, width=_LABEL_WIDTH), section.label)
        text_box = Box(box.x + _LABEL_WIDTH, y, box.width - _LABEL_WIDTH, _height(section, size))
        paper.frame(replace(text_box, height=height))
        _draw_lines(paper, text_box, section.lines, size)
        y += height


def _draw_signatures(paper: Paper, sheet: PrintedTimesheet, row: Box) -> None:
    *signed, seal, day, code = row.columns(1, 1, 1.3, 1.3, 1, 1.1)
    for (label, name, note), box in zip(sheet.signatures, signed, strict=True):
        _draw_signature(paper, box, label, name, note)
    _draw_signature(paper, seal, "受援单位盖章处", "", "")
    _draw_signature(paper, day, "日期", sheet.signed_on_label, "")
    _draw_code(paper, sheet, code)


def _draw_signature(paper: Paper, box: Box, label: str, name: str, note: str) -> None:
    paper.frame(box)
    paper.text(box.x + _PADDING, box.y + 10, label, _SMALL + 0.5)
    middle = Box(box.x, box.y + 20, box.width, box.height - 44)
    paper.cell(middle, name, 12)
    paper.cell(Box(box.x, middle.bottom, box.width, 20), note, _SIZE)


def _draw_code(paper: Paper, sheet: PrintedTimesheet, box: Box) -> None:
    paper.frame(box)
    below = Box(box.x, box.bottom - 16, box.width, 14)
    if sheet.verification_code is None:
        paper.cell(box, NO_CODE, _SIZE)
        return
    paper.cell(below, f"核验码 {sheet.verification_code}", _SIZE)
    if sheet.verification_url:
        paper.qr(Box(box.x, box.y + 2, box.width, below.y - box.y - 2), sheet.verification_url)


def _draw_continuation(
    paper: Paper, sheet: PrintedTimesheet, sections: Sequence[_Section], frame: Box, size: float
) -> None:
    paper.text(frame.x + frame.width / 2, frame.y + 11, f"{TITLE}（续）", 16, align="center", bold=True)
    line = Box(frame.x, frame.y + 22, frame.width, 16)
    who = f"{sheet.period}　工号：{sheet.staff_number}　姓名：{sheet.person_name}　受援单位：{sheet.recipient_name}"
    paper.cell(line, who, _SIZE)
    room = replace(frame, y=frame.y + _TITLE_HEIGHT, height=frame.height - _TITLE_HEIGHT)
    _draw_sections(paper, sections, room, size, fill=False)


def _draw_footer(paper: Paper, sheet: PrintedTimesheet, number: int, pages: int) -> None:
    y = paper.height - _FOOTER_HEIGHT + 3
    parts = [f"核验码 {sheet.verification_code}" if sheet.verification_code else NO_CODE, sheet.verification_url or ""]
    left = Box(_MARGIN, y, paper.width - 2 * _MARGIN - 90, 12)
    paper.cell(left, "　".join(part for part in parts if part), 7.5, align="left")
    paper.text(paper.width - _MARGIN, y + 6, f"第 {number} 页　共 {pages} 页", 7.5, align="right")
