"""What may be attached."""

from __future__ import annotations

from enum import StrEnum

MAXIMUM_BYTES = 8 * 1024 * 1024


class ContentType(StrEnum):
    """The kinds of files that are taken, told by their first bytes and never by their name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


_SIGNATURES = (
    (b"\xff\xd8\xff", ContentType.JPEG),
    (b"\x89PNG\r\n\x1a\n", ContentType.PNG),
    (b"%PDF-", ContentType.PDF),
)


def content_type_of(content: bytes) -> ContentType | None:
    """Return what a file is, None when it is nothing that may be attached."""
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
