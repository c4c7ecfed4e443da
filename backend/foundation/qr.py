"""QR codes, as dark bars to draw on paper, and as SVG to put into a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4  # modules of white around a code, which readers need


@dataclass(frozen=True)
class Bar:
    """Dark modules beside each other in one row, counted from the corner of the white around the code."""

    x: int
    y: int
    length: int


@dataclass(frozen=True)
class QrCode:
    """A code: how many modules its side has, the white around it included, and its dark bars."""

    side: int
    bars: tuple[Bar, ...]


def qr_code(text: str) -> QrCode:
    """Return the code of a text; a seventh of it may be covered or torn and it still reads (level M)."""
    matrix = segno.make_qr(text, error="m").matrix
    bars = tuple(bar for y, row in enumerate(matrix) for bar in _bars_of(row, y + QUIET))
    return QrCode(len(matrix) + 2 * QUIET, bars)


def _bars_of(row: bytearray, y: int) -> Iterator[Bar]:
    x = QUIET
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield Bar(x, y, length)
        x += length


def qr_svg(text: str) -> str:
    """Return an inline `<svg class="qr">` that takes the size of its place.

    It has no style attribute, which a content security policy of `style-src 'self'` would drop, and nothing of the
    text itself.
    """
    code = qr_code(text)
    path = "".join(f"M{bar.x} {bar.y}h{bar.length}v1h-{bar.length}z" for bar in code.bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {code.side} {code.side}" role="img"'
        ' aria-label="二维码" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{code.side}v{code.side}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_png(text: str, *, scale: int = 4) -> bytes:
    """Return the code as PNG, each module `scale` pixels wide, for spreadsheets."""
    output = io.BytesIO()
    segno.make_qr(text, error="m").save(output, kind="png", scale=scale, border=QUIET)
    return output.getvalue()
