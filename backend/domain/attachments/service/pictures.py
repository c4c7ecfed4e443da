"""Pictures: what they tell about where and when they were taken, how they look, and a copy that tells nothing.

Decoding is what a hostile file aims at: it is bounded by what the header says before a pixel is read.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import dhash
from PIL import ExifTags, Image, ImageOps

from backend.domain.attachments.errors import PictureBroken, PictureTooLarge
from backend.domain.attachments.rules import LIKENESS_SIDE, MAXIMUM_PIXELS, ContentType, is_telling
from backend.domain.organisations.rules.places import CoordinateSystem, Point, point_from
from backend.foundation import clock

Image.MAX_IMAGE_PIXELS = (
    None  # ours is smaller, an error, and looked at below for every picture that comes from outside
)
_WIDE_ENOUGH: Final = 3000  # a JPEG of twice as many pixels a side is read at half its size: faster, and legible
_QUALITY: Final = 85
_FIRST_YEAR: Final = 2010  # a camera whose clock was never set says an earlier one
# A picture in memory has up to 200 MB: one after the other, so that eight at once do not end the process.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A picture without what its camera wrote beside it, and that."""

    content: bytes
    taken_on: date | None
    place: Point | None
    likeness: str | None  # bits; pictures that look alike differ in few


def read_picture(content: bytes, content_type: ContentType) -> Picture:
    """Take a picture apart; the copy is upright, of the same kind, and holds pixels only.

    Raises:
        PictureTooLarge: it has more pixels than any camera here makes, or few bytes that claim to be many.
        PictureBroken: it cannot be decoded.
    """
    with _one_at_a_time:
        try:
            with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MAXIMUM_PIXELS:
                    raise PictureTooLarge
                return _taken_apart(opened, content_type)
        except PictureTooLarge:
            raise
        except Exception:  # decoders of broken files raise whatever they meet
            raise PictureBroken from None


def _taken_apart(picture: Image.Image, content_type: ContentType) -> Picture:
    taken_on, place = _told_by(picture)
    picture.draft(None, (_WIDE_ENOUGH, _WIDE_ENOUGH))
    ImageOps.exif_transpose(picture, in_place=True)
    picture.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    written = BytesIO()
    if content_type is ContentType.JPEG:
        plain = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        plain.save(written, "JPEG", quality=_QUALITY)
    else:
        picture.save(written, "PNG")
    return Picture(written.getvalue(), taken_on, place, _likeness_of(picture))


def _likeness_of(picture: Image.Image) -> str | None:
    side = LIKENESS_SIDE + 1
    plain = picture.convert("RGBA") if picture.mode in ("P", "PA") else picture  # whose colours are not in order
    grays = plain.convert("L").resize((side, side), Image.Resampling.LANCZOS)
    bits = format(dhash.dhash_int(list(grays.tobytes()), LIKENESS_SIDE), f"0{2 * LIKENESS_SIDE**2}b")
    return bits if is_telling(bits) else None


def _told_by(opened: Image.Image) -> tuple[date | None, Point | None]:
    """Return the day and the place that the camera wrote, None for what it did not, or wrote unreadably."""
    try:
        told = opened.getexif()
        return _day_of(told.get_ifd(ExifTags.IFD.Exif)), _place_of(told.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # as above
        return None, None


def _day_of(told: Mapping[int, Any]) -> date | None:
    said, offset = told.get(ExifTags.Base.DateTimeOriginal), told.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        taken_at = datetime.strptime(f"{said}{offset or '+08:00'}".replace("\0", ""), "%Y:%m:%d %H:%M:%S%z")
        taken_on = clock.local(taken_at).date()
    except (ValueError, OverflowError):
        return None
    return taken_on if taken_on.year >= _FIRST_YEAR else None


def _place_of(told: Mapping[int, Any]) -> Point | None:
    try:
        longitude = _degrees(told[ExifTags.GPS.GPSLongitude], told[ExifTags.GPS.GPSLongitudeRef] == "W")
        latitude = _degrees(told[ExifTags.GPS.GPSLatitude], told[ExifTags.GPS.GPSLatitudeRef] == "S")
    except (LookupError, TypeError, ValueError, ZeroDivisionError):
        return None
    is_place = abs(longitude) <= 180 and abs(latitude) <= 90 and (longitude, latitude) != (0, 0)
    return point_from(longitude, latitude, CoordinateSystem.WGS_84) if is_place else None


def _degrees(told: Any, is_negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in told)
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found):
        raise ValueError
    return -found if is_negative else found
