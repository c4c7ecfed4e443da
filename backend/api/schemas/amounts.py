"""Shapes of amounts as they were said."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields


class AmountOut(Schema):
    """A number as it was said: 20, 20余 (a lower bound), 约30; null was not reported, which is never 0."""

    value = fields.Integer(required=True, allow_none=True)
    at_least = fields.Boolean(required=True)
    about = fields.Boolean(required=True)
    label = fields.String(required=True)
