"""Reads a PDF back: its texts with their places, its lines, its shaded places, its fonts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream


@dataclass(frozen=True)
class Fragment:
    """A piece of text and where its baseline begins, from the lower left corner."""

    x: float
    y: float
    size: float
    text: str


class PrintedPage:
    def __init__(self, page: PageObject) -> None:
        self.page = page
        self.width, self.height = float(page.mediabox.width), float(page.mediabox.height)
        self.operations = cast("ContentStream", page.get_contents()).operations

    @cached_property
    def fragments(self) -> list[Fragment]:
        found: list[Fragment] = []

        def visit(text: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
            if text.strip():
                found.append(Fragment(matrix[4], matrix[5], size, text.strip("\n")))

        self.page.extract_text(visitor_text=visit)
        return found

    @property
    def text(self) -> str:
        """All text without the breaks of lines."""
        return "".join(fragment.text for fragment in self.fragments)

    @property
    def diagonals(self) -> list[tuple[float, float]]:
        """Where the lines begin that are neither level nor upright."""
        starts, at = [], (0.0, 0.0)
        for operands, operator in self.operations:
            if operator == b"m":
                at = (float(operands[0]), float(operands[1]))
            elif operator == b"l" and all(abs(float(end) - start) > 1 for end, start in zip(operands, at, strict=True)):
                starts.append(at)
        return starts

    @property
    def shaded(self) -> int:
        """How many rectangles are filled with grey."""
        grey, rectangles = 0.0, 0
        for operands, operator in self.operations:
            if operator in {b"g", b"rg"}:
                grey = float(operands[0])
            rectangles += operator == b"re" and grey > 0
        return rectangles

    @property
    def outlined(self) -> bool:
        """Whether some text is drawn as outlines only, as the mark across a sheet is."""
        return any(operator == b"Tr" and int(operands[0]) == 1 for operands, operator in self.operations)

    @property
    def fonts(self) -> list[dict[str, Any]]:
        resources = cast("dict[str, Any]", self.page["/Resources"])
        return [font.get_object() for font in resources["/Font"].values()]


def pages_of(pdf: bytes) -> list[PrintedPage]:
    return [PrintedPage(page) for page in PdfReader(io.BytesIO(pdf)).pages]
