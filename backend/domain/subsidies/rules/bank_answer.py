"""What a bank says became of payments: its headers, words, sums and days as banks write them."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.subsidies.errors.bank_answers import AnswerEmpty, AnswerWithoutColumns, LineProblem
from backend.domain.subsidies.rules.payments import REFERENCES_BEGIN, safe_reason, same_reference
from backend.foundation.money import NotMoney, fen_of


class Column(StrEnum):
    """What a column holds."""

    REFERENCE = "流水号"
    AMOUNT = "金额"
    RESULT = "结果"
    DAY = "日期"
    REASON = "原因"
    BANK_REFERENCE = "银行流水号"


# As headers are written, the more telling first; of two that fit the first in this order is read.
_HEADERS: Mapping[Column, tuple[str, ...]] = {
    Column.REFERENCE: (
        *("流水号", "业务流水号", "企业流水号", "客户流水号", "商户流水号", "单位流水号", "代发流水号", "明细流水号"),
        *("业务参考号", "参考号", "业务编号", "企业业务编号", "明细编号", "附言", "用途"),
    ),
    Column.AMOUNT: ("实发金额", "发放金额", "代发金额", "交易金额", "处理金额", "入账金额", "金额", "发生额"),
    Column.RESULT: (
        *("结果", "处理结果", "交易结果", "发放结果", "代发结果", "入账结果"),
        *("处理状态", "交易状态", "发放状态", "代发状态", "入账状态", "状态"),
    ),
    Column.DAY: (
        "到账日期",
        "入账日期",
        "处理日期",
        "交易日期",
        "发放日期",
        "记账日期",
        "日期",
        "交易时间",
        "处理时间",
    ),
    Column.REASON: (
        *(
            "失败原因",
            "原因",
            "退回原因",
            "退票原因",
            "错误信息",
            "处理信息",
            "返回信息",
            "错误描述",
            "银行摘要",
            "备注",
        ),
    ),
    Column.BANK_REFERENCE: ("银行流水号", "核心流水号", "交易流水号", "回单号", "凭证号"),
}
_NEEDED = (Column.REFERENCE, Column.AMOUNT, Column.RESULT, Column.DAY)
_HEADER_WITHIN_ROWS = 30
_BELOW_THE_TABLE = (
    "合计",
    "总计",
    "小计",
    "总笔数",
    "总金额",
    "成功笔数",
    "失败笔数",
    "制表",
    "打印",
    "说明",
    "经办",
    "复核",
)
_PAID = {"成功", "已入账", "已到账", "已发放", "已付款", "S", "SUCCESS", "SUCC", "OK", "Y"}
_FAILED = {"F", "FAIL", "FAILED", "FAILURE", "N", "未入账", "未到账"}
_SAYS_FAILED = re.compile(r"失败|[不未没非]\w{0,2}成功|退[回票汇]|拒[绝付]|冲[正账]")
_NOT_YET = re.compile(r"处理中|待处理|未处理|受理|部分|可疑|未知")
_DAY = re.compile(r"(20\d{2})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[\sT].*|\d{6})?", re.ASCII)
_EXCELS_FIRST_DAY = date(1899, 12, 30)
_SERIAL_DAYS = range(36_526, 73_050)  # of 2000 to 2099
_CURRENCY = re.compile(r"^(?:人民币|CNY|RMB)|(?:人民币|CNY|RMB)$")
_QUOTABLE = re.compile(r"[^\W\d]{1,8}")


@dataclass(frozen=True)
class AnswerLine:
    """What the bank says of one payment."""

    row: int  # as people count, from 1
    reference: str  # as same_reference writes it
    amount_fen: int
    is_paid: bool
    day: date | None
    reason: str = ""
    bank_reference: str = ""


def read_answer(rows: Sequence[Sequence[Any]]) -> tuple[list[AnswerLine], list[LineProblem]]:
    """Return what the rows of a bank's table say, and what is wrong with them.

    Raises:
        AnswerWithoutColumns: no row near the top names what is needed.
        AnswerEmpty: nothing stands below it.
    """
    header, columns = _find_header(rows)
    lines: list[AnswerLine] = []
    problems: list[LineProblem] = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {column: row[place] if place < len(row) else "" for column, place in columns.items()}
        if _is_beside_the_table(row, cells):
            continue
        read = _read_line(number, cells)
        (lines if isinstance(read, AnswerLine) else problems).append(read)  # type: ignore[arg-type]
    if not lines and not problems:
        raise AnswerEmpty
    return lines, [*problems, *_repeated(lines)]


def fingerprint(lines: Iterable[AnswerLine]) -> str:
    """Return a hash of what an answer says, whatever file it came in: SHA-256 in hexadecimal."""
    said = sorted(
        f"{line.reference}|{line.amount_fen}|{line.is_paid}|{line.day}|{line.reason}|{line.bank_reference}"
        for line in lines
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _find_header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[Column, int]]:
    best: dict[Column, int] = {}
    for number, row in enumerate(rows[:_HEADER_WITHIN_ROWS]):
        columns = _columns_of([_header_text(cell) for cell in row])
        if all(column in columns for column in _NEEDED):
            return number, columns
        best = max(best, columns, key=len)
    raise AnswerWithoutColumns([column for column in _NEEDED if column not in best] if len(best) > 1 else ())


def _columns_of(headers: Sequence[str]) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for column, names in _HEADERS.items():
        place = next((headers.index(name) for name in names if name in headers), None)
        if place is not None:
            found[column] = place
    return found


def _header_text(cell: Any) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)))
    return re.sub(r"\((?:元|人民币|必填|.{0,6}元)\)|:$", "", text)


def _is_beside_the_table(row: Sequence[Any], cells: Mapping[Column, Any]) -> bool:
    first = next((text for cell in row if (text := _text(cell))), "")
    is_ours = same_reference(_text(cells[Column.REFERENCE])).startswith(REFERENCES_BEGIN)
    return not first or (first.startswith(_BELOW_THE_TABLE) and not is_ours)


def _read_line(number: int, cells: Mapping[Column, Any]) -> AnswerLine | LineProblem:
    reference = same_reference(_text(cells[Column.REFERENCE]))
    amount = _amount(cells[Column.AMOUNT])
    is_paid = _result(_text(cells[Column.RESULT]))
    day = _day(cells[Column.DAY])
    reason = safe_reason(_text(cells.get(Column.REASON, "")))
    if not reference:
        return LineProblem(number, "没有流水号。")
    if amount is None:
        return LineProblem(number, "金额无法识别，应为元，最多两位小数。")
    if is_paid is None:
        return LineProblem(number, _unclear(_text(cells[Column.RESULT])))
    if is_paid and day is None:
        return LineProblem(number, "没有到账日期，或日期无法识别。")
    if not is_paid and not reason:
        reason = "银行未说明原因"
    bank_reference = _text(cells.get(Column.BANK_REFERENCE, ""))[:64]
    return AnswerLine(number, reference, amount, is_paid, day, "" if is_paid else reason, bank_reference)


def _repeated(lines: Iterable[AnswerLine]) -> list[LineProblem]:
    seen: dict[str, int] = {}
    problems = []
    for line in lines:
        if line.reference in seen:
            problems.append(LineProblem(line.row, f"流水号与第{seen[line.reference]}行重复。"))
        seen.setdefault(line.reference, line.row)
    return problems


def _text(cell: Any) -> str:
    """Return a cell as it reads; a number that a spreadsheet holds as 5.0 is 5, ="x" and 'x are x."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)).strip().strip("\ufeff\u200b").strip()
    wrapped = re.fullmatch(r'="?(.*?)"?', text)
    return (wrapped[1] if wrapped else text).lstrip("'").strip()


def _amount(cell: Any) -> int | None:
    if isinstance(cell, bool) or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    if isinstance(cell, int | float):
        fen = round(cell * 100)
        return fen if abs(cell * 100 - fen) < 1e-4 else None
    try:
        return fen_of(_CURRENCY.sub("", _text(cell).upper()).strip())
    except NotMoney:
        return None


def _result(said: str) -> bool | None:
    word = said.upper()
    if word in _FAILED or _SAYS_FAILED.search(word):
        return False
    if _NOT_YET.search(word):
        return None
    return True if word in _PAID or word.endswith("成功") or word.startswith("成功") else None


def _unclear(said: str) -> str:
    if _NOT_YET.search(said):
        return "还不是最终结果，请等银行处理完再上传。"
    quoted = f"“{said}”" if _QUOTABLE.fullmatch(said) else ""
    return f"结果{quoted}无法识别，应为成功或失败。"


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _SERIAL_DAYS:
        return _EXCELS_FIRST_DAY + timedelta(days=int(text))
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
