"""What a file is, and how it is called."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attachments.rules import MOST_UNPACKED, ContentType, content_type_of, has_macros, tidy_filename
from tests.support.documents import DOCX, PPTX, XLSX, as_zip


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", ContentType.JPEG),
        (b"\x89PNG\r\n\x1a\nrest", ContentType.PNG),
        (b"%PDF-1.7", ContentType.PDF),
        (PPTX, ContentType.PPTX),
        (DOCX, ContentType.DOCX),
        (XLSX, ContentType.XLSX),
        (as_zip("word/document.xml"), None),
        (as_zip("[Content_Types].xml", "word/document.xml", "ppt/presentation.xml"), None),
        (as_zip("[Content_Types].xml", "word/document.xml", *(f"{n}.xml" for n in range(5000))), None),
        (DOCX[:-30], None),
        (b"PK\x03\x04", None),
        (b"\xd0\xcf\x11\xe0 of ten years ago", None),
        (b"<svg onload=alert(1)>", None),
        (b" %PDF-1.7", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: ContentType | None) -> None:
    assert content_type_of(content) is kind


def test_a_document_that_unpacks_to_gigabytes_is_none() -> None:
    large = as_zip("[Content_Types].xml", "xl/workbook.xml", "xl/media/1", content=bytes(MOST_UNPACKED // 2))
    assert content_type_of(large) is None


@pytest.mark.parametrize("part", ["ppt/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_are_seen_in_the_directory(part: str) -> None:
    assert has_macros(as_zip("[Content_Types].xml", "ppt/presentation.xml", part))
    assert not has_macros(PPTX)
    assert not has_macros(b"%PDF-1.7 vbaProject.bin")


@pytest.mark.parametrize(
    ("given_name", "tidy"),
    [
        ("病假条.JPEG", "病假条.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\照片\\诊断 证明.pdf", "诊断 证明.png"),
        ("看\u202egnp.exe", "看gnp.exe.png"),
        ('a"; filename="b.html', "a filename=b.html.png"),
        ("...", "附件.png"),
        ("", "附件.png"),
    ],
)
def test_a_name_keeps_what_a_reader_needs_and_ends_as_what_the_file_is(given_name: str, tidy: str) -> None:
    assert tidy_filename(given_name, ContentType.PNG) == tidy


@given(st.text(max_size=300))
def test_no_name_misleads_a_path_a_header_or_a_reader(name: str) -> None:
    tidy = tidy_filename(name, ContentType.PDF)
    assert tidy.endswith(".pdf")
    assert 5 <= len(tidy) <= 64
    assert not set(tidy) & set('/\\"\r\n\0')
    assert not any(unicodedata.category(mark)[0] == "C" for mark in tidy)
    assert tidy_filename(tidy, ContentType.PDF) == tidy
