"""The rows of a small table that others' software wrote, as CSV or as a workbook: values, nothing read into them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from backend.foundation.workbooks.container import examine_sheets
from backend.foundation.workbooks.errors import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookIsText,
    WorkbookNumberUnreadable,
    WorkbookTooLarge,
    WorkbookUnreadable,
)

Row = Sequence[Any]  # texts, numbers, days, instants
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",\t;|"
_LOOKED_AT = 4096  # characters, to tell the delimiter by


def read_table(content: bytes, *, most_bytes: int, most_rows: int) -> list[Row]:
    """Return the rows of a CSV (UTF-8, GB 18030 or UTF-16), or of the first sheet of an .xlsx that shows something.

    Row 1 of the file is the first: who tells of a row can name it as people count.

    Raises:
        WorkbookUnreadable: a subclass that says why.
    """
    if not content.strip():
        raise WorkbookEmpty
    if len(content) > most_bytes:
        raise WorkbookTooLarge(f"文件过大：最大{most_bytes // 1024 // 1024} MB，请确认选对了文件。")
    rows = _sheet_rows(content, most_rows) if content.startswith(_WORKBOOKS) else _text_rows(_decoded(content))
    if len(rows) > most_rows:
        raise WorkbookTooLarge(f"文件过大：最多{most_rows}行，请确认选对了文件。")
    return rows


@contextmanager
def calamine_at_work() -> Iterator[None]:
    """Turn what calamine cannot read into a refusal; it panics, beyond Exception, at a date cell of -1e300."""
    try:
        yield
    except CalamineError:
        raise WorkbookDamaged from None
    except OverflowError:
        raise WorkbookNumberUnreadable from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookNumberUnreadable from None


def _sheet_rows(content: bytes, most_rows: int) -> list[Row]:
    shapes = examine_sheets(content)
    with calamine_at_work():
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in workbook.sheets_metadata:
            shape = shapes.get(meta.name)
            if shape is None or not shape.rows or meta.visible is not SheetVisibleEnum.Visible:
                continue
            if not shape.fits or shape.rows > most_rows:
                raise WorkbookTooLarge(f"文件过大：最多{most_rows}行，请确认选对了文件。")
            return list(workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False))
    raise WorkbookEmpty


def _decoded(content: bytes) -> str:
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip().startswith("<"):
            raise WorkbookIsText
        return text
    raise WorkbookUnreadable


def _text_rows(text: str) -> list[Row]:
    head = text[:_LOOKED_AT]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error:
        raise WorkbookUnreadable from None
