"""Small rosters to spoil: rows as {header: value}, made into workbooks by openpyxl."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SAMPLE = (Path(__file__).parent / "data" / "roster.xlsx").read_bytes()
Values = dict[str, Any]


def organisation(code: str, name: str, kind: str, parent: str = "", **more: Any) -> Values:
    return {"机构代码": code, "机构名称": name, "类型": kind, "上级机构代码": parent, **more}


def site(code: str = "9910", name: str = "院本部", **more: Any) -> Values:
    defaults = {"机构代码": code, "派驻点名称": name, "经度": 103.2, "纬度": 27.3, "坐标系": "GCJ-02", "半径(米)": 300}
    return {**defaults, **more}


def person(number: str = "A1", code: str = "9901", **more: Any) -> Values:
    telephone = "138" + "".join(str(ord(letter) % 10) for letter in f"{code}{number}")[-8:].rjust(8, "0")
    defaults = {
        "机构代码": code,
        "工号": number,
        "姓名": "吕芬春",
        "性别": "男",
        "出生年月": date(1982, 3, 13),
        "职称": "主治医师",
        "科室": "内科",
        "手机号": telephone,
        "身份证后四位": "8313",
        "角色": "派驻人员",
    }
    return {**defaults, **more}


def dispatch(number: str = "A1", to: str = "9910", **more: Any) -> Values:
    defaults = {
        "派出机构代码": "9901",
        "工号": number,
        "受援机构代码": to,
        "派驻点名称": "",
        "类型": "长期派驻",
        "开始日期": date(2026, 9, 1),
        "结束日期": date(2027, 2, 28),
        "星期": "",
        "接收科室": "内科",
        "批次": "2026年下半年",
        "队长": "否",
        "例外说明": "",
    }
    return {**defaults, **more}


ORGANISATIONS = (
    organisation("9900", "云岭县卫生健康局", "卫生健康局"),
    organisation("9901", "云岭县人民医院", "县级医院", "9900", 等级="二级甲等"),
    organisation("9910", "青石镇中心卫生院", "乡镇卫生院", "9900"),
    organisation("9911", "元坝镇中心卫生院", "乡镇卫生院", "9900"),
)
SITES = (site("9910"), site("9910", "河西分院", 经度=103.26), site("9911", 经度=103.5))


def book(change: Callable[[openpyxl.Workbook], None] | None = None, **sheets: Iterable[Iterable[Any]]) -> bytes:
    """Return a workbook of these sheets, given row by row; `change` spoils it before it is saved."""
    workbook = openpyxl.Workbook()
    assert isinstance(workbook.active, Worksheet)
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(workbook)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def table(rows: Iterable[Values]) -> list[list[Any]]:
    """Return a header row and the rows below it."""
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    return [headers, *([row.get(header, "") for header in headers] for row in rows)]


def roster(
    *,
    organisations: Iterable[Values] = ORGANISATIONS,
    sites: Iterable[Values] = SITES,
    people: Iterable[Values] = (person(),),
    dispatches: Iterable[Values] = (dispatch(),),
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """Return a roster that is right, but for what a test gives."""
    given = {"机构": organisations, "派驻点": sites, "人员": people, "派驻": dispatches}
    return book(change, **{name: table(rows) for name, rows in given.items() if rows})


def with_member(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one member of its zip rewritten."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            body = before.read(info)
            after.writestr(info.filename, change(body) if info.filename == name else body)
    return output.getvalue()
