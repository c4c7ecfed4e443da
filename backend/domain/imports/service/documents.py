"""The templates to fill in, and the list of what was found, as workbooks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.activities.rules.kinds import KINDS, Unit
from backend.domain.dispatch.rules import KIND_LABELS
from backend.domain.imports.models import SpreadsheetImport
from backend.domain.imports.rules.columns import Column, Formats, SheetFormat
from backend.domain.imports.rules.indicator_sheet import INDICATOR_FORMATS
from backend.domain.imports.rules.ledger_sheet import LEDGER_FORMATS
from backend.domain.imports.rules.sheets import FORMATS
from backend.domain.organisations.rules.titles import TITLES_BY_RANK

_TEXT = "@"
_DAY = "yyyy-mm-dd"
_FORMATS = {
    "occurred_on": _DAY,
    "month": "yyyy-mm",
    "starts_on": _DAY,
    "ends_on": _DAY,
    "born_on": _DAY,
    "longitude": "0.000000",
    "latitude": "0.000000",
}
_CHOICES: dict[str, dict[str, list[str]]] = {
    "organisations": {
        "kind": ["卫生健康局", "三级医院", "县级医院", "乡镇卫生院", "社区卫生服务中心", "村卫生室"],
    },
    "sites": {"system": ["GCJ-02", "WGS-84", "BD-09"]},
    "people": {"sex": ["男", "女"]},
    "dispatches": {"kind": list(KIND_LABELS.values()), "leads_team": ["是", "否"]},
    "activities": {"kind": [entry.label for entry in KINDS.values()], "unit": [unit.value for unit in Unit]},
}
_LAST_ROW = 5000
_RULES = (
    "四个工作表的名称和表头请勿改动；列的顺序可以变，不需要的列和工作表可以删去。以后可以只导入人员和派驻。",
    "带 * 的列必填。代码、工号、手机号、身份证后四位请保持“文本”格式，以免丢失开头的0。",
    "请不要合并单元格；公式请先复制并选择性粘贴为数值。",
    "导入前会先检查，列出每一处错误所在的工作表、行和列；有错误时全部不导入。",
    "表中没有的人员和派驻保持不变；空白或填“/”“无”的单元格不改动原有内容（“队长”空白为“否”）。再次导入时只更新有变化的内容。",
    "机构按机构代码、人员按机构代码和工号、派驻按人员、受援机构和开始日期对应原有记录。",
    "已有签到的派驻，新的星期安排从今天起生效；已提前结束或取消的派驻不会被花名册恢复。",
    f"角色：{'、'.join(ROLE_LABELS.values())}。可填多个，用顿号分开。",
    f"职称示例：{'、'.join(title for rank in TITLES_BY_RANK[1:] for title in rank[:2])}。",
)


_LEDGER_RULES = (
    "一行是一次活动；表头请勿改动，列的顺序可以变。可以按月份或年份分成几个工作表。",
    "带 * 的列必填。工号、机构代码请保持“文本”格式，以免丢失开头的0。",
    "日期写一天，如 2025-01-02。只有月份或一段日期的，请拆成几行，或写最后一天并在备注中说明。",
    "数量写整数；“20余”“约30”照写，会原样保留。没有上报的留空，0表示确实为0。",
    "以人次计的（门诊、查房）数量就是人次；讲座、培训等数量是次数，听课或参加的人填在“人次”列。",
    "合计、小计行会自动略过。请不要合并单元格；公式请先复制并选择性粘贴为数值。",
    "导入的记录计入统计，标为“台账导入”，不会显示为已会签。同一份台账再导入一次不会重复。",
    "导入前会先检查，列出每一处错误所在的工作表、行和列；有错误时全部不导入。",
    "支援医院不止一家时，请增加“支援医院机构代码”一列；也可以增加“姓名”一列与工号核对。",
    *(
        f"类别“{entry.label}”：数量以{entry.unit}计"
        + (f"；也可以写：{'、'.join(entry.words[:6])}" if entry.words else "")
        for entry in KINDS.values()
    ),
)


_INDICATOR_RULES = (
    "一行是一家机构的一个月；表头请勿改动，不需要的列可以删去。带 * 的列必填。",
    "没有上报的留空，不会改动原有数值；0表示确实为0。“20余”“约30”照写，会原样保留。",
    "业务收入以元计；以万元填报的，请把表头改为“业务收入（万元）”。",
    "也可以一行一个指标：用“指标”“数值”两列代替三个指标列。",
    "再次导入时只更新有变化的数值。导入前会先检查，有错误时全部不导入。",
)


def roster_template() -> bytes:
    """Return the .xlsx to fill in: the four sheets with their lists of choices, and a sheet that explains them."""
    return _template(FORMATS, _RULES)


def ledger_template() -> bytes:
    """Return the .xlsx to fill in with what was done."""
    return _template(LEDGER_FORMATS, _LEDGER_RULES)


def indicators_template() -> bytes:
    """Return the .xlsx to fill in with what organisations report of themselves by month."""
    return _template(INDICATOR_FORMATS, _INDICATOR_RULES)


def _template(formats: Formats, rules: Sequence[str]) -> bytes:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        for sheet_format in formats.values():
            _add_sheet(book, sheet_format)
        _add_explanations(book, formats, rules)
    return output.getvalue()


def _asked(sheet_format: SheetFormat) -> list[Column]:
    return [column for column in sheet_format.columns if column.asked]


def _add_sheet(book: Any, sheet_format: SheetFormat) -> None:
    sheet = book.add_worksheet(sheet_format.title)
    header = book.add_format({"bold": True, "bg_color": "#DCE9F5", "border": 1, "text_wrap": True})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(_asked(sheet_format)):
        sheet.set_column(place, place, 16, book.add_format({"num_format": _FORMATS.get(column.field, _TEXT)}))
        sheet.write_string(0, place, _title_of(column), header)
        if column.hint:
            sheet.write_comment(0, place, column.hint)
        choices = _CHOICES.get(sheet_format.kind, {}).get(column.field)
        if choices:
            sheet.data_validation(1, place, _LAST_ROW, place, {"validate": "list", "source": choices})


def _title_of(column: Column) -> str:
    unit = "(米)" if column.field == "radius_m" else ""
    return f"{column.headers[0]}{unit}{'*' if column.required else ''}"


def _add_explanations(book: Any, formats: Formats, rules: Sequence[str]) -> None:
    sheet = book.add_worksheet("说明")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 90, wrapped)
    row = 0
    for rule in rules:
        sheet.write_string(row, 0, "填写规则", bold)
        sheet.write_string(row, 2, rule, wrapped)
        row += 1
    for sheet_format in formats.values():
        row += 1
        for column in _asked(sheet_format):
            sheet.write_string(row, 0, sheet_format.title, bold)
            sheet.write_string(row, 1, column.headers[0])
            sheet.write_string(row, 2, f"{'必填。' if column.required else ''}{column.hint}", wrapped)
            row += 1


def findings_workbook(checked: SpreadsheetImport) -> bytes:
    """Return the errors and warnings of an import as an .xlsx, to work through beside the file."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("检查结果")
        bold = book.add_format({"bold": True})
        for place, (title, width) in enumerate(
            (("级别", 8), ("工作表", 14), ("行", 8), ("列", 6), ("表头", 18), ("问题和处理办法", 90), ("代码", 26))
        ):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        found = [("错误", finding) for finding in checked.report.get("errors", [])]
        found += [("提醒", finding) for finding in checked.report.get("warnings", [])]
        for number, (level, finding) in enumerate(found, start=1):
            texts = (level, finding["sheet"], finding["row"] or "", finding["column"], finding["header"])
            for place, text in enumerate((*texts, finding["message"], finding["code"])):
                sheet.write_string(number, place, str(text))
    return output.getvalue()
