"""Shapes of receipts of return fares."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import PageOut
from backend.api.schemas.strict import Day, Id, Input, PageInput, Text


class SubsidyReceiptsInput(PageInput):
    """Whose receipts: those of one dispatch."""

    dispatch_id = Id(required=True)


class SubsidyReceiptInput(Input):
    """A ticket or invoice; the amount in yuan as it is written on it, 36.50."""

    dispatch_id = Id(required=True)
    number = Text(maximum=40, required=True)
    spent_on = Day(required=True)
    amount = Text(maximum=20, required=True)
    journey = Text(minimum=0, maximum=100, load_default="")
    attachment_id = Id(allow_none=True, load_default=None)


class SubsidyReceiptOut(Schema):
    """A receipt; `state` is waiting until a claim has it."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    number = fields.String(required=True)
    spent_on = fields.Date(required=True)
    amount_fen = fields.Integer(required=True)
    amount_label = fields.String(required=True)
    journey = fields.String(required=True)
    attachment_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True)
    claim_id = fields.UUID(required=True, allow_none=True)
    may_withdraw = fields.Boolean(required=True)


class SubsidyReceiptsOut(PageOut):
    """A page of receipts, the latest journey first."""

    items = fields.List(fields.Nested(SubsidyReceiptOut), required=True)
