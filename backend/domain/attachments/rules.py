"""What may be attached, how a file is called, and when two pictures are one."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from enum import StrEnum
from io import BytesIO
from typing import Final
from uuid import UUID

MAXIMUM_BYTES: Final = 8 * 1024 * 1024
UPLOADS_A_DAY: Final = 60  # of one person: nobody's disk is filled by one phone


class ContentType(StrEnum):
    """The kinds of files that are taken, told by what is in them and never by their name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


PICTURES: Final = frozenset({ContentType.JPEG, ContentType.PNG})
PAPERS: Final = PICTURES | {ContentType.PDF}  # what is signed, stamped or issued: never a document that can be edited
_SIGNATURES = (
    (b"\xff\xd8\xff", ContentType.JPEG),
    (b"\x89PNG\r\n\x1a\n", ContentType.PNG),
    (b"%PDF-", ContentType.PDF),
)
_ZIP = b"PK\x03\x04"
_MAIN_PARTS = {
    "ppt/presentation.xml": ContentType.PPTX,
    "word/document.xml": ContentType.DOCX,
    "xl/workbook.xml": ContentType.XLSX,
}
_MACROS = re.compile(r"(vbaproject\.bin|vbadata\.xml)$|^xl/macrosheets/", re.IGNORECASE)
_MOST_PARTS = 5000
MOST_UNPACKED: Final = (
    256 * 1024 * 1024
)  # bytes that the directory claims: what is more is made to fill somebody's memory
_ENDINGS = {
    ContentType.JPEG: ".jpg",
    ContentType.PNG: ".png",
    ContentType.PDF: ".pdf",
    ContentType.PPTX: ".pptx",
    ContentType.DOCX: ".docx",
    ContentType.XLSX: ".xlsx",
}
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
    if content.startswith(_ZIP):
        return _document_type(_parts_of(content))
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)


def has_macros(content: bytes) -> bool:
    """Tell whether a document brings programs along."""
    return content.startswith(_ZIP) and any(_MACROS.search(name) for name in _parts_of(content))


def _parts_of(content: bytes) -> frozenset[str]:
    """Return the names in the directory of a zip file, nothing of which is unpacked; none of what is not plausible."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return frozenset()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return frozenset()
    return frozenset(part.filename for part in parts)


def _document_type(parts: frozenset[str]) -> ContentType | None:
    if "[Content_Types].xml" not in parts:
        return None
    found = [kind for part, kind in _MAIN_PARTS.items() if part in parts]
    return found[0] if len(found) == 1 else None


def tidy_filename(given: str, content_type: ContentType) -> str:
    """Return a name that no path, header or reader can be misled by; it ends as what the file is."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    # Control marks, those that turn the direction of reading among them, lone surrogates, and quotes of headers.
    name = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C" and mark not in '"<>|:*?;%')
    stem = re.sub(r"\.(jpe?g|png|pdf|pptx|docx|xlsx)$", "", name.strip(), flags=re.IGNORECASE)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:_LONGEST_STEM].strip(" .")
    return (stem or "附件") + _ENDINGS[content_type]


MAXIMUM_PIXELS: Final = 50_000_000  # what the phones of today make at most; in memory four bytes each
LIKENESS_SIDE: Final = 16  # two bits for each of 16 × 16 spots: is it darker than its neighbours
_LEAST_TOLD = 24
SAME_SCENE_WITHIN: Final = 64  # of 512 bits: the same photograph, smaller, brighter or compressed anew
SAME_PAGE_WITHIN: Final = 40  # pages of one form look alike, filled in by whomever: seen from 62 on


def is_telling(bits: str) -> bool:
    """Tell whether a likeness says anything: a white page or a dark room looks like every other."""
    return _LEAST_TOLD <= bits.count("1") <= len(bits) - _LEAST_TOLD


class PictureCheck(StrEnum):
    """What WeChat says of a picture that others are to see."""

    EXEMPT = "exempt"  # no picture, or it came by the console, where nobody has an openid
    UNASKED = "unasked"  # nobody but its owner is to see it yet
    WAITING = "waiting"
    PASSED = "passed"
    REFUSED = "refused"


CHECK_LABELS: Final = {
    PictureCheck.EXEMPT: "无需审核",
    PictureCheck.UNASKED: "图片审核中",
    PictureCheck.WAITING: "图片审核中",
    PictureCheck.PASSED: "已通过审核",
    PictureCheck.REFUSED: "未通过审核",
}
OPEN_TO_OTHERS: Final = frozenset({PictureCheck.EXEMPT, PictureCheck.PASSED})
