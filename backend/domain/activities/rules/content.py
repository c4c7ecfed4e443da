"""What the fields of a record hold, read by the table of kinds: strictly, normalised, each refusal a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backend.domain.activities.errors.records import ContentInvalid
from backend.domain.activities.rules.amounts import NOT_REPORTED, Amount, exactly, summed
from backend.domain.activities.rules.fields import Field, FieldKind
from backend.domain.activities.rules.kinds import KindEntry
from backend.domain.activities.rules.surnames import surname_in

Value = str | int | float


@dataclass(frozen=True)
class Content:
    """What a record holds: plain fields, those about a patient, what they amount to, and its title."""

    details: Mapping[str, Value]
    clinical: Mapping[str, Value]
    quantity: Amount
    person_times: Amount
    title: str


def read_content(
    entry: KindEntry, given: Mapping[str, Any], *, complete: bool = True, occurred_on: date | None = None
) -> Content:
    """Return what was given for a record of this kind; blank is not reported.

    `given` holds JSON's own types. A draft need not be `complete`: what is required may still be missing.
    `occurred_on`: the day of the record, which no other day in it may lie after.

    Raises:
        ContentInvalid: with a sentence for each field that cannot be so.
    """
    faults = {name: "没有这一项，请更新小程序后重试。" for name in given if name not in _names(entry)}
    values: dict[str, Value] = {}
    for field in entry.fields:
        try:
            value = _read(field, given.get(field.name), occurred_on)
        except _Fault as fault:
            faults[field.name] = f"{field.label}{fault}"
            continue
        if value is not None:
            values[field.name] = value
        elif field.required and complete:
            faults[field.name] = f"请{_VERBS.get(field.kind, '填写')}{field.label}。"
    if faults:
        raise ContentInvalid(fields=faults)
    return content_of(entry, values)


def content_of(entry: KindEntry, values: Mapping[str, Value]) -> Content:
    """Return values that were read before as the content that they make up."""
    clinical = entry.clinical_fields
    return Content(
        details={name: value for name, value in values.items() if name not in clinical},
        clinical={name: value for name, value in values.items() if name in clinical},
        quantity=summed([_amount(values, name) for name in entry.quantity]) if entry.quantity else exactly(1),
        person_times=_amount(values, entry.person_times) if entry.person_times else NOT_REPORTED,
        title=str(values.get(entry.title, "")),
    )


def shown_value(field: Field, value: Value) -> str:
    """Return a value as people read it: the word of a choice, a number with its unit."""
    if field.kind is FieldKind.CHOICE:
        return field.choices.get(str(value), str(value))
    if field.kind in (FieldKind.COUNT, FieldKind.HOURS):
        return f"{value:g}{field.unit}" if isinstance(value, float) else f"{value}{field.unit}"
    return str(value)


def free_text(entry: KindEntry, values: Mapping[str, Value]) -> str:
    """Return all that was written freely; who a patient is by name and record number is nobody else's to check."""
    written = (field.name for field in entry.fields if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT))
    return "\n".join(str(values[name]) for name in written if name in values and name not in _OF_A_PATIENT)


class _Fault(Exception):
    """What is wrong with a value, to be read after the label of its field."""


