"""The certificate of service (对口支援服务证明) as a PDF: the rules it was issued by, and the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.domain.attendance.rules.timesheets import days_text
from backend.foundation.paper import BOLD, Box, Paper
from backend.foundation.typesetting import LINE_HEIGHT, lacking, width_of, wrap

TITLE = "对口支援服务证明"
_MARGIN = 48.0
_SIZE, _SMALL = 10.5, 9.0
_ROW = 30.0
_FOOTER = 34.0
_SIGNATURES = 120.0
_COLUMNS = (("服务单位", 26.0), ("起止日期", 23.0), ("日历天数", 10.0), ("不计入", 23.0), ("计入", 9.0), ("鉴定", 9.0))


@dataclass(frozen=True)
class PrintedCertificate:
    """A certificate with what it was issued with; `facts` as `service/certificates.facts_of` froze them."""

    facts: Mapping[str, Any]
    issued_on: date
    issuer: str
    code: str
    verify_at: str  # the address to which the code is added
    revoked_on: date | None = None

    @property
    def url(self) -> str:
        return f"{self.verify_at}{self.code}"


def write_certificate(printed: PrintedCertificate) -> bytes:
    """Draw the certificate; the same facts give the same bytes."""
    pages = _Pages(printed)
    pages.begin()
    _draw_opening(pages)
    for number, rule in enumerate(printed.facts["rules"], start=1):
        _draw_rule(pages, number, rule)
    _draw_close(pages)
    return pages.paper.to_pdf()


class _Pages:
    """Pages that are filled from above; `y` is where the next line begins."""

    def __init__(self, printed: PrintedCertificate) -> None:
        self.printed = printed
        self.paper = Paper(TITLE)
        self.width = self.paper.width - 2 * _MARGIN
        self.number = 0
        self.y = _MARGIN

    def begin(self) -> None:
        if self.number:
            self.paper.next_page()
        self.number += 1
        if self.printed.revoked_on is not None:
            self.paper.mark("已作废　无效")  # under everything else, which stays legible
        y = self.paper.height - _FOOTER
        left = Box(_MARGIN, y, self.width - 60, 12)
        self.paper.cell(left, f"核验码 {self.printed.code}　{self.printed.url}", 7.5, align="left")
        self.paper.text(_MARGIN + self.width, y + 6, f"第 {self.number} 页", 7.5, align="right")
        self.y = _MARGIN

    def room_for(self, height: float) -> None:
        """Begin another page unless so much fits on this one."""
        if self.y + height > self.paper.height - _FOOTER - 8:
            self.begin()

    def paragraph(self, text: str, size: float = _SIZE, *, indent: float = 0.0, bold: bool = False) -> None:
        """Write a text over as many lines and pages as it takes."""
        leading = size * LINE_HEIGHT * 1.25
        for line in wrap(text, self.width - indent, size):
            self.room_for(leading)
            self.paper.text(_MARGIN + indent, self.y + leading / 2, line, size, bold=bold)
            self.y += leading

    def row(self, texts: Sequence[str], height: float, *, bold: bool = False) -> None:
        """Write one row of the table of stays."""
        boxes = Box(_MARGIN, self.y, self.width, height).columns(*(width for _label, width in _COLUMNS))
        for text, box in zip(texts, boxes, strict=True):
            self.paper.frame(box)
            self.paper.cell(box, text, _SMALL, bold=bold)
        self.y += height


def _draw_opening(pages: _Pages) -> None:
    printed, person = pages.printed, pages.printed.facts["person"]
    pages.paper.text(pages.paper.width / 2, pages.y + 14, TITLE, 22, align="center", bold=True)
    pages.y += 44
    if printed.revoked_on is not None:
        pages.paragraph(f"本证明已于{printed.revoked_on}作废，无效。", 14, bold=True)
    department = f"{person['department']} " if person["department"] else ""
    now = f"现任{person['title']}，" if person["title"] else ""
    pages.paragraph(
        f"　　兹证明：{person['organisation']} {department}{person['name']}（工号{person['staff_number']}），{now}"
        f"截至{printed.facts['on']}，参加对口支援（下乡）服务的情况如下，符合申报{printed.facts['title']}的服务要求。"
    )
    if unknown := lacking(person["name"] + person["organisation"]):
        codes = "、".join(f"U+{ord(char):04X}" for char in unknown)
        pages.paragraph(f"以〓代替字库未收的字，其统一码为：{codes}。", _SMALL)
    pages.y += 6


def _draw_rule(pages: _Pages, number: int, rule: Mapping[str, Any]) -> None:
    pages.room_for(96)  # a heading does not stand alone at the end of a page
    pages.y += 6
    pages.paragraph(f"{number}. {rule['name']}（{rule['set_by']}）", 12, bold=True)
    pages.paragraph(f"依据：{rule['document']}", indent=14)
    pages.paragraph(f"要求：{rule['sentence']}", indent=14)
    pages.y += 4
    labels = [label for label, _width in _COLUMNS]
    pages.row(labels, 20, bold=True)
    for segment in rule["segments"]:
        if pages.y + _ROW > pages.paper.height - _FOOTER - 8:
            pages.begin()
            pages.row(labels, 20, bold=True)
        pages.row(_cells(segment), _ROW)
    pages.y += 4
    pages.paragraph(f"合计：{rule['total']}", indent=14, bold=True)


def _cells(segment: Mapping[str, Any]) -> list[str]:
    less = "，".join(f"{one['reason']}{days_text(one['halves'])}天" for one in segment["excluded"])
    place = f"{segment['place']}（据材料）" if segment["is_earlier"] else segment["place"]
    counted = f"{days_text(segment['counted_halves'])}天"
    return [
        place,
        f"{segment['from']}至{segment['to']}",
        f"{segment['days']}天",
        less or "无",
        counted,
        segment["evaluation"],
    ]


def _draw_close(pages: _Pages) -> None:
    pages.room_for(_SIGNATURES + 20)
    pages.y += 12
    printed = pages.printed
    issuer, seal, code = Box(_MARGIN, pages.y, pages.width, _SIGNATURES).columns(1.2, 1.2, 1)
    for box, label in ((issuer, "出具人"), (seal, "出具单位（盖章）")):
        pages.paper.frame(box, BOLD)
        pages.paper.text(box.x + 6, box.y + 12, label, _SMALL)
    day = f"{printed.issued_on.year}年{printed.issued_on.month}月{printed.issued_on.day}日"
    pages.paper.cell(Box(issuer.x, issuer.y + 20, issuer.width, issuer.height - 44), printed.issuer, 13)
    pages.paper.text(issuer.right - 6 - width_of(day, _SMALL), issuer.bottom - 12, day, _SMALL)
    name = printed.facts["person"]["organisation"]
    pages.paper.cell(Box(seal.x, seal.bottom - 30, seal.width, 24), name, _SIZE)
    pages.paper.frame(code, BOLD)
    pages.paper.qr(Box(code.x, code.y + 4, code.width, code.height - 24), printed.url)
    pages.paper.cell(Box(code.x, code.bottom - 18, code.width, 14), printed.code, _SMALL)
