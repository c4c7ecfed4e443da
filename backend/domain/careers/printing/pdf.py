"""The 鉴定表 as PDF: A4 upright, each part as high as its words need, on as many pages as that takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backend.domain.careers.printing.evaluation import TITLE, Field, PrintedEvaluation, Section
from backend.foundation.paper import BOLD, Box, Paper
from backend.foundation.typesetting import LACKING, LINE_HEIGHT, lacking, wrap

_MARGIN = 40.0
_TOP = 36.0
_TITLE_HEIGHT = 40.0
_FIELD_HEIGHT = 25.0
_FOOTER_HEIGHT = 62.0  # with the QR code, and the margin that a printer needs
_LABEL_WIDTH = 72.0
_SIGNATURE_HEIGHT = 24.0
_AT_LEAST = 30.0
_FOR_A_SEAL = 56.0  # with the line that is signed
_SIZE = 10.5
_PADDING = 6.0
_QR = 46.0


@dataclass(frozen=True)
class _Block:
    """A section, or the part of it that stands on one page."""

    label: str
    lines: list[str]
    signature: str
    at_least: float = _AT_LEAST

    @property
    def height(self) -> float:
        room = max(self.at_least, len(self.lines) * _SIZE * LINE_HEIGHT + 2 * _PADDING)
        return room + (_SIGNATURE_HEIGHT if self.signature else 0)


def write_evaluation_pdf(form: PrintedEvaluation) -> bytes:
    """Draw the form; the same form gives the same bytes."""
    name = dict(form.fields[0]).get("姓名", "")
    paper = Paper(f"{TITLE} {name}")
    frame = Box(
        _MARGIN, _TOP + _TITLE_HEIGHT, paper.width - 2 * _MARGIN, paper.height - _TOP - _TITLE_HEIGHT - _FOOTER_HEIGHT
    )
    pages = _paginate(form, frame)
    for number, blocks in enumerate(pages, start=1):
        if number > 1:
            paper.next_page()
        if not form.is_valid:
            paper.mark("未完成　无效")  # under everything else, so that what is printed stays legible
        _draw_title(paper, form, is_first=number == 1)
        y = _draw_fields(paper, form, frame) if number == 1 else frame.y
        for block in blocks:
            y = _draw_block(paper, block, replace(frame, y=y, height=block.height))
        paper.frame(replace(frame, height=y - frame.y), BOLD)
        _draw_footer(paper, form, number, len(pages))
    return paper.to_pdf()


def _draw_title(paper: Paper, form: PrintedEvaluation, *, is_first: bool) -> None:
    middle = paper.width / 2
    paper.text(middle, _TOP + 12, TITLE if is_first else f"{TITLE}（续）", 18, align="center", bold=True)
    if not form.is_valid:
        paper.text(middle, _TOP + 31, form.invalid_notice, _SIZE, align="center", bold=True)


def _draw_fields(paper: Paper, form: PrintedEvaluation, frame: Box) -> float:
    y = frame.y
    for fields in form.fields:
        height = _height_of_row(fields, frame.width)
        text_width = (frame.width - _LABEL_WIDTH * len(fields)) / len(fields)
        boxes = Box(frame.x, y, frame.width, height).columns(*(_LABEL_WIDTH, text_width) * len(fields))
        for (label, text), label_box, box in zip(fields, boxes[::2], boxes[1::2], strict=True):
            paper.frame(label_box)
            paper.cell(label_box, label, _SIZE)
            paper.frame(box)
            paper.cell(box, text, _SIZE, align="left" if len(fields) == 1 else "center")
        y += height
    return y


def _height_of_row(fields: Sequence[Field], width: float) -> float:
    rows = list(fields)
    text_width = (width - _LABEL_WIDTH * len(rows)) / len(rows) - 2 * _PADDING
    most = max(len(wrap(text, text_width, _SIZE)) for _label, text in rows)
    return max(_FIELD_HEIGHT, most * _SIZE * LINE_HEIGHT + 2 * _PADDING)


def _paginate(form: PrintedEvaluation, frame: Box) -> list[list[_Block]]:
    pages: list[list[_Block]] = [[]]
    left = frame.height - sum(_height_of_row(fields, frame.width) for fields in form.fields)
    for block in _blocks(form, frame.width - _LABEL_WIDTH - 2 * _PADDING):
        rest: _Block | None = block
        while rest is not None:
            fits, rest = _cut(rest, left)
            if fits is not None:
                pages[-1].append(fits)
                left -= fits.height
            if rest is not None:
                pages.append([])
                left = frame.height
    return pages


def _cut(block: _Block, left: float) -> tuple[_Block | None, _Block | None]:
    """Return what of a block fits into what is left of a page, and the rest; a short one is not torn."""
    if block.height <= left:
        return block, None
    room = int((left - 2 * _PADDING) / (_SIZE * LINE_HEIGHT)) - 1
    if room < 4 or len(block.lines) <= room:
        return None, block
    return (
        _Block(block.label, [*block.lines[:room], "（接下页）"], ""),
        _Block(f"{block.label.removesuffix('（续）')}（续）", block.lines[room:], block.signature),
    )


def _blocks(form: PrintedEvaluation, width: float) -> Iterator[_Block]:
    for section in form.sections:
        yield _Block(
            section.label, _lines(section, width), section.signature_line, _FOR_A_SEAL if section.sealed else _AT_LEAST
        )
    if unknown := lacking("".join(form.texts())):
        codes = "、".join(f"U+{ord(char):04X}" for char in unknown)
        said = f"本表以{LACKING}代替字库未收的字，其统一码为：{codes}。Word文档中为原字。"
        yield _Block("说明", wrap(said, width, _SIZE), "")


def _lines(section: Section, width: float) -> list[str]:
    return [line for text in section.text.splitlines() for line in wrap(text, width, _SIZE)]


def _draw_block(paper: Paper, block: _Block, box: Box) -> float:
    label_box = replace(box, width=_LABEL_WIDTH)
    text_box = Box(label_box.right, box.y, box.width - _LABEL_WIDTH, box.height)
    paper.frame(label_box)
    paper.cell(label_box, block.label, _SIZE)
    paper.frame(text_box)
    y = text_box.y + _PADDING + _SIZE * LINE_HEIGHT / 2
    for number, line in enumerate(block.lines):
        paper.text(text_box.x + _PADDING, y + number * _SIZE * LINE_HEIGHT, line, _SIZE)
    if block.signature:
        below = Box(text_box.x, box.bottom - _SIGNATURE_HEIGHT, text_box.width, _SIGNATURE_HEIGHT)
        paper.cell(below, block.signature, _SIZE, align="right")
    return box.bottom


def _draw_footer(paper: Paper, form: PrintedEvaluation, number: int, pages: int) -> None:
    y = paper.height - _FOOTER_HEIGHT + 6
    width = paper.width - 2 * _MARGIN
    paper.cell(Box(_MARGIN, y, width - _QR - 70, 24), form.footer, 8, align="left")
    paper.text(paper.width - _MARGIN - _QR - 8, y + 12, f"第 {number} 页　共 {pages} 页", 8, align="right")
    if form.verification_url:
        paper.qr(Box(paper.width - _MARGIN - _QR, y, _QR, _QR), form.verification_url)
