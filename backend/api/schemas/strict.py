"""Strict input: JSON's own types and no other, Chinese messages, unknown fields refused."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from apiflask import Schema
from marshmallow import EXCLUDE, RAISE, ValidationError, fields, validate

UNKNOWN_FIELD: Final = "没有这个字段，请更新小程序后重试。"
_MESSAGES: Final[dict[str, Any]] = {
    "required": "必填。",
    "null": "不能为空。",
    "validator_failed": "填写有误。",
    "type": "应为一个对象。",
    "invalid": "应为一个列表。",
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH: Final = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Input(Schema):
    """What a body or a query may hold, and nothing else."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN_FIELD, "type": "应为一个对象。"}  # noqa: RUF012  (so typed by marshmallow)


class HeaderInput(Schema):
    """Headers that an endpoint reads, among all the others that come with a request."""

    class Meta:
        unknown = EXCLUDE


class _Strict:
    """What comes before marshmallow's own field: `read` says what a JSON value means, or why it cannot be meant."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(error_messages=_MESSAGES, **rest)  # type: ignore[call-arg]  # of the field beside it

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> Any:
        return self.read(value)


class Text(_Strict, fields.String):
    """Text of limited length without control characters; trimmed unless told otherwise."""

    def __init__(self, *, minimum: int = 1, maximum: int, multiline: bool = False, trim: bool = True, **rest: Any):
        error = f"长度应为{minimum}到{maximum}个字符。" if minimum else f"不能超过{maximum}个字符。"
        super().__init__(validate=validate.Length(minimum, maximum, error=error), **rest)
        self._allowed = "\n" if multiline else ""
        self._trim = trim

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("应为文字。")
        if any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in self._allowed for mark in value):
            raise ValidationError("含有不可见的控制字符，请删除后重试。")
        return value.strip() if self._trim else value


class Patterned(_Strict, fields.String):
    """Text that matches a pattern (ASCII) as a whole; `error` says in Chinese what is expected."""

    def __init__(self, pattern: str, *, error: str, **rest: Any) -> None:
        super().__init__(validate=validate.Regexp(f"^(?:{pattern})$", re.ASCII, error=error), **rest)
        self._matches, self._error = re.compile(pattern, re.ASCII).fullmatch, error

    def read(self, value: Any) -> str:
        # fullmatch besides the validator, which the document shows: `$` lets a line end pass.
        if not isinstance(value, str) or not self._matches(value):
            raise ValidationError(self._error)
        return value


class Whole(_Strict, fields.Integer):
    """A whole number of JSON: 1, not 1.0, "1", true or 2.6e-42."""

    def __init__(self, *, minimum: int, maximum: int, **rest: Any) -> None:
        error = f"应为{minimum}到{maximum}之间的整数。"
        super().__init__(validate=validate.Range(minimum, maximum, error=error), **rest)
        self._error = error

    def read(self, value: Any) -> int:
        if type(value) is not int:
            raise ValidationError(self._error)
        return value


class QueryWhole(Whole):
    """A whole number in a query: ASCII digits."""

    def read(self, value: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value, re.ASCII):
            raise ValidationError(self._error)
        return int(value)


class Number(_Strict, fields.Float):
    """A finite number of JSON between two limits."""

    def __init__(self, *, minimum: float, maximum: float, **rest: Any) -> None:
        error = f"应为{minimum:g}到{maximum:g}之间的数。"
        super().__init__(validate=validate.Range(minimum, maximum, error=error), **rest)
        self._error = error

    def read(self, value: Any) -> float:
        try:
            number = float(value) if type(value) in (int, float) else math.nan
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ValidationError(self._error)
        return number


class QueryNumber(Number):
    """A decimal number in a query: ASCII digits, a point and a sign."""

    def read(self, value: Any) -> float:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,4}(\.\d{1,12})?", value, re.ASCII):
            raise ValidationError(self._error)
        return float(value)


class Flag(_Strict, fields.Boolean):
    """true or false."""

    def read(self, value: Any) -> bool:
        if value is not True and value is not False:
            raise ValidationError("应为 true 或 false。")
        return value


class QueryFlag(Flag):
    """true or false in a query."""

    def read(self, value: Any) -> bool:
        return super().read({"true": True, "false": False}.get(value, value))


class Day(_Strict, fields.Date):
    """A local day, YYYY-MM-DD, of this century."""

    def read(self, value: Any) -> date:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 2099:
            raise ValidationError("应为日期，例如 2026-03-15。")
        return day


class Month(_Strict, fields.String):
    """A month, YYYY-MM, as its first day."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(metadata={"pattern": f"^{_MONTH.pattern}$", "example": "2026-03"}, **rest)

    def read(self, value: Any) -> date:
        match = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValidationError("应为月份，例如 2026-03。")
        return date(int(match[1]), int(match[2]), 1)


class Instant(_Strict, fields.AwareDateTime):
    """An instant with its offset (RFC 3339), of this century."""

    def read(self, value: Any) -> datetime:
        try:
            known = isinstance(value, str) and _INSTANT.fullmatch(value)
            instant = datetime.fromisoformat(value) if known else None
        except ValueError:
            instant = None
        if instant is None or not 2000 <= instant.year <= 2099:
            raise ValidationError("应为带时区的时间，例如 2026-03-15T08:00:00+08:00。")
        return instant


class Id(_Strict, fields.UUID):
    """The id of something, as the API gave it out."""

    def read(self, value: Any) -> UUID:
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise ValidationError("编号格式有误。")
        return UUID(value)


class Choice(_Strict, fields.String):
    """One member of an enum, by value; where `only` some may be given, one of those."""

    def __init__(self, kind: type[StrEnum], *, only: Iterable[StrEnum] = (), **rest: Any) -> None:
        self._members = {member.value: member for member in only or kind}
        super().__init__(metadata={"enum": list(self._members)} | rest.pop("metadata", {}), **rest)

    def read(self, value: Any) -> StrEnum:
        member = self._members.get(value) if isinstance(value, str) else None
        if member is None:
            raise ValidationError(f"只能是：{'、'.join(self._members)}。")
        return member


class Members(_Strict, fields.Dict):
    """An object whose members the domain reads, by a table of its own."""

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("应为一个对象。")
        return value


class Part(fields.Nested):
    """An object within the body."""

    def __init__(self, schema: type[Input], **rest: Any) -> None:
        super().__init__(schema, error_messages=_MESSAGES, **rest)


class Parts(fields.List[Any]):
    """A list of limited length."""

    def __init__(self, inner: fields.Field[Any], *, maximum: int, **rest: Any) -> None:
        error = f"不能超过{maximum}项。"
        super().__init__(inner, validate=validate.Length(0, maximum, error=error), error_messages=_MESSAGES, **rest)


class PageInput(Input):
    """Which page of a list."""

    page = QueryWhole(minimum=1, maximum=100_000, load_default=1)
    page_size = QueryWhole(minimum=1, maximum=100, load_default=20)
