"""Text on paper: broken and shrunk to fit, never lost; and QR codes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.foundation.paper import Box, Paper
from backend.foundation.qr import QUIET, qr_code, qr_png, qr_svg
from backend.foundation.typesetting import LINE_HEIGHT, fit, font, lacking, printable, width_of, wrap
from tests.support.printed import pages_of

texts = st.text(st.sampled_from("王小萌乡卫生院（）“”，。、·AB12 -=龘㛃𬱖"), min_size=1, max_size=120)


@given(text=texts, width=st.floats(14, 300))
def test_broken_lines_keep_every_character_and_the_width(text: str, width: float) -> None:
    lines = wrap(text, width, 10)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 10) <= width for line in lines)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    lines = wrap("已由受援单位（青石乡卫生院）确认，补签。", 45, 9)
    assert len(lines) > 3
    assert not any(line[0] in "），。" for line in lines)
    assert not any(line[-1] in "（" for line in lines)


def test_a_word_of_latin_letters_stays_whole_where_it_can() -> None:
    assert wrap("见说明EX-2026-0001号", 75, 9) == ["见说明", "EX-2026-0001号"]


@given(text=texts, width=st.floats(20, 200), height=st.floats(8, 40))
def test_what_is_fitted_stays_within_its_box(text: str, width: float, height: float) -> None:
    fitted = fit(text, width, height, size=12)
    assert all(width_of(line, fitted.size) <= width for line in fitted.lines)
    assert len(fitted.lines) * fitted.size * LINE_HEIGHT <= max(height, fitted.size * LINE_HEIGHT)
    shown = "".join(fitted.lines).replace(" ", "")
    assert shown == text.replace(" ", "") if fitted.whole else shown.endswith("…")


def test_the_font_has_all_of_gb_2312_and_every_unified_ideograph_of_the_first_block_and_extension_a() -> None:
    leads, trails = range(0xB0, 0xF8), range(0xA1, 0xFF)
    gb_2312 = b"".join(bytes((lead, trail)) for lead in leads for trail in trails).decode("gb2312", errors="ignore")
    assert len(gb_2312) > 6700
    ideographs = "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))))
    assert lacking(gb_2312 + ideographs) == []


def test_a_character_that_the_font_lacks_is_shown_and_told() -> None:
    assert printable("王𰻝明") == "王〓明"
    assert lacking("王𰻝明𰻝") == ["𰻝"]


def test_what_is_no_character_leaves_no_trace() -> None:
    assert printable("王\u202e小\ufeff萌\U000e0100\t一") == "王小萌 一"


def test_a_pdf_embeds_the_only_font_that_it_names_and_gives_its_text_back() -> None:
    paper = Paper("试印")
    paper.text(50, 50, "王㛃𬱖 AB", 12)
    (page,) = pages_of(paper.to_pdf())
    assert page.text == "王㛃𬱖 AB"
    assert page.fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in page.fonts)


def test_the_same_drawing_makes_the_same_bytes() -> None:
    def draw() -> bytes:
        paper = Paper("试印", landscape=True)
        paper.cell(Box(0, 0, 100, 30), "临江县人民医院", 12)
        paper.qr(Box(100, 100, 60, 60), "https://example.org/1")
        return paper.to_pdf()

    assert draw() == draw()


def test_the_font_is_loaded_once() -> None:
    assert font() is font()


def test_a_code_has_white_around_it_and_the_same_modules_as_bars_svg_and_png() -> None:
    code = qr_code("https://example.org/kaoqin")
    dark = {(bar.x + step, bar.y) for bar in code.bars for step in range(bar.length)}
    inside = range(QUIET, code.side - QUIET)
    assert all(x in inside and y in inside for x, y in dark)
    # The finder pattern: a ring of seven around a block of three.
    row = [(QUIET + x, QUIET) in dark for x in range(8)]
    assert row == [True] * 7 + [False]
    drawn = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", qr_svg("https://example.org/kaoqin"))
    assert {(int(x) + step, int(y)) for x, y, length in drawn for step in range(int(length))} == dark
    png = qr_png("https://example.org/kaoqin", scale=3)
    assert int.from_bytes(png[16:20]) == 3 * code.side


def test_other_texts_make_other_codes() -> None:
    assert qr_code("a").bars != qr_code("b").bars


@pytest.mark.parametrize("text", ["<script>", "王小萌"])
def test_a_code_in_a_page_needs_no_style_and_shows_no_text(text: str) -> None:
    svg = qr_svg(text)
    assert "style" not in svg
    assert text not in svg
