"""Whole numbers as people write them: 20, 1,455, 1.2万, 二十, 一百零三, 两千."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "".join((*_DIGITS, *_TENS, "万"))
_PLAIN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(万|千|百)?")
_SCALES = {None: 1, "百": 100, "千": 1000, "万": 10_000}


def whole_number(text: str) -> int | None:
    """Return the number that a text is, None where it is none, or none that is whole."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        return _chinese(text)
    value = Decimal(match[1].replace(",", "") + (match[2] or "")) * _SCALES[match[3]]
    return int(value) if value == value.to_integral_value() else None


def _chinese(text: str) -> int | None:
    if not text or any(mark not in CHINESE for mark in text):
        return None
    thousands, ten_thousand, rest = text.rpartition("万")
    if ten_thousand:
        high, low = _below_ten_thousand(thousands), _below_ten_thousand(rest) if rest else 0
        return None if not high or low is None else high * 10_000 + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    """Return 三百二十一 as 321 and 二〇 as 20; None for what is neither."""
    if not text:
        return None
    if not any(mark in _TENS for mark in text):
        if any(mark not in _DIGITS for mark in text) or (len(text) > 1 and text[0] in "零〇"):
            return None
        return int("".join(str(_DIGITS[mark]) for mark in text))
    total, digit, scale_before = 0, None, 10_000
    for mark in text:
        if mark in _DIGITS:
            if digit:  # two digits with no scale between them
                return None
            digit = _DIGITS[mark]
            continue
        scale = _TENS.get(mark)
        if scale is None or scale >= scale_before or digit == 0:
            return None
        total += (1 if digit is None else digit) * scale  # 十五, 百余
        digit, scale_before = None, scale
    return total + (digit or 0)
