"""The 鉴定表 as a Word document, for offices that sign, seal and file paper of their own."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Opened
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt
from docx.table import Table, _Cell

from backend.domain.careers.printing.evaluation import TITLE, Field, PrintedEvaluation, Section

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "宋体"
_COLUMNS = 6
_WIDTHS = (Cm(2.7), Cm(3.1)) * 3
_FIELD_HEIGHT = Cm(0.9)
_SEALED_HEIGHT = Cm(2.8)


def write_evaluation_docx(form: PrintedEvaluation) -> bytes:
    """Write the form; it says what the PDF says."""
    document = Document()
    _set_up(document)
    _line(document, TITLE, 18, bold=True)
    if not form.is_valid:
        _line(document, form.invalid_notice, 11, bold=True)
    table = document.add_table(rows=0, cols=_COLUMNS, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for fields in form.fields:
        _add_fields(table, fields)
    for section in form.sections:
        _add_section(table, section)
    _line(document, form.footer, 9)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Opened) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.8)
    normal = document.styles["Normal"]
    normal.font.name = _FONT
    normal.font.size = Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)  # what Word writes Chinese in
    document.core_properties.title = TITLE
    document.core_properties.author = "帮扶"


def _line(document: Opened, text: str, size: float, *, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)


def _add_fields(table: Table, fields: Sequence[Field]) -> None:
    """Add a row of labelled fields, each as wide as the others."""
    cells = _add_row(table, _FIELD_HEIGHT)
    span = _COLUMNS // len(fields)
    for number, (label, text) in enumerate(fields):
        first = number * span
        cells[first].text = label
        _merged(cells[first + 1], cells[first + span - 1]).text = text


def _add_section(table: Table, section: Section) -> None:
    cells = _add_row(table, _SEALED_HEIGHT if section.sealed else _FIELD_HEIGHT)
    cells[0].text = section.label
    cell = _merged(cells[1], cells[-1])
    cell.text = section.text
    if section.signature_line:
        paragraph = cell.add_paragraph(section.signature_line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_before = Pt(18)


def _add_row(table: Table, height: Length) -> tuple[_Cell, ...]:
    row = table.add_row()  # type: ignore[no-untyped-call]  # which python-docx left untyped
    row.height = height
    for cell in row.cells:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return tuple(row.cells)


def _merged(first: _Cell, last: _Cell) -> _Cell:
    return first if first is last else first.merge(last)
