"""What is asked and filled in about subsidies, and what it means."""

from __future__ import annotations

from typing import Any, Final, cast

from marshmallow import fields, validate

from backend.console.forms import ChosenVersion, Form, FormSchema, PageForm
from backend.domain.subsidies.queries.claims import ClaimFilter
from backend.domain.subsidies.rules.statuses import ClaimStatus

APPROVED_TOGETHER: Final = 100
_FEW_ENOUGH = validate.Length(max=APPROVED_TOGETHER, error=f"一次最多办理{APPROVED_TOGETHER}笔。")
_REASON = validate.Length(max=200, error="请控制在200字以内。")

# The names of GET /subsidy-claims, so that links are the same at both doors.
_FILTERS: Final[dict[str, fields.Field[Any]]] = {
    "mine": fields.Boolean(),
    "waiting": fields.Boolean(),
    "status": fields.Enum(ClaimStatus, by_value=True),
    "month": fields.Date(format="%Y-%m"),
    "recipient_id": fields.UUID(),
    "person_id": fields.UUID(),
    "text": fields.String(validate=validate.Length(max=50)),
}
ListForm = cast("type[PageForm]", PageForm.from_dict(_FILTERS, name="ListForm"))
FilterForm = cast("type[FormSchema]", FormSchema.from_dict(_FILTERS, name="FilterForm"))


def filter_in(form: Form, **presets: Any) -> ClaimFilter:
    """Return the filter that was asked for; `presets` are what it is where nothing was said."""
    return ClaimFilter(**presets | {name: form.data[name] for name in _FILTERS if name in form.data})


class ChoiceForm(FormSchema):
    """Which claims somebody would approve together."""

    chosen = fields.List(fields.UUID(), load_default=list, validate=_FEW_ENOUGH)


class ApproveTogetherForm(FormSchema):
    """Which claims somebody approves together, each as it was shown."""

    chosen = fields.List(ChosenVersion(), load_default=list, validate=_FEW_ENOUGH)


class ApproveForm(FormSchema):
    """An approval of what was shown."""

    version = fields.Integer(required=True)


class ReturnForm(FormSchema):
    """Why a claim is given back."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=_REASON)


class RejectForm(FormSchema):
    """Why a claim is not paid; on one page with the other reason, so by another name."""

    version = fields.Integer(required=True)
    refusal = fields.String(required=True, validate=_REASON)


class RedraftForm(FormSchema):
    """A claim that was refused is drafted anew."""


class YearForm(FormSchema):
    """Which year is reconciled."""

    year = fields.Integer(validate=validate.Range(min=2001, max=2098, error="请填写年份，例如2026。"))
