"""What a cell means: text, codes, numbers, days, telephones and the tail of an ID number.

Excel turns what looks like a number into one (53019901.0, 13807784483.0, 46266 for a day) and loses leading zeros;
people type full-width digits, stray blanks and an apostrophe in front. Whatever cannot be told for sure is a problem.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from backend.domain.accounts.rules import (
    is_identity_tail,
    is_mobile_number,
    normalised_name,
    normalised_staff_number,
    normalised_telephone,
)
from backend.domain.imports.rules.findings import CellProblem

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FULL_WIDTH_ALPHANUMERIC = {wide: narrow for wide, narrow in _FULL_WIDTH.items() if chr(narrow).isalnum()}
_DROPPED = {"Cc", "Cf", "Cs", "Cn"}
_EXCEL_EPOCH = date(1899, 12, 30)
_EXACT_DIGITS = 15
_IN_NAMES = "·〇 .-'’"


def text_of(value: object) -> str:
    """Return a cell as text: whole numbers without .0, blanks trimmed, invisible characters dropped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    text = str(value)
    if not text.isprintable():
        text = "".join(
            " " if character.isspace() else character
            for character in text
            if character.isspace() or unicodedata.category(character) not in _DROPPED
        )
    return " ".join(text.lstrip(" '’‘`").split())


def plain_text(maximum: int) -> Callable[[object], str]:
    """Return a parser of free text: full-width letters and digits narrowed, at most so many characters."""

    def parse(value: object) -> str:
        if isinstance(value, date | time | timedelta):
            message = "内容被存成了日期或时间（如把“2026年9月”变成了一天）。请把该列设为文本后重新填写。"
            raise CellProblem("text_is_date", message)
        text = text_of(value).translate(_FULL_WIDTH_ALPHANUMERIC)
        if len(text) > maximum:
            raise CellProblem("text_too_long", f"内容过长，请控制在{maximum}个字以内。")
        return text

    return parse


def code_of(value: object) -> str:
    """Return an organisation's code or a staff number: half-width, without blanks."""
    if isinstance(value, float) and abs(value) >= 10**_EXACT_DIGITS:
        raise CellProblem("number_inexact", "编号超过15位被存成了数字，末几位已丢失。请把该列设为文本后重新填写。")
    if isinstance(value, date):
        raise CellProblem("code_is_date", "编号被存成了日期。请把该列设为文本后重新填写。")
    code = normalised_staff_number(text_of(value))
    if len(code) > 40 or not re.fullmatch(r"[\w.\-/()·]+", code):
        raise CellProblem("code_invalid", "编号只能由字母、数字和 - . / 组成，最多40个字符，请检查。")
    return code


def name_of(value: object) -> str:
    """Return a person's name; blanks inside a Chinese name are typography."""
    text = "" if isinstance(value, bool) else text_of(value)
    name = normalised_name(text) if re.search(r"[㐀-鿿]", text) else unicodedata.normalize("NFKC", text)
    if not name or len(name) > 50 or not all(_may_stand_in_a_name(character) for character in name):
        message = "姓名不正确，请只填写本人一人的姓名，不含数字、括号、标点和表情；称呼和说明请移到别的列。"
        raise CellProblem("name_invalid", message)
    return name


def _may_stand_in_a_name(character: str) -> bool:
    """Tell letters, marks, and what fonts of rare characters keep in private use, from what no one is called by."""
    return (
        unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Co" or character in _IN_NAMES
    )


_DEGREES = re.compile(r"(?:东经|北纬|[EN])?([+-]?\d+(?:\.\d+)?)[度°]?[EN]?", re.IGNORECASE)
_DEGREES_AND_MINUTES = re.compile(
    r"(?:东经|北纬|[EN])?(\d{1,3})[度°](\d{1,2}(?:\.\d+)?)[分′'’](?:(\d{1,2}(?:\.\d+)?)(?:秒|″|\"|”|''|′′))?[EN]?",
    re.IGNORECASE,
)
_METRES = re.compile(r"([+-]?\d+(?:\.\d+)?)(米|m|公里|千米|km)?", re.IGNORECASE)


def degrees_of(value: object) -> float:
    """Return degrees, decimal or with minutes and seconds."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    text = text_of(value).translate(_FULL_WIDTH).replace(" ", "")
    if re.fullmatch(r"[\d.]+[,，、;；][\d.]+", text):
        raise CellProblem("number_invalid", "一个单元格里有两个数，请把经度和纬度分别填在两列。")
    match = _DEGREES_AND_MINUTES.fullmatch(text)
    if match is not None and float(match[2]) < 60 and float(match[3] or 0) < 60:
        return float(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    match = _DEGREES.fullmatch(text)
    if isinstance(value, date) or match is None:
        raise CellProblem("number_invalid", "请填写数字，经纬度用十进制度数，如 103.2612。")
    return float(match[1])


def metres_of(value: object) -> float:
    """Return metres; kilometres only where the cell says so."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    match = _METRES.fullmatch(text_of(value).translate(_FULL_WIDTH).replace(" ", ""))
    if isinstance(value, date) or match is None:
        raise CellProblem("number_invalid", "请填写以米为单位的数字，如 300。")
    return float(match[1]) * (1 if match[2] in (None, "米", "m", "M") else 1000)


