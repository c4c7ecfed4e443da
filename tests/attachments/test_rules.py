"""What a file is, and how it is called."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.attachments.rules import ContentType, content_type_of, tidy_filename


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", ContentType.JPEG),
        (b"\x89PNG\r\n\x1a\nrest", ContentType.PNG),
        (b"%PDF-1.7", ContentType.PDF),
        (b"<svg onload=alert(1)>", None),
        (b" %PDF-1.7", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: ContentType | None) -> None:
    assert content_type_of(content) is kind


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
