"""Days and months as ledgers and reports write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from backend.domain.imports.rules.cells import day_of, text_of
from backend.domain.imports.rules.findings import CellProblem

_MONTH = re.compile(r"(\d{4})(?:[-./年](\d{1,2})月?(?:份)?|(\d{2}))")
_RANGE = re.compile(
    r"\d日?[-~至到—–、,]+\d{1,2}(?:月\d{1,2})?日|\d{1,2}[-~至到—–]{1,2}\d{1,2}日|[至到~]|\d{4}.*[-—–].*\d{4}"
)
_WITHOUT_YEAR = re.compile(r"\d{1,2}(?:月|[./-])\d{1,2}日?号?")
_ONE_DAY = "请写成一天，如 2025-01-02。"


def occurred_day_of(value: object) -> date:
    """Return the one day on which something was done.

    Raises:
        CellProblem: it is a month, several days, or lacks its year; each says what to write.
    """
    text = unicodedata.normalize("NFKC", text_of(value)).replace(" ", "") if isinstance(value, str | float) else ""
    is_day_number = isinstance(value, float) and value >= 20_000
    if not is_day_number and text:
        _refuse_what_is_no_day(text)
    day = day_of(value)
    if not 2000 <= day.year <= 2100:
        raise CellProblem("day_out_of_range", f"日期 {day} 不在2000年至2100年之间，请检查年份。")
    return day


def _refuse_what_is_no_day(text: str) -> None:
    month = _MONTH.fullmatch(text)
    if month is not None or re.fullmatch(r"(?:\d{4}年)?\d{1,2}月份?|\d{4}年?", text):
        message = f"“{text[:20]}”不是一天。{_ONE_DAY}按月汇总的数量，请写当月最后一天，并在备注中说明。"
        raise CellProblem("day_is_month", message)
    if _WITHOUT_YEAR.fullmatch(text):
        raise CellProblem("day_without_year", f"“{text[:20]}”没有年份，{_ONE_DAY}")
    if _RANGE.search(text):
        raise CellProblem("day_is_range", f"“{text[:20]}”不止一天。{_ONE_DAY}连续几天的，请每天一行，或写最后一天。")


def month_of(value: object) -> date:
    """Return a month by its first day; a day stands for its month.

    Raises:
        CellProblem: it is none.
    """
    text = unicodedata.normalize("NFKC", text_of(value)).replace(" ", "") if isinstance(value, str | float) else ""
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", text):
        raise CellProblem("month_ambiguous", "分不清是1月还是10月，请写成 2025-01 或 2025-10 的形式。")
    match = _MONTH.fullmatch(text)
    if match is None:
        try:
            day = day_of(value)
        except CellProblem:
            raise CellProblem("month_invalid", f"年月“{text[:20]}”不正确，请写成 2025-01 的形式。") from None
        year, month = day.year, day.month
    else:
        year, month = int(match[1]), int(match[2] or match[3])
    if not 2000 <= year <= 2100 or not 1 <= month <= 12:
        raise CellProblem("month_invalid", f"没有“{text[:20]}”这个月份，请写成 2025-01 的形式。")
    return date(year, month, 1)
