"""Amounts as ledgers say them: 20, 20余, 约30, 三十多人, 12人次 with the unit in the cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from typing import NamedTuple

from backend.domain.activities.rules.amounts import Amount, has_footnote
from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.findings import CellProblem
from backend.domain.imports.rules.numerals import CHINESE, whole_number

MOST = 9_999  # of one row: what is more is a year's sum, or a slip

_UNITS = [
    "人次",
    "人",
    "名",
    "例次",
    "例",
    "台次",
    "台",
    "场次",
    "场",
    "次",
    "期",
    "堂",
    "户次",
    "户",
    "份",
    "个",
    "件",
    "项",
    "位",
    "床",
    "节",
    "元",
    "万元",
]
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?[百千万]?|[{CHINESE}]+)"
_SAID = re.compile(
    r"(?P<before>大约|约为|约有|约|大概|近似|超过|多于|不少于|至少|逾|超|共计|共)?"
    rf"(?P<number>{_NUMBER})"
    r"(?P<after>余|多|以上|\+|左右|上下|来)?"
    r"(?P<unit>[一-鿿]{1,3}?)?"
    r"(?P<last>余|多|以上|\+|左右|上下)?"
)
_ABOUT = {"大约", "约为", "约有", "约", "大概", "近似", "左右", "上下", "来"}
_AT_LEAST = {"超过", "多于", "不少于", "至少", "逾", "超", "余", "多", "以上", "+"}
_HOW = "请写成一个整数；不确定时写“20余”（至少20）或“约30”；没有上报的留空。"


class Said(NamedTuple):
    """An amount, and the unit that stood in its cell."""

    amount: Amount
    unit: str


def said_of(value: object, most: int = MOST) -> Said:
    """Return an amount as a cell says it; 0 is 0.

    Raises:
        CellProblem: it is no amount, or not whole, or negative, or too vague to be counted.
    """
    if isinstance(value, bool | date | time | timedelta):
        raise CellProblem("amount_invalid", f"这里不是数量（可能被存成了日期）。{_HOW}")
    if isinstance(value, float | int):
        return Said(Amount(_whole(float(value), most)), "")
    text = unicodedata.normalize("NFKC", text_of(value)).replace(" ", "").rstrip("。.")
    if re.match(r"[-−－]\d", text) or text.startswith("负"):
        raise CellProblem("amount_negative", "数量不能是负数，请改正。")
    match = _SAID.fullmatch(text)
    if match is None or has_footnote(text_of(value)):
        raise _vague(text)
    number = whole_number(match["number"])
    if number is None and re.fullmatch(r"\d[\d,]*\.\d+", match["number"]):
        raise CellProblem("amount_fraction", f"数量应为整数，不能是“{text[:12]}”。请改正。")
    words = {match["before"], match["after"], match["last"]}
    if number is None or (match["unit"] and match["unit"] not in _UNITS):
        raise _vague(text)
    amount = Amount(_within(number, most), at_least=bool(words & _AT_LEAST), about=bool(words & _ABOUT))
    return Said(amount, match["unit"] or "")


def _whole(value: float, most: int) -> int:
    if value < 0:
        raise CellProblem("amount_negative", "数量不能是负数，请改正。")
    if not value.is_integer():
        raise CellProblem("amount_fraction", f"数量应为整数，不能是“{value:g}”。请改正。")
    return _within(int(value), most)


def _within(value: int, most: int) -> int:
    if value > most:
        raise CellProblem("amount_too_large", f"一行的数量最多{most}，请核对；确实更多的，请按日期分行填写。")
    return value


def _vague(text: str) -> CellProblem:
    if re.search(r"近|不到|不足|将近|几|数[十百千]|若干|多次|大量", text):
        message = f"“{text[:12]}”没有说明至少或大约是多少。请改写，如“近百”写成“90余”或“约100”。"
        return CellProblem("amount_vague", message)
    if re.search(r"\d[-~至到—–]\d", text):
        return CellProblem("amount_range", f"“{text[:12]}”是一个范围。请写成“约”加一个数，或写明实际数量。")
    return CellProblem("amount_invalid", f"看不懂数量“{text[:12]}”。{_HOW}")
