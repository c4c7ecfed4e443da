"""The list of a clinic's day on paper: for the door of the room, and for when the network or the power is gone.

It tells as little as will do: number, period, masked name, sex, age. What happened is ticked by hand and entered later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from backend.domain.dispatch.rules import WEEKDAY_LABELS
from backend.foundation import clock
from backend.foundation.paper import BOLD, Box, Paper

TITLE = "门诊就诊名单"
_MARGIN = 40.0
_TOP = 36.0
_HEAD_HEIGHT = 78.0
_ROW_HEIGHT = 22.0
_FOOTER_HEIGHT = 44.0
_TICK = 9.0
_SIZE = 10.5
_COLUMNS = (
    ("序号", 10.0),
    ("时段", 17.0),
    ("姓名", 16.0),
    ("性别", 8.0),
    ("年龄", 8.0),
    ("到诊", 8.0),
    ("就诊", 8.0),
    ("未到", 8.0),
    ("备注", 25.0),
)
_TICKED = (5, 6, 7)
_PERIOD_LINE = 1.8  # where another period begins
_EMPTY_ROWS = 5  # for who walks in while nothing can be typed


@dataclass(frozen=True)
class PrintedBooking:
    """A line of the list."""

    number: int
    extra: bool
    starts_at: datetime
    ends_at: datetime
    name_masked: str
    sex_label: str
    age: int | None
    remark: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        first, last = clock.local(self.starts_at), clock.local(self.ends_at)
        return (
            f"{self.number}加" if self.extra else str(self.number),
            f"{first:%H:%M}–{last:%H:%M}",
            self.name_masked,
            self.sex_label,
            "" if self.age is None else str(self.age),
            *("", "", ""),
            self.remark,
        )


@dataclass(frozen=True, kw_only=True)
class PrintedDay:
    """A clinic and who comes to it, by period and number; `printed_at` says how fresh it is."""

    organisation: str
    site: str
    expert: str
    department: str
    local_doctor: str
    day: date
    starts_at: datetime
    ends_at: datetime
    closed: bool
    rows: Sequence[PrintedBooking]
    printed_at: datetime

    @property
    def heading(self) -> tuple[str, str]:
        first, last = clock.local(self.starts_at), clock.local(self.ends_at)
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日 星期{WEEKDAY_LABELS[self.day.weekday()]}"
        who = [self.expert, self.department, f"跟诊：{self.local_doctor}" if self.local_doctor else ""]
        return "　".join(part for part in who if part), f"{day} {first:%H:%M}–{last:%H:%M}　{self.site}"


def write_day_list(day: PrintedDay) -> bytes:
    """Draw the list; the same list gives the same bytes."""
    paper = Paper(f"{TITLE} {day.expert} {day.day}")
    frame = Box(_MARGIN, _TOP, paper.width - 2 * _MARGIN, paper.height - _TOP - _FOOTER_HEIGHT)
    a_page = int((frame.height - _HEAD_HEIGHT) / _ROW_HEIGHT) - 1  # the first row names the columns
    room = -len(day.rows) % a_page if day.rows else a_page  # no sheet for empty lines alone
    lines: list[PrintedBooking | None] = [*day.rows, *(None,) * min(room, _EMPTY_ROWS)]
    pages = [lines[first : first + a_page] for first in range(0, len(lines), a_page)]
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            paper.next_page()
        _draw_head(paper, day, frame)
        _draw_rows(paper, rows, replace(frame, y=frame.y + _HEAD_HEIGHT, height=_ROW_HEIGHT))
        _draw_foot(paper, day, number, len(pages))
    return paper.to_pdf()


def _draw_head(paper: Paper, day: PrintedDay, frame: Box) -> None:
    if day.closed:
        paper.mark("已停诊")
    middle = frame.x + frame.width / 2
    paper.text(middle, frame.y + 10, f"{day.organisation}{TITLE}", 17, align="center", bold=True)
    who, when = day.heading
    paper.cell(Box(frame.x, frame.y + 26, frame.width, 20), who, 12, bold=True)
    paper.cell(Box(frame.x, frame.y + 46, frame.width, 20), when, 11)


def _draw_rows(paper: Paper, rows: Sequence[PrintedBooking | None], row: Box) -> None:
    shares = [share for _label, share in _COLUMNS]
    for (label, _share), box in zip(_COLUMNS, row.columns(*shares), strict=True):
        paper.shade(box)
        paper.frame(box)
        paper.cell(box, label, _SIZE, bold=True)
    top, boundary = row, None
    for line in rows:
        row = replace(row, y=row.bottom)
        _draw_row(paper, line, row.columns(*shares))
        if line is not None and boundary not in (None, line.starts_at):
            paper.line(row.x, row.y, row.right, row.y, _PERIOD_LINE)
        boundary = line.starts_at if line is not None else None
    paper.frame(Box(top.x, top.y, top.width, row.bottom - top.y), BOLD)


def _draw_row(paper: Paper, line: PrintedBooking | None, boxes: Sequence[Box]) -> None:
    cells = line.cells if line is not None else ("",) * len(boxes)
    for place, (text, box) in enumerate(zip(cells, boxes, strict=True)):
        paper.frame(box)
        if place in _TICKED:
            x, y = box.x + (box.width - _TICK) / 2, box.y + (box.height - _TICK) / 2
            paper.frame(Box(x, y, _TICK, _TICK))
        elif text:
            paper.cell(box, text, _SIZE)


def _draw_foot(paper: Paper, day: PrintedDay, number: int, pages: int) -> None:
    y = paper.height - _FOOTER_HEIGHT + 14
    printed = clock.local(day.printed_at)
    people = f"共 {len(day.rows)} 人　空行供现场加号手写"
    paper.text(_MARGIN, y, f"{people}　打印于 {printed:%Y-%m-%d %H:%M}，诊后请登记并妥善销毁", 8.5)
    paper.text(paper.width - _MARGIN, y, f"第 {number} 页　共 {pages} 页", 8.5, align="right")
