"""The Chinese font that ships with the product, and how text is broken and shrunk to fit a place on paper."""

from __future__ import annotations

import gzip
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

LACKING = "〓"
LINE_HEIGHT = 1.2  # times the size
_FONT = Path(__file__).parent / "fonts" / "NotoSerifSC-Regular.ttf.gz"
_FONT_NAME = "BangfuSong"
_NEVER_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—％·")
_NEVER_LAST = frozenset("（《〈「『【〔“‘")
_TOKEN = re.compile(r"[!-~]+|.", re.DOTALL)
_BEYOND_FOUR_DIGITS = re.compile(r"<([0-9A-F]{5,6})>")


class _SongFont(TTFont):
    """The font; what it draws can be found and copied, characters beyond U+FFFF too.

    reportlab writes their numbers plainly into the table from glyphs to text, where PDF wants UTF-16: readers would
    copy two wrong characters out of a rare name.
    """

    def addObjects(self, doc: Any) -> None:
        super().addObjects(doc)
        for key, stream in doc.idToObject.items():
            if key.startswith("toUnicodeCMap:"):
                stream.content = _BEYOND_FOUR_DIGITS.sub(_as_utf16, stream.content)


def _as_utf16(number: re.Match[str]) -> str:
    return f"<{chr(int(number[1], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def font() -> TTFont:
    """Load the font, once a process (0.3 s and about 40 MB), and return it."""
    # Not the whole of ASCII in every file: only what is used.
    loaded = _SongFont(_FONT_NAME, io.BytesIO(gzip.decompress(_FONT.read_bytes())), asciiReadable=False)
    pdfmetrics.registerFont(loaded)
    return loaded


def width_of(text: str, size: float) -> float:
    return float(font().stringWidth(text, size))


def printable(text: str) -> str:
    """Return the text as paper can show it: 〓 for a character that the font lacks, no control characters."""
    known = font().face.charToGlyph
    return "".join(char if char == " " or ord(char) in known else LACKING for char in _visible(text))


def lacking(text: str) -> list[str]:
    """Return the characters of the text that the font lacks, each once."""
    known = font().face.charToGlyph
    return list(dict.fromkeys(char for char in _visible(text) if char != " " and ord(char) not in known))


def _visible(text: str) -> Iterator[str]:
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Zs", "Zl", "Zp"} and char != "\u3000":
            yield " "
        elif category != "Cf" and not _selects_a_variant(char):
            yield char


def _selects_a_variant(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most this width.

    A word or number in Latin letters stays whole if it can, and no line begins with a closing mark or ends with an
    opening one.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _wrap_paragraph(printable(paragraph), width, size)
    return lines


def _wrap_paragraph(text: str, width: float, size: float) -> list[str]:
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in _pieces(text):
        wide = width_of(piece, size)
        if taken + wide <= width:
            line, taken = line + piece, taken + wide
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while (taken := width_of(line, size)) > width and len(line) > 1:
            cut = _fitting_prefix(line, width, size)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay together on a line."""
    piece = ""
    for token in _TOKEN.findall(text):
        if piece and token[0] not in _NEVER_FIRST and piece[-1] not in _NEVER_LAST:
            yield piece
            piece = ""
        piece += token
    if piece:
        yield piece


def _fitting_prefix(text: str, width: float, size: float) -> int:
    taken = 0.0
    for place, char in enumerate(text):
        taken += width_of(char, size)
        if taken > width:
            return max(1, place)
    return len(text)


@dataclass(frozen=True)
class Fitted:
    """A text made to fit: its size, its lines, and whether all of it is there."""

    size: float
    lines: list[str]
    whole: bool


def fit(text: str, width: float, height: float, *, size: float, smallest: float = 5.0) -> Fitted:
    """Shrink and break a text until it fits; what does not even fit at the smallest size ends with …"""
    flat = " ".join(text.splitlines())
    while True:
        lines = wrap(flat, width, size)
        room = max(1, int(height / (size * LINE_HEIGHT)))
        if len(lines) <= room and all(width_of(line, size) <= width for line in lines):
            return Fitted(size, lines, whole=True)
        if size <= smallest:
            return Fitted(size, _cut_short(lines[:room], width, size), whole=False)
        size = max(smallest, size - 0.5)


def _cut_short(lines: list[str], width: float, size: float) -> list[str]:
    last = lines[-1]
    while last and width_of(last + "…", size) > width:
        last = last[:-1]
    return [*lines[:-1], last + "…"]
