"""Files that are no workbook, or would fill the memory."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest

from backend.foundation.workbooks.container import column_letter, examine_sheets, look_into_container
from backend.foundation.workbooks.errors import WorkbookUnreadable
from tests.imports.reading import codes, read
from tests.imports.workbooks import SAMPLE, roster, saved, with_member


def ole(marker: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + marker


def zipped(**members: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook_empty"),
        (ole(), "workbook_old_format"),
        (ole("EncryptedPackage".encode("utf-16-le")), "workbook_password"),
        ("机构代码,工号,姓名\n9901,A1,吕芬春\n".encode(), "workbook_is_text"),
        ("机构代码,工号,姓名\n9901,A1,吕芬春\n".encode("gb18030"), "workbook_is_text"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "workbook_is_text"),
        (bytes(range(256)) * 20, "workbook_unreadable"),
        (SAMPLE[:3000], "workbook_damaged"),
        (zipped(**{"word/document.xml": b"<w/>"}), "workbook_unreadable"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "workbook_old_format"),
        (SAMPLE + bytes(21 * 1024 * 1024), "workbook_too_large"),
    ],
    ids=["empty", "xls", "password", "csv", "csv-gbk", "html", "noise", "cut", "docx", "ods", "large"],
)
def test_what_is_no_xlsx_is_told_by_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(WorkbookUnreadable) as refused:
        look_into_container(content)

    assert refused.value.code == code


def test_a_workbook_cut_inside_is_damaged() -> None:
    broken = bytearray(SAMPLE)
    start = SAMPLE.index(b"xl/worksheets/sheet3.xml") + 100
    broken[start : start + 200] = bytes(200)

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(bytes(broken))


def test_a_bomb_is_refused_by_its_directory() -> None:
    bomb = zipped(**{"xl/workbook.xml": b"<workbook/>"})
    with_size = bomb.replace(struct.pack("<I", 11), struct.pack("<I", 2_000_000_000))

    with pytest.raises(WorkbookUnreadable, match="workbook_too_large"):
        look_into_container(with_size)


def test_a_bomb_that_lies_about_its_size_is_refused_before_it_is_unpacked() -> None:
    honest = with_member(SAMPLE, "xl/styles.xml", lambda body: bytes(50_000_000))
    info = zipfile.ZipFile(io.BytesIO(honest)).getinfo("xl/styles.xml")
    lying = honest.replace(
        struct.pack("<II", info.compress_size, 50_000_000), struct.pack("<II", info.compress_size, 9)
    )
    assert lying != honest

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(lying)


def test_entities_are_refused() -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    bomb = with_member(
        SAMPLE, "xl/worksheets/sheet1.xml", lambda body: body.replace(b"<worksheet", declared + b"<worksheet")
    )

    with pytest.raises(WorkbookUnreadable, match="workbook_damaged"):
        examine_sheets(bomb)


def test_a_stray_cell_at_the_far_corner_is_named_instead_of_filling_the_memory() -> None:
    def stray(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["XFD1048576"] = "."

    _, findings = read(roster(change=stray))

    assert [(finding.code, finding.sheet) for finding in findings.errors] == [("sheet_too_large", "人员")]
    assert "1048576" in findings.errors[0].message


def test_formatted_cells_without_values_far_down_do_not_matter() -> None:
    def dress(workbook: openpyxl.Workbook) -> None:
        workbook["人员"].cell(200_000, 3).number_format = "@"

    _, findings = read(roster(change=dress))

    assert codes(findings) == []


@pytest.mark.parametrize(("number", "format_of_cell"), [(-1e300, "yyyy-mm-dd"), (13807784483, "[h]:mm")])
def test_a_number_that_no_date_or_time_can_be_is_refused(number: float, format_of_cell: str) -> None:
    def far(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["E2"] = number
        workbook["人员"]["E2"].number_format = format_of_cell

    with pytest.raises(WorkbookUnreadable, match="workbook_number_unreadable"):
        read(roster(change=far))


def test_columns_are_called_as_excel_calls_them() -> None:
    assert [column_letter(number) for number in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_a_workbook_of_ordinary_origin_passes() -> None:
    assert set(examine_sheets(saved(openpyxl.load_workbook(io.BytesIO(SAMPLE))))) == {"机构", "派驻点", "人员", "派驻"}
