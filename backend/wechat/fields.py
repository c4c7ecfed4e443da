"""The formats of a message template's fields, checked before a message is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HAN = r"〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"  # rare ones occur in names
_DAY = r"\d{4}年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_MOMENT = rf"(?:{_DAY} )?{_CLOCK}"
_DATE = rf"{_DAY}(?: {_CLOCK})?"

# Source: WeChat's "订阅消息参数值内容限制说明": kind → pattern of the whole value, and what a person reads.
FORMATS: dict[str, tuple[re.Pattern[str], str]] = {
    kind: (re.compile(pattern, re.ASCII), rule)
    for kind, pattern, rule in (
        ("thing", r"(?=.*[^\s\u3000])[^\x00-\x1f\x7f]{1,20}", "最多20个字"),
        ("number", r"(?=[-\d.]{1,32}\Z)-?\d+(?:\.\d+)?", "最多32位数字"),
        ("letter", r"[A-Za-z]{1,32}", "最多32个字母"),
        ("symbol", rf"[^\s\u3000A-Za-z0-9０-９{_HAN}]{{1,5}}", "最多5个符号"),
        ("character_string", r"[\x21-\x7e]{1,32}", "最多32个字母、数字或符号，不能有汉字"),
        ("time", rf"{_MOMENT}(?:~{_MOMENT})?", "写成 15:01 或 2026年10月1日 15:01"),
        ("date", rf"{_DATE}(?:~{_DATE})?", "写成 2026年10月1日 或 2026年10月1日 15:01"),
        (
            "amount",
            rf"[^\s\u3000A-Za-z0-9０-９.{_HAN}]?\d{{1,10}}(?:\.\d+)?元?",
            "一个币种符号加最多10位数字",
        ),
        ("phone_number", r"[-+*#() \d]{1,17}", "最多17位数字或符号"),
        ("car_number", rf"(?=.{{1,8}}\Z)[{_HAN}A-Z0-9][A-Z0-9]*[{_HAN}A-Z0-9]?", "最多8位车牌号"),
        ("name", rf"(?=.*[{_HAN}])[{_HAN}A-Za-z·. ]{{1,10}}|[A-Za-z·. '-]{{1,20}}", "最多10个汉字或20个字母"),
        ("phrase", rf"[{_HAN}]{{1,5}}", "最多5个汉字"),
    )
}
_NAME = re.compile(r"([a-z_]+?)(\d{1,3})")


def problems_of_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a message, by field ("thing1"), as Chinese sentences; {} if nothing is.

    The key "" holds what is wrong with the message as a whole.
    """
    problems = {name: problem for name, value in fields.items() if (problem := _problem(name, value))}
    if not 2 <= len(fields) <= 5:
        problems[""] = f"消息模板应有2到5个字段，这里有{len(fields)}个。"
    return problems


def _problem(name: str, value: str) -> str | None:
    match = _NAME.fullmatch(name)
    if match is None or match[1] not in FORMATS:
        return f"没有名为“{name}”的模板字段。"
    pattern, rule = FORMATS[match[1]]
    return None if pattern.fullmatch(value) else f"字段“{name}”的内容不合要求：{rule}。"
