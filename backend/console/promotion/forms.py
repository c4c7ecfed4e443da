"""The forms of promotion."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.console.forms import FormSchema, PageForm
from backend.domain.careers.rules.eligibility import MISSING_LABELS

_AS_LISTED = "请从列表中选择。"
_NAME = validate.Length(max=100, error="请控制在100字以内。")
_REASON = validate.Length(max=200, error="请控制在200字以内。")
VERDICTS = (("yes", "已符合"), ("no", "尚不符合"))


class ListForm(PageForm):
    """Of which hospital, title and day the list is, and what it is narrowed to."""

    organisation = fields.UUID()
    title = fields.String(validate=_NAME)
    on = fields.Date()
    verdict = fields.String(validate=validate.OneOf(["yes", "no"], error=_AS_LISTED))
    missing = fields.String(validate=validate.OneOf(list(MISSING_LABELS), error=_AS_LISTED))
    text = fields.String(validate=validate.Length(max=40))


class ExportForm(FormSchema):
    """Of which hospital, title and day the file is."""

    organisation = fields.UUID(required=True)
    title = fields.String(required=True, validate=_NAME)
    on = fields.Date(required=True)


class PersonForm(FormSchema):
    """On which day somebody is judged."""

    on = fields.Date()


class ServiceForm(FormSchema):
    """Service from a paper; the file comes beside the fields of the form."""

    organisation_name = fields.String(required=True, validate=_NAME)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    served_days = fields.Integer(required=True)
    evaluation_passed = fields.Boolean(load_default=False)
    document_title = fields.String(required=True, validate=_NAME)
    document_number = fields.String(load_default="", validate=_NAME)


class PaperForm(FormSchema):
    """The paper of service that was entered without; the file comes beside the form."""


class WithdrawForm(FormSchema):
    """Something is taken back."""


class RefusalForm(FormSchema):
    """A refusal to go."""

    refused_on = fields.Date(required=True)
    reason = fields.String(required=True, validate=_REASON)


class IssueForm(FormSchema):
    """For which title a certificate is issued."""

    title = fields.String(required=True, validate=_NAME)


class RevokeForm(FormSchema):
    """Why a certificate is revoked."""

    reason = fields.String(required=True, validate=_REASON)
