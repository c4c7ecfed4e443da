"""What a cell tells of an indicator: a number, how it was said, and its unit, from the cell or from its header."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from backend.domain.activities.rules.amounts import Amount, has_footnote
from backend.domain.activities.rules.indicators import INDICATOR_LABELS, TOO_LARGE, Indicator, most_of
from backend.domain.imports.rules.cells import text_of
from backend.domain.imports.rules.findings import CellProblem

_TOLD = re.compile(
    r"(?P<before>约|大约|约为|超过|逾)?(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<after>余|多|左右)?"
    r"(?P<unit>万元|亿元|元|万人次|万人|人次|人|万)?(?P<last>余|多|左右)?"
)
_UNITS = re.compile(r"万元|亿元|万人次|万人|元|人次|人")
_SCALES: Mapping[str, int] = {"万": 10_000, "亿": 100_000_000}
_WORDS: Mapping[Indicator, str] = {
    Indicator.OUTPATIENTS: "门诊人次 门急诊人次 门诊量 门急诊量 门诊诊疗人次 诊疗人次 总诊疗人次 门诊 门诊人数",
    Indicator.INPATIENTS: "住院人次 住院 住院人数 住院病人 住院人次数 住院量 入院人次 入院人数 收治住院人次",
    Indicator.INCOME: "业务收入 医疗收入 收入 总收入 业务总收入 医疗业务收入",
}
_BY_WORD = {word: indicator for indicator, words in _WORDS.items() for word in words.split()}


class Told(NamedTuple):
    """A number as a cell tells it; the unit is empty where the cell names none."""

    number: Decimal
    unit: str
    at_least: bool = False
    about: bool = False


class Named(NamedTuple):
    """An indicator, and the unit that stands beside its name."""

    indicator: Indicator
    unit: str


def headers_of(indicator: Indicator) -> tuple[str, ...]:
    """Return what a column of an indicator is called, the template's first."""
    return tuple(_WORDS[indicator].split())


def told_of(value: object) -> Told:
    """Return the number that a cell tells.

    Raises:
        CellProblem: it is no number, or a negative one.
    """
    if isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value):
        told = Told(Decimal(repr(value)), "")
    else:
        text = unicodedata.normalize("NFKC", text_of(value)).replace(" ", "")
        match = None if isinstance(value, bool | date | time | timedelta) else _TOLD.fullmatch(text)
        if match is None or has_footnote(text_of(value)):
            message = f"看不懂“{text[:12]}”。请填写数字，如 1455、123.5（万元）；没有上报的留空。"
            raise CellProblem("value_invalid", message)
        words = {match["before"], match["after"], match["last"]}
        told = Told(
            Decimal(match["number"].replace(",", "")),
            match["unit"] or "",
            at_least=bool(words & {"余", "多", "超过", "逾"}),
            about=bool(words & {"约", "大约", "约为", "左右"}),
        )
    if told.number < 0:
        raise CellProblem("value_negative", "不能是负数，请改正。")
    return told


def named_of(value: object) -> Named:
    """Return the indicator that a cell names: 门诊人次, 业务收入（万元）.

    Raises:
        CellProblem: there is no such indicator.
    """
    text = unicodedata.normalize("NFKC", text_of(value)).replace(" ", "")
    unit = _UNITS.search(re.sub(r"^.*?[(]", "(", text)) if "(" in text else None
    indicator = _BY_WORD.get(re.sub(r"[(].*?[)]", "", text))
    if indicator is None:
        message = f"没有“{text[:20]}”这个指标，请从这些里选：{'、'.join(INDICATOR_LABELS.values())}。"
        raise CellProblem("indicator_unknown", message)
    return Named(indicator, unit[0] if unit else "")


def amount_of(told: Told, indicator: Indicator, unit_beside: str) -> Amount:
    """Return person-times, or fen; the unit of the cell goes before the one beside it (its header, its name).

    Raises:
        CellProblem: the unit is of something else, or it does not come out whole.
    """
    found = _UNITS.search(unit_beside)
    unit = told.unit if told.unit not in ("", "万") else (found[0] if found else "")
    scale = 1 if told.unit != "万" else _SCALES["万"]
    money = "元" in unit
    if unit and money is not (indicator is Indicator.INCOME):
        wanted = "元或万元" if indicator is Indicator.INCOME else "人次"
        message = f"“{INDICATOR_LABELS[indicator]}”的单位应为{wanted}，不能是“{unit}”。"
        raise CellProblem("unit_wrong", message)
    value = told.number * (_SCALES.get(unit[:1], 1) if scale == 1 else scale)
    if indicator is Indicator.INCOME:
        value *= 100
    if value != value.to_integral_value():
        raise CellProblem("value_invalid", "人次应为整数，收入最多到分。请核对数值和单位。")
    if value > most_of(indicator):
        raise CellProblem("value_invalid", TOO_LARGE)
    return Amount(int(value), at_least=told.at_least, about=told.about)
