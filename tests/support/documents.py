"""Documents of office programs that tests upload: their parts are named, and hold next to nothing."""

from __future__ import annotations

import zipfile
from io import BytesIO


def as_zip(*parts: str, content: bytes = b"<x/>") -> bytes:
    """Return a zip file of these parts."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in parts:
            packed.writestr(part, content)
    return written.getvalue()


PPTX = as_zip("[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml", "ppt/slides/slide1.xml")
DOCX = as_zip("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = as_zip("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
