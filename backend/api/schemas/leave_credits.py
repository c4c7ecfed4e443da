"""Shapes of leave that was earned (奖励假)."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields


class LeaveCreditOut(Schema):
    """What one completed dispatch earned, and what is left of it; days are in halves, as text."""

    days = fields.String(required=True)
    left_days = fields.String(required=True)
    expires_on = fields.Date(required=True)
    is_expired = fields.Boolean(required=True)
    recipient = fields.String(required=True)
    document = fields.String(required=True)


class LeaveBalanceOut(Schema):
    """The days that may still be taken; what waits for a decision counts as taken."""

    balance_days = fields.String(required=True, metadata={"example": "21.5"})
    items = fields.List(fields.Nested(LeaveCreditOut), required=True)
