"""A sheet of A4 to draw on, from the top left corner, in points; becomes a PDF with its Chinese font embedded."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from backend.foundation.qr import qr_code
from backend.foundation.typesetting import LINE_HEIGHT, fit, font, printable, width_of

Align = Literal["left", "center", "right"]
FINE, BOLD = 0.5, 1.0  # widths of lines
# How PDF renders text.
_FILL: Final = 0
_OUTLINE: Final = 1
_FILL_AND_OUTLINE: Final = 2
_MIDDLE = 0.37  # of the size: from the baseline up to the middle of a character
_PADDING = 4.0


@dataclass(frozen=True)
class Box:
    """A rectangle: its left and top edge, counted from the top left corner of the sheet, and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def columns(self, *widths: float) -> list[Box]:
        """Cut it into columns whose widths have these proportions."""
        boxes, x = [], self.x
        for width in widths:
            boxes.append(Box(x, self.y, self.width * width / sum(widths), self.height))
            x = boxes[-1].right
        return boxes


class Paper:
    """A document that is drawn page by page.

    The same calls make the same bytes: date and identity are those of the content, not of the moment.
    """

    def __init__(self, title: str, *, landscape: bool = False) -> None:
        self.width, self.height = (A4[1], A4[0]) if landscape else A4
        self._output = io.BytesIO()
        self._canvas = Canvas(
            self._output,
            pagesize=(self.width, self.height),
            pageCompression=1,
            invariant=1,
            initialFontName=font().fontName,  # type: ignore[arg-type]  # the stubs say float
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("帮扶")

    def next_page(self) -> None:
        self._canvas.showPage()

    def to_pdf(self) -> bytes:
        """End the last page and return the document."""
        self._canvas.showPage()
        self._canvas.save()
        return self._output.getvalue()

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = FINE) -> None:
        self._canvas.setLineWidth(width)
        self._canvas.line(x1, self.height - y1, x2, self.height - y2)

    def frame(self, box: Box, width: float = FINE) -> None:
        self._canvas.setLineWidth(width)
        self._canvas.rect(box.x, self.height - box.bottom, box.width, box.height)

    def shade(self, box: Box, darkness: float = 0.1) -> None:
        self._canvas.setFillGray(1 - darkness)
        self._canvas.rect(box.x, self.height - box.bottom, box.width, box.height, stroke=0, fill=1)
        self._canvas.setFillGray(0)

    def text(self, x: float, y: float, text: str, size: float, *, align: Align = "left", bold: bool = False) -> None:
        """Write one line whose middle is at height y; text that may be too long goes into a `cell`."""
        self._canvas.setFont(font().fontName, size)
        self._canvas.setLineWidth(size / 40)
        shown = printable(text)
        start = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width_of(shown, size)
        baseline = self.height - y - _MIDDLE * size
        self._canvas.drawString(start, baseline, shown, mode=_FILL_AND_OUTLINE if bold else _FILL)

    def cell(self, box: Box, text: str, size: float, *, align: Align = "center", bold: bool = False) -> bool:
        """Write a text into the middle of a box, shrunk and broken as it needs; return whether all of it found room."""
        padding = min(_PADDING, box.width / 12)
        fitted = fit(text, box.width - 2 * padding, box.height - 2, size=size)
        leading = fitted.size * LINE_HEIGHT
        x = {"left": box.x + padding, "center": box.x + box.width / 2, "right": box.right - padding}[align]
        first = box.y + box.height / 2 - leading * (len(fitted.lines) - 1) / 2
        for number, line in enumerate(fitted.lines):
            self.text(x, first + number * leading, line, fitted.size, align=align, bold=bold)
        return fitted.whole

    def qr(self, box: Box, text: str) -> None:
        """Draw a QR code as large as fits, its quiet zone included."""
        code = qr_code(text)
        module = min(box.width, box.height) / code.side
        left, top = box.x + (box.width - module * code.side) / 2, box.y + (box.height - module * code.side) / 2
        for bar in code.bars:
            y = self.height - top - (bar.y + 1) * module
            self._canvas.rect(left + bar.x * module, y, bar.length * module, module, stroke=0, fill=1)

    def mark(self, text: str, *, size: float = 110) -> None:
        """Write a large text in outline across the whole sheet, up to the right."""
        shown = printable(text)
        size = min(size, 0.9 * self.width / max(len(shown), 1))
        self._canvas.saveState()
        self._canvas.translate(self.width / 2, self.height / 2)
        self._canvas.rotate(25)
        self._canvas.setStrokeGray(0.6)
        self._canvas.setLineWidth(1)
        self._canvas.setFont(font().fontName, size)
        self._canvas.drawCentredString(0, -_MIDDLE * size, shown, mode=_OUTLINE)
        self._canvas.restoreState()
