"""What is taken out of pictures, and which are refused before they are decoded."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageEnhance, PngImagePlugin

from backend.domain.attachments.errors import PictureBroken, PictureTooLarge
from backend.domain.attachments.rules import (
    MAXIMUM_PIXELS,
    SAME_PAGE_WITHIN,
    SAME_SCENE_WITHIN,
    ContentType,
    is_telling,
)
from backend.domain.attachments.service.pictures import Picture, read_picture
from backend.domain.organisations.rules.places import Point, distance_m, gcj02_from_wgs84
from tests.support.pictures import PNG, as_jpeg, as_png, bomb, draw_scene, photograph

NOON = datetime(2026, 11, 3, 12, 30)  # noqa: DTZ001 - as cameras write it
VILLAGE = (102.8329, 24.8801)


def read(content: bytes, kind: ContentType = ContentType.JPEG) -> Picture:
    return read_picture(content, kind)


def opened(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.content))


def test_day_and_place_are_told_and_the_copy_tells_nothing() -> None:
    content = photograph(taken_at=NOON, place=VILLAGE)
    assert b"Bangfu" in content
    picture = read(content)
    assert picture.taken_on == date(2026, 11, 3)
    assert picture.place is not None
    assert distance_m(picture.place, gcj02_from_wgs84(Point(*VILLAGE))) < 1
    assert dict(opened(picture).getexif()) == {}
    assert set(opened(picture).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Exif" not in picture.content
    assert b"Bangfu" not in picture.content


def test_what_programs_write_into_a_picture_goes_too() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "patient Li")
    told = Image.Exif()
    told[ExifTags.Base.Make] = "Bangfu"
    png = as_png(draw_scene())
    written = BytesIO()
    Image.open(BytesIO(png)).save(written, "PNG", pnginfo=notes, exif=told)
    for content, kind in (
        (written.getvalue() + b"patient Li", ContentType.PNG),
        (as_jpeg(draw_scene(), comment=b"patient Li") + b"patient Li", ContentType.JPEG),
    ):
        kept = read(content, kind).content
        assert b"patient Li" not in kept
        assert b"Bangfu" not in kept


def test_a_plain_picture_is_kept_as_it_is() -> None:
    assert read(PNG, ContentType.PNG).content == PNG


def test_a_picture_is_turned_upright() -> None:
    lying = read(photograph(orientation=6, size=(400, 300)))
    assert opened(lying).size == (300, 400)
    assert opened(lying).getexif().get(ExifTags.Base.Orientation) is None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"DateTimeOriginal": "2026:11:03 23:30:00", "OffsetTimeOriginal": "+00:00"}, date(2026, 11, 4)),
        ({"DateTimeOriginal": "2000:01:01 00:00:00"}, None),  # a clock that was never set
        ({"DateTimeOriginal": "yesterday"}, None),
        ({}, None),
    ],
)
def test_a_day_is_chinas_and_one_that_cannot_be_is_none(said: dict[str, str], day: date | None) -> None:
    told = Image.Exif()
    told.get_ifd(ExifTags.IFD.Exif).update({ExifTags.Base[name]: value for name, value in said.items()})
    assert read(as_jpeg(draw_scene(), exif=told)).taken_on == day


def test_a_place_that_cannot_be_is_none() -> None:
    for place in ((0.0, 0.0), (200.0, 95.0)):
        assert read(photograph(place=place)).place is None


@pytest.mark.parametrize("size", [(60_000, 60_000), (1_000_000, 51), (MAXIMUM_PIXELS + 1, 1)])
def test_a_decompression_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge) as caught:
        read(bomb(*size), ContentType.PNG)
    assert (caught.value.status, caught.value.code) == (422, "picture_too_large")


@pytest.mark.parametrize(
    "content",
    [
        PNG[:-200],
        bomb(900, 900),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        photograph()[:2000],
        b"\xff\xd8\xff\xe0" + bytes(500),
    ],
)
def test_a_broken_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PictureBroken):
        read(content, ContentType.PNG)


def test_an_enormous_photograph_is_kept_at_half_its_size() -> None:
    large = Image.new("L", (6400, 6000), 90)
    assert opened(read(as_jpeg(large))).size == (3200, 3000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_any_colours_are_read(mode: str) -> None:
    picture = draw_scene().convert("L").convert("I;16") if mode == "I;16" else draw_scene().convert(mode)
    content, kind = (as_jpeg(picture), ContentType.JPEG) if mode == "CMYK" else (as_png(picture), ContentType.PNG)
    assert opened(read(content, kind)).size == (400, 300)


def bits_apart(one: Picture, other: Picture) -> int:
    assert one.likeness is not None
    assert other.likeness is not None
    return (int(one.likeness, 2) ^ int(other.likeness, 2)).bit_count()


def test_a_photograph_that_was_made_smaller_brighter_and_another_kind_looks_the_same() -> None:
    scene = draw_scene(7, (1200, 900))
    again = ImageEnhance.Brightness(scene.resize((600, 450))).enhance(1.1)
    one = read(as_jpeg(scene))
    assert bits_apart(one, read(as_jpeg(again, quality=50))) <= SAME_PAGE_WITHIN
    assert bits_apart(one, read(as_png(again), ContentType.PNG)) <= SAME_PAGE_WITHIN


def test_other_photographs_look_different() -> None:
    pictures = [read(as_jpeg(draw_scene(seed))) for seed in range(6)]
    apart = [bits_apart(one, other) for one in pictures for other in pictures if one is not other]
    assert min(apart) > 2 * SAME_SCENE_WITHIN


def test_a_white_page_looks_like_nothing() -> None:
    assert read(as_png(Image.new("RGB", (400, 300), "white")), ContentType.PNG).likeness is None
    assert not is_telling("0" * 500 + "1" * 12)
