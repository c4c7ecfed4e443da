"""Forms: what was typed, what it means by its schema, and what is wrong with it, beside the field that is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from backend.foundation.errors import BangfuError, Forbidden, NotFound, Unauthenticated, Unavailable
from backend.foundation.money import NotMoney, fen_of

T = TypeVar("T")
WHOLE = ""  # the field name of what is wrong with the form as a whole

_MESSAGES: Mapping[type[fields.Field[Any]], Mapping[str, str]] = {
    fields.Field: {"required": "请填写。", "null": "请填写。", "validator_failed": "填写有误。"},
    fields.String: {"invalid": "请填写文字。", "invalid_utf8": "含有不能识别的字符。"},
    fields.Integer: {"invalid": "请填写整数。", "too_large": "数字过大。"},
    fields.Decimal: {"invalid": "请填写数字。", "too_large": "数字过大。", "special": "请填写数字。"},
    fields.Date: {"invalid": "请填写日期，例如2026-11-21。", "format": "请填写日期，例如2026-11-21。"},
    fields.UUID: {"invalid_uuid": "请从列表中选择。"},
    fields.Enum: {"unknown": "请从列表中选择。"},
    fields.Boolean: {"invalid": "请重新勾选。"},
}
# What PostgreSQL cannot keep, and days around which no calendar can count.
_VALIDATORS: Mapping[type[fields.Field[Any]], validate.Validator] = {
    fields.String: validate.ContainsNoneOf("\0", error="含有不能识别的字符。"),
    fields.Date: validate.Range(date(2000, 1, 1), date(2099, 12, 31), error="请填写2000年至2099年的日期。"),
}
_NOT_OF_THIS_FORM = "提交的内容与页面不符，请刷新页面后重新填写。"
_PAGES_OF_THEIR_OWN = (NotFound, Forbidden, Unauthenticated, Unavailable)  # nothing on a form would mend it
_UNDERSTOOD_IN_ANY_WIDTH = (fields.Number, fields.Date)


class FormSchema(Schema):
    """A form: blanks around a value go, an empty field counts as not filled in, unknown fields are refused."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let every field speak Chinese; what a field was declared with stays."""
        for kind, messages in _MESSAGES.items():
            if isinstance(field_obj, kind):
                field_obj.error_messages = {**field_obj.error_messages, **messages}
        for kind, validator in _VALIDATORS.items():
            if isinstance(field_obj, kind):
                field_obj.validators = [validator, *field_obj.validators]

    def values_of(self, typed: MultiDict[str, str]) -> dict[str, Any]:
        """Return what was typed as the fields expect it."""
        values: dict[str, Any] = {}
        for name, texts in typed.lists():
            field = self.fields.get(name)
            kept = [text for text in (_tidy(field, text) for text in texts) if text]
            if isinstance(field, fields.List):
                values[name] = kept
            elif kept:
                values[name] = kept[0]
        return values


class PageForm(FormSchema):
    """Which page of a list is asked for; lists with filters add theirs."""

    page = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100_000))


class ChosenVersion(fields.Field[tuple[UUID, int]]):
    """A row in the version that was shown, chosen with others: its id, a colon and a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[UUID, int]:
        row_id, _, version = str(value).partition(":")
        try:
            return UUID(row_id), int(version)
        except ValueError:
            raise ValidationError("请从列表中选择。") from None


class MonthField(fields.Field[date]):
    """A month, 2026-09, as its first day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", str(value), re.ASCII):
            raise ValidationError("请选择月份。")
        return date.fromisoformat(f"{value}-01")


class YuanField(fields.Field[int]):
    """A sum as somebody writes it in yuan, in fen; what is no sum, or has a fraction of a fen, is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            return fen_of(str(value))
        except NotMoney:
            raise ValidationError("请填写金额（元），最多两位小数，例如 600 或 36.50。") from None


def _tidy(field: fields.Field[Any] | None, text: str) -> str:
    if isinstance(field, _UNDERSTOOD_IN_ANY_WIDTH):
        text = unicodedata.normalize("NFKC", text)
    # A password may begin or end with a blank.
    return text if field is not None and field.metadata.get("verbatim") else text.strip()


class Form:
    """One submission, or an empty form with presets."""

    def __init__(self, schema: FormSchema, typed: MultiDict[str, str] | None = None, **presets: Any) -> None:
        self.schema = schema
        self.typed = typed if typed is not None else _as_typed(presets)
        self.errors: dict[str, list[str]] = {}
        self.status = 200
        self.data: dict[str, Any] = {}

    @classmethod
    def submitted(cls, schema: FormSchema) -> Form:
        """Return the form as this request submits it, checked against its schema."""
        form = cls(schema, MultiDict((name, text) for name, text in request.form.items(multi=True)))
        form.typed.poplist("csrf_token")
        form._check()
        return form

    @classmethod
    def draft(cls, schema: FormSchema) -> Form:
        """Return the form as this request's query presets it, unchecked: somebody is still filling it in."""
        return cls(schema, _within(schema, request.args))

    @classmethod
    def asked(cls, schema: FormSchema) -> Form:
        """Return the form as the query of this request asks it, checked; what is wrong in it counts as not asked."""
        form = cls(schema, _within(schema, request.args))
        form._check()
        for name in form.errors:
            form.typed.poplist(name)
        form._check()
        return form

    def _check(self) -> None:
        self.errors, self.status = {}, 200
        try:
            self.data = self.schema.load(self.schema.values_of(self.typed))
        except ValidationError as error:
            for name, texts in error.messages_dict.items():
                known = name in self.schema.fields
                self.errors[name if known else WHOLE] = _flat(texts) if known else [_NOT_OF_THIS_FORM]
            self.status = 422

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do what the form asks for; where the domain refuses, keep its words for the page and return None."""
        try:
            return act()
        except _PAGES_OF_THEIR_OWN:
            raise
        except BangfuError as error:
            self.refuse(error.text, error.fields)
            self.status = error.status
            return None

    def refuse(self, text: str, by_field: Mapping[str, list[str]] | None = None) -> None:
        """Mark the form as wrong, with a sentence for the whole and others for its fields."""
        self.errors[WHOLE] = [text]
        for name, texts in (by_field or {}).items():
            self.errors.setdefault(name if name in self.schema.fields else WHOLE, []).extend(texts)
        self.status = 422

    def value(self, name: str) -> str:
        """Return what a field shows."""
        return self.typed.get(name, "")

    def values(self, name: str) -> list[str]:
        """Return what a field of several values shows."""
        return self.typed.getlist(name)


def _within(schema: FormSchema, typed: MultiDict[str, str]) -> MultiDict[str, str]:
    return MultiDict((name, text) for name, text in typed.items(multi=True) if name in schema.fields)


def _as_typed(presets: Mapping[str, Any]) -> MultiDict[str, str]:
    typed: MultiDict[str, str] = MultiDict()
    for name, value in presets.items():
        several = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        typed.setlist(name, [_text(one) for one in several if one is not None])
    return typed


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def _flat(texts: Any) -> list[str]:
    if isinstance(texts, dict):
        return sorted({text for inner in texts.values() for text in _flat(inner)})
    return [str(text) for text in texts]
