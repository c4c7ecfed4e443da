"""Shapes of bank accounts: the number goes in and never comes out."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime
from backend.api.schemas.strict import Input, Text, Whole
from backend.domain.subsidies.rules.bank import LONGEST_BANK


class BankAccountInput(Input):
    """Where one is paid from now on; `version` is that of the account it replaces, left out for the first one."""

    bank = Text(maximum=LONGEST_BANK, required=True)
    number = Text(maximum=60, required=True)
    version = Whole(minimum=1, maximum=1_000_000, load_default=None, allow_none=True)


class BankAccountOut(Schema):
    """Where one is paid, as screens show it."""

    bank = fields.String(required=True)
    number_masked = fields.String(required=True)
    changed_at = LocalTime(required=True)
    version = fields.Integer(required=True)
