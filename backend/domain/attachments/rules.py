"""What may be attached, and how a file is called."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final
from uuid import UUID

MAXIMUM_BYTES: Final = 8 * 1024 * 1024
UPLOADS_A_DAY: Final = 40  # of one person: nobody's disk is filled by one phone


class ContentType(StrEnum):
    """The kinds of files that are taken, told by their first bytes and never by their name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


PICTURES: Final = frozenset({ContentType.JPEG, ContentType.PNG})
_SIGNATURES = (
    (b"\xff\xd8\xff", ContentType.JPEG),
    (b"\x89PNG\r\n\x1a\n", ContentType.PNG),
    (b"%PDF-", ContentType.PDF),
)
_ENDINGS = {ContentType.JPEG: ".jpg", ContentType.PNG: ".png", ContentType.PDF: ".pdf"}
_LONGEST_STEM = 60
FOLDER: Final = "attachments/"


def storage_key(attachment_id: UUID) -> str:
    """Return under what key the storage has a file; ids begin alike, so that their ends spread them over folders."""
    return f"{FOLDER}{attachment_id.hex[-2:]}/{attachment_id.hex}"


def id_in_key(key: str) -> UUID | None:
    """Return whose content an object is, None for what was put there by no one of ours."""
    try:
        attachment_id = UUID(hex=key.rsplit("/", 1)[-1])
    except ValueError:
        return None
    return attachment_id if storage_key(attachment_id) == key else None


def content_type_of(content: bytes) -> ContentType | None:
    """Return what a file is, None when it is nothing that may be attached."""
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)


def tidy_filename(given: str, content_type: ContentType) -> str:
    """Return a name that no path, header or reader can be misled by; it ends as what the file is."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    # Control marks, those that turn the direction of reading among them, lone surrogates, and quotes of headers.
    name = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C" and mark not in '"<>|:*?;%')
    stem = re.sub(r"\.(jpe?g|png|pdf)$", "", name.strip(), flags=re.IGNORECASE)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:_LONGEST_STEM].strip(" .")
    return (stem or "附件") + _ENDINGS[content_type]
