"""The forms of payments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from backend.console.forms import FormSchema, PageForm
from backend.domain.subsidies.rules.bank import LONGEST_BANK
from backend.domain.subsidies.rules.payments import LONGEST_REASON

_REASON = validate.Length(1, LONGEST_REASON, error=f"请用{LONGEST_REASON}字以内说明原因。")


class ClaimsField(fields.Field[list[tuple[UUID, int]]]):
    """The claims of one person as they were shown: id:version id:version …"""

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> list[tuple[UUID, int]]:
        try:
            pairs = [claim.partition(":") for claim in str(value).split()]
            return [(UUID(claim_id), int(version)) for claim_id, _colon, version in pairs]
        except ValueError:
            raise ValidationError("提交的内容与页面不符，请刷新页面后重新选择。") from None


class PrepareForm(FormSchema):
    """Who is to be paid."""

    chosen = fields.List(ClaimsField(), load_default=list)


class DecideForm(FormSchema):
    """The run as it was read."""

    version = fields.Integer(required=True)


class RefuseForm(DecideForm):
    """And why it is refused."""

    reason = fields.String(required=True, validate=_REASON)


class AnswerForm(FormSchema):
    """Nothing beside the file."""


class PaidForm(FormSchema):
    """When somebody got their money, by hand."""

    paid_on = fields.Date(required=True)
    bank_reference = fields.String(load_default="", validate=validate.Length(max=64, error="请控制在64字以内。"))


class FailedForm(FormSchema):
    """Why somebody did not, by hand."""

    reason = fields.String(required=True, validate=_REASON)


class AccountForm(FormSchema):
    """Where somebody is paid; the number is never shown again."""

    bank = fields.String(required=True, validate=validate.Length(1, LONGEST_BANK, error="请控制在60字以内。"))
    number = fields.String(required=True, validate=validate.Length(max=60, error="银行账号过长，请核对。"))
    version = fields.Integer(load_default=None)


class AccountsForm(PageForm):
    """Whose accounts are looked for."""

    text = fields.String(load_default="", validate=validate.Length(max=40))
    missing = fields.Boolean(load_default=False)
