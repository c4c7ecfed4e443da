"""A picture in place of a mini-program code: a real PNG, another one for every scene."""

from __future__ import annotations

import hashlib
import struct
import zlib

_SIDE = 32  # squares
_SCALE = 12  # pixels a square


def draw(text: str) -> bytes:
    """Return a PNG of black and white squares that depend on the text."""
    squares = hashlib.shake_128(text.encode()).digest(_SIDE * _SIDE // 8)
    rows = bytearray()
    for y in range(_SIDE):
        bits = int.from_bytes(squares[y * _SIDE // 8 : (y + 1) * _SIDE // 8], "big")
        pixels = b"".join((b"\xff" if bits >> x & 1 else b"\x00") * _SCALE for x in range(_SIDE))
        rows += (b"\x00" + pixels) * _SCALE
    side = _SIDE * _SCALE
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(rows))), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