_SURNAME: Final = "patient_surname"
_OF_A_PATIENT: Final = frozenset({_SURNAME, "patient_record_number"})
_VERBS: Final = {FieldKind.CHOICE: "选择", FieldKind.DAY: "选择"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# WHO's codes and China's clinical version: A09, I63.9, I10.x00x002, I63.900x001, with dagger or asterisk.
_ICD_10: Final = re.compile(r"([A-Z]\d{2})\.?(?:([\dX]\d{0,2})(X\d{3})?)?([+*]?)", re.ASCII)
_NUMBERS: Final = (FieldKind.COUNT, FieldKind.HOURS)
_INVISIBLE: Final = ("Cc", "Cs")


def _names(entry: KindEntry) -> frozenset[str]:
    return frozenset(field.name for field in entry.fields)


def _amount(values: Mapping[str, Value], name: str) -> Amount:
    value = values.get(name)
    return Amount(int(value)) if value is not None else NOT_REPORTED


def _read(field: Field, given: Any, occurred_on: date | None) -> Value | None:
    """Return a value as it is kept, None where nothing was given."""
    if given is None or (isinstance(given, str) and field.kind not in _NUMBERS and not _is_seen(given)):
        return None
    if field.kind is FieldKind.DAY:
        return _day(given, occurred_on)
    value = _READERS[field.kind](field, given)
    return _surname(value) if field.name == _SURNAME else value


def _text(field: Field, given: Any) -> str:
    return _limited(field, " ".join(_visible(given, allowed="\n\r\t").split()))


def _long_text(field: Field, given: Any) -> str:
    text = _visible(given, allowed="\n\r\t").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _limited(field, text.strip())


def _limited(field: Field, text: str) -> str:
    # A surname that is too long is told so in its own words.
    if len(text) > field.maximum and field.name != _SURNAME:
        raise _Fault(f"最多{field.maximum}个字，现在有{len(text)}个字。")
    return text


def _visible(given: Any, *, allowed: str = "") -> str:
    if not isinstance(given, str):
        raise _Fault("应为文字。")
    if any(unicodedata.category(mark) in _INVISIBLE and mark not in allowed for mark in given):
        raise _Fault("含有不可见的字符，请删除后重试。")
    return given


def _is_seen(text: str) -> bool:
    """Tell whether there is more to a text than blanks, those of no width among them."""
    return not all(mark.isspace() or unicodedata.category(mark) == "Cf" for mark in text)


def _surname(text: Any) -> str:
    surname = surname_in(str(text))
    if surname is None:
        raise _Fault("只填姓，例如“王”或“欧阳”，不要填写患者全名。")
    return surname


def _count(field: Field, given: Any) -> int:
    if type(given) is not int:
        raise _Fault("应为整数。")
    if given < 0:
        raise _Fault("不能是负数。")
    if given > field.maximum:
        raise _Fault(f"最多{field.maximum}{field.unit}，请核对。人数确实更多的，请分次记录。")
    return given


def _hours(field: Field, given: Any) -> float:
    if type(given) not in (int, float):
        raise _Fault("应为数字。")
    if not 0 < given <= field.maximum:  # not a number is no number between them either
        raise _Fault(f"应在0.5到{field.maximum}{field.unit}之间。")
    if given * 2 % 1:
        raise _Fault(f"按半{field.unit}填写，例如1.5。")
    return float(given)


def _choice(field: Field, given: Any) -> str:
    if not isinstance(given, str) or given not in field.choices:
        raise _Fault(f"只能是：{'、'.join(field.choices.values())}。")
    return given


def _icd_10(_field: Field, given: Any) -> str:
    text = unicodedata.normalize("NFKC", _visible(given)).replace("。", ".").replace("†", "+")
    match = _ICD_10.fullmatch("".join(text.split()).upper().rstrip("."))
    if match is None:
        raise _Fault("应为一个字母加两位数字，可带小数点后的扩展码，例如 I63.9 或 I63.900x001。")
    category, detail, extension, mark = match.groups(default="")
    return f"{category}.{detail.lower()}{extension.lower()}{mark}" if detail else f"{category}{mark}"


def _day(given: Any, occurred_on: date | None) -> str:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) and _DAY.fullmatch(given) else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2099:
        raise _Fault("应为日期，例如 2026-03-15。")
    if occurred_on is not None and day > occurred_on:
        raise _Fault("不能晚于这条日志的日期。")
    return day.isoformat()


_READERS: Final[Mapping[FieldKind, Callable[[Field, Any], Value]]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.COUNT: _count,
    FieldKind.HOURS: _hours,
    FieldKind.CHOICE: _choice,
    FieldKind.ICD_10: _icd_10,
}
