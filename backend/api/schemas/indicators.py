"""Shapes of what organisations report of themselves."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut
from backend.api.schemas.strict import Choice, Id, Input, Month, Text, Whole
from backend.domain.activities.rules.indicators import MOST_FEN, Indicator

_VALUE = {"description": "人次；业务收入以分计"}


class IndicatorsInput(Input):
    """Of which months, this year's unless told; of one organisation, or of all that one sees."""

    month_from = Month(data_key="from", load_default=None)
    month_to = Month(data_key="to", load_default=None)
    organisation_id = Id(load_default=None)


class IndicatorInput(Input):
    """A month's report: a number, or as somebody said it (20余, 128.5万元); empty text takes it back."""

    organisation_id = Id(required=True)
    month = Month(required=True)
    indicator = Choice(Indicator, required=True)
    value = Whole(minimum=0, maximum=MOST_FEN, load_default=None)
    value_label = Text(minimum=0, maximum=40, load_default=None)
    source = Text(minimum=0, maximum=200, load_default="")
    version = Whole(minimum=1, maximum=2_000_000_000, load_default=None)


class IndicatorOut(Schema):
    """What an organisation reported of a month (业务指标); no value: not reported."""

    organisation = fields.Nested(NamedOut, required=True)
    month = fields.String(required=True)
    indicator = fields.Enum(Indicator, by_value=True, required=True)
    indicator_label = fields.String(required=True)
    unit = fields.String(required=True)
    value = fields.Integer(required=True, allow_none=True, metadata=_VALUE)
    at_least = fields.Boolean(required=True)
    about = fields.Boolean(required=True)
    label = fields.String(required=True)
    source = fields.String(required=True)
    entered_by = fields.Nested(NamedOut, required=True, allow_none=True)
    entered_at = LocalTime(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)


class IndicatorsOut(Schema):
    """Reports by organisation, month and indicator."""

    items = fields.List(fields.Nested(IndicatorOut), required=True)
