"""What a printed 考勤表 says: the value that the PDF and the spreadsheet are both drawn from."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, WEEKDAY_LABELS, Shift

TITLE = "对口支援派驻人员考勤表"
NO_REMARKS = "无"
NO_CODE = "会签后生成核验码"
DAYS = range(1, 32)
_FIGURES_A_ROW = 14
SHIFT_ROWS = tuple((shift, SHIFT_LABELS[shift]) for shift in SHIFTS)


@dataclass(frozen=True)
class PrintedTimesheet:
    """One dispatch in one month, with every text as it is to be read.

    `cells` has the symbol of a day and shift, `figures` the totals under their labels, `amendments` a sentence each.
    `free_days` are shaded, `outside_days` (of the month, but not of the dispatch) crossed out. Without
    `countersigned_on` the sheet is marked as not valid, with `status_label` across it.
    """

    recipient_name: str
    supporting_name: str
    department: str
    year: int
    month: int
    person_name: str
    staff_number: str
    title: str
    cells: Mapping[tuple[int, Shift], str]
    legend: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, str]]
    remarks: Sequence[str] = ()
    amendments: Sequence[str] = ()
    keeper: str = ""
    department_head: str = ""
    director_name: str = ""
    delegate_note: str = ""
    countersigned_on: date | None = None
    verification_code: str | None = None
    verification_url: str | None = None
    status_label: str = "未会签"
    free_days: frozenset[int] = field(default_factory=frozenset)
    outside_days: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        days = {day for day, _ in self.cells} | self.free_days | self.outside_days
        if stray := sorted(day for day in days if not 1 <= day <= self.last_day):
            raise ValueError(f"{self.year}-{self.month} has no day {stray[0]}")

    @property
    def last_day(self) -> int:
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def period(self) -> str:
        return f"{self.year}年{self.month}月"

    @property
    def is_valid(self) -> bool:
        return self.countersigned_on is not None

    @property
    def invalid_notice(self) -> str:
        return f"{self.status_label}：本表未经受援单位院长会签，无效"

    @property
    def signed_on_label(self) -> str:
        signed = self.countersigned_on
        return f"{signed.year}年{signed.month}月{signed.day}日" if signed else "年　　月　　日"

    @property
    def heading(self) -> list[list[tuple[str, str]]]:
        """The labelled fields under the title, row by row."""
        return [
            [("受援单位", self.recipient_name), ("支援医院", self.supporting_name), ("年月", self.period)],
            [
                ("姓名", self.person_name),
                ("工号", self.staff_number),
                ("科室", self.department),
                ("职称", self.title),
            ],
        ]

    @property
    def signatures(self) -> list[tuple[str, str, str]]:
        """Who signs: as what, the name, and a note under it."""
        note = f"（{self.delegate_note}）" if self.delegate_note else ""
        return [
            ("考勤员", self.keeper, ""),
            ("科室负责人", self.department_head, ""),
            ("院长签字", self.director_name, note),
        ]

    @property
    def explained_symbols(self) -> str:
        """The legend as one running text."""
        return "　".join(f"{symbol} {meaning}" for symbol, meaning in self.legend)

    def weekday(self, day: int) -> str:
        return WEEKDAY_LABELS[date(self.year, self.month, day).weekday()]

    def is_crossed(self, day: int, shift: Shift) -> bool:
        """Whether nothing can stand there: no day of the month or of the dispatch; what does stand there is shown."""
        return (day > self.last_day or day in self.outside_days) and (day, shift) not in self.cells

    def texts(self) -> Iterator[str]:
        """Every text that somebody entered."""
        for row in self.heading:
            yield from (text for _, text in row)
        yield from self.cells.values()
        yield from (text for pair in (*self.legend, *self.figures, *self.signatures) for text in pair)
        yield from (*self.remarks, *self.amendments, self.verification_code or "", self.status_label)


def numbered(texts: Iterable[str]) -> list[str]:
    """Number the remarks, unless there is but one."""
    listed = list(texts)
    return listed if len(listed) < 2 else [f"{number}. {text}" for number, text in enumerate(listed, start=1)]


def evenly(figures: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    """Cut the figures into rows of about the same length."""
    rows = -(-len(figures) // _FIGURES_A_ROW)
    for row in range(rows):
        yield figures[row * len(figures) // rows : (row + 1) * len(figures) // rows]


@dataclass(frozen=True)
class MonthRow:
    """One dispatch in the export of a month; `days` has what stands in a day's cell, `figures` as on the sheet."""

    organisation: str
    department: str
    person_name: str
    staff_number: str
    title: str
    status_label: str
    days: Mapping[int, str]
    figures: Sequence[tuple[str, str]]