_CHECKED = (
    "是",
    "是的",
    "对",
    "√",
    "✓",
    "✔",
    "☑",
    "✅",
    "■",
    "●",
    "★",
    "v",
    "y",
    "yes",
    "true",
    "1",
    "有",
    "队长",
    "领队",
)
_UNCHECKED = ("否", "不", "不是", "×", "x", "✗", "✘", "❌", "☐", "□", "n", "no", "false", "0", "无", "-", "/", "队员")


def flag_of(value: object) -> bool:
    """Return yes or no."""
    text = text_of(value).translate(_FULL_WIDTH).lower().rstrip("\ufe0f")  # asks for a coloured sign
    if text in _CHECKED:
        return True
    if text in _UNCHECKED:
        return False
    raise CellProblem("flag_invalid", "请填写“是”或“否”。")


_DAY = re.compile(
    r"(\d{4})[-./年—–、。](\d{1,2})[-./月—–、。](\d{1,2})[日号.。]?"
    r"(?:[(]?(?:星期|周)[一二三四五六日天][)]?)?(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?"
)
_SERIAL_DAY = re.compile(r"\d{5}(?:\.0)?")  # a day's number, once its column was set to text
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_BIRTH_WITHOUT_MONTH = re.compile(r"(?:19|20)\d{2}年?")
_MONTH = re.compile(r"(\d{4})(?:[-./年](\d{1,2})月?|(\d{2}))")


def day_of(value: object) -> date:
    """Return a day, from a date cell, text in the usual forms, or Excel's serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and 20_000 <= value < 80_000:
        return _EXCEL_EPOCH + timedelta(days=int(value))
    text = text_of(value).translate(_FULL_WIDTH)
    if isinstance(value, str) and _SERIAL_DAY.fullmatch(text) and text >= "2":
        return day_of(float(text))
    match = _DAY.fullmatch(text.replace(" ", "") if ":" not in text else text) or _COMPACT_DAY.fullmatch(text)
    if match is None:
        raise CellProblem("day_invalid", "日期不正确，请写成 2026-09-01 的形式。")
    return _real_day(*(int(part) for part in match.groups()))


def service_day_of(value: object) -> date:
    """Return a day on which a dispatch may begin or end."""
    day = day_of(value)
    if not 2000 <= day.year <= 2100:
        raise CellProblem("day_out_of_range", f"日期 {day} 不在2000年至2100年之间，请检查年份。")
    return day


def birth_of(value: object) -> date:
    """Return a day of birth; a month alone (出生年月) stands for its first day."""
    match = None
    if not isinstance(value, date) and not (isinstance(value, float | int) and 20_000 <= value < 80_000):
        text = text_of(value).translate(_FULL_WIDTH).replace(" ", "")
        if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", text):
            raise CellProblem("month_ambiguous", "分不清是1月还是10月，请写成 1982-10 或 1982-10-05 的形式。")
        match = _MONTH.fullmatch(text)
    if match is None and _BIRTH_WITHOUT_MONTH.fullmatch(text_of(value).translate(_FULL_WIDTH)):
        raise CellProblem("month_missing", "只有年份，请写成 1982-03 或 1982-03-13 的形式。")
    born = _real_day(int(match[1]), int(match[2] or match[3]), 1) if match else day_of(value)
    if not 1900 <= born.year <= 2100:
        raise CellProblem("day_out_of_range", f"出生日期 {born} 不合理，请检查年份。")
    return born


def _real_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellProblem("day_invalid", "没有这一天，请检查日期。") from None


def mobile_of(value: object) -> str:
    """Return a mobile number of mainland China, normalised. The value is never quoted in a message."""
    telephone = normalised_telephone(text_of(value))
    if not is_mobile_number(telephone):
        raise CellProblem("telephone_invalid", "手机号不正确，请填写一个11位的手机号码。")
    return telephone


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def identity_tail_of(value: object) -> str:
    """Return the last four of an ID number (GB 11643), given whole or as its tail; the rest is forgotten here."""
    if isinstance(value, float) and abs(value) >= 10**_EXACT_DIGITS:
        raise CellProblem(
            "identity_inexact", "身份证号被存成了数字，末几位已丢失。请把该列设为文本后重新填写，或只填后四位。"
        )
    text = text_of(value).translate(_FULL_WIDTH).replace(" ", "").upper()
    if isinstance(value, float) and re.fullmatch(r"\d{1,3}", text):
        text = text.zfill(4)  # a tail has four characters: 0308 kept as a number is 308
    if re.fullmatch(r"\d{17}[\dX]", text):
        total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
        if _CHECK_CHARACTERS[total % 11] != text[-1]:
            raise CellProblem("identity_invalid", "身份证号校验位不符，请核对。")
        text = text[-4:]
    if not is_identity_tail(text):
        raise CellProblem("identity_invalid", "请填写身份证号后四位（三位数字加一位数字或X）。")
    return text
