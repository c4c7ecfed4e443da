"""Pictures that tests upload: drawn here, with what a camera would write into them."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFilter


def draw_scene(seed: int = 1, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Return a picture as different from that of another seed as two photographs are."""
    chance, (width, height) = random.Random(seed), size
    scene = Image.new("RGB", size, _colour(chance))
    pen = ImageDraw.Draw(scene)
    for _ in range(40):
        left, top = chance.randrange(width), chance.randrange(height)
        right, bottom = left + chance.randrange(5, width // 3), top + chance.randrange(5, height // 3)
        pen.ellipse((left, top, right, bottom), fill=_colour(chance))
    return scene.filter(ImageFilter.GaussianBlur(2))


def as_png(picture: Image.Image) -> bytes:
    return _written(picture, "PNG")


def as_jpeg(picture: Image.Image, **more: Any) -> bytes:
    return _written(picture, "JPEG", **more)


def photograph(
    seed: int = 1,
    *,
    taken_at: datetime | None = None,
    place: tuple[float, float] | None = None,
    size: tuple[int, int] = (400, 300),
    orientation: int = 1,
) -> bytes:
    """Return a JPEG as a phone writes it; place: longitude and latitude in WGS-84."""
    told = Image.Exif()
    told[ExifTags.Base.Make] = "Bangfu"
    told[ExifTags.Base.Orientation] = orientation
    if taken_at is not None:
        told.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if place is not None:
        told.get_ifd(ExifTags.IFD.GPSInfo).update(_position(*place))
    return as_jpeg(draw_scene(seed, size), exif=told)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few hundred bytes that says that it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9000))) + chunk(b"IEND", b"")
    )


def _position(longitude: float, latitude: float) -> dict[int, Any]:
    return {
        ExifTags.GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        ExifTags.GPS.GPSLatitude: _sexagesimal(abs(latitude)),
        ExifTags.GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        ExifTags.GPS.GPSLongitude: _sexagesimal(abs(longitude)),
    }


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 3)


def _written(picture: Image.Image, kind: str, **more: Any) -> bytes:
    written = BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


PNG = as_png(draw_scene(size=(40, 30)))
"""A small picture that is kept as it is: it holds nothing but pixels."""
