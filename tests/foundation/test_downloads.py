"""The name of a file on its way out."""

from __future__ import annotations

from backend.foundation.downloads import content_disposition


def test_a_chinese_name_goes_as_utf8_beside_one_that_everybody_reads() -> None:
    told = content_disposition("病假 条.jpg")
    assert told == "attachment; filename=\"file.jpg\"; filename*=UTF-8''%E7%97%85%E5%81%87%20%E6%9D%A1.jpg"
    assert content_disposition("照片.png", inline=True).startswith('inline; filename="file.png"')


def test_no_name_ends_the_header_early() -> None:
    told = content_disposition('a";\r\nSet-Cookie: x=1; b.pdf')
    assert "\r" not in told
    assert "\n" not in told
    assert told.count('"') == 2
