"""What is asked and filled in about records of activities, and what it means."""

from __future__ import annotations

from typing import Any, Final, cast

from marshmallow import fields, validate

from backend.console.forms import ChosenVersion, Form, FormSchema, PageForm
from backend.domain.activities.queries.records import RecordFilter
from backend.domain.activities.rules.kinds import ActivityKind
from backend.domain.activities.rules.statuses import RecordStatus

SIGNED_TOGETHER: Final = 100
_FEW_ENOUGH = validate.Length(max=SIGNED_TOGETHER, error=f"一次最多会签{SIGNED_TOGETHER}条。")

# The names of GET /activities, so that the link of a figure opens here as well; `from` is no name for an attribute.
_FILTERS: Final[dict[str, fields.Field[Any]]] = {
    "mine": fields.Boolean(),
    "counted": fields.Boolean(),
    "status": fields.Enum(RecordStatus, by_value=True),
    "kind": fields.Enum(ActivityKind, by_value=True),
    "from": fields.Date(),
    "to": fields.Date(),
    "person_id": fields.UUID(),
    "recipient_id": fields.UUID(),
    "supporting_id": fields.UUID(),
    "department_id": fields.UUID(),
    "organisation_id": fields.UUID(),
    "without_department": fields.Boolean(),
    "title": fields.String(validate=validate.Length(max=200)),
    "without_title": fields.Boolean(),
    "text": fields.String(validate=validate.Length(max=50)),
}
_ATTRIBUTES = {"from": "first", "to": "last"}
ListForm = cast("type[PageForm]", PageForm.from_dict(_FILTERS, name="ListForm"))
FilterForm = cast("type[FormSchema]", FormSchema.from_dict(_FILTERS, name="FilterForm"))


def filter_in(form: Form) -> RecordFilter:
    """Return the filter that was asked for."""
    asked = {_ATTRIBUTES.get(name, name): form.data[name] for name in _FILTERS if name in form.data}
    if form.typed.get("title") == "":  # records without a title: here, empty is something that was asked
        asked["title"] = ""
    return RecordFilter(**asked)


class ChoiceForm(FormSchema):
    """Which records somebody would sign together."""

    chosen = fields.List(fields.UUID(), load_default=list, validate=_FEW_ENOUGH)


class SignTogetherForm(FormSchema):
    """Which records somebody signs together, each as it was shown."""

    chosen = fields.List(ChosenVersion(), load_default=list, validate=_FEW_ENOUGH)


class CountersignForm(FormSchema):
    """A countersignature under what was shown."""

    version = fields.Integer(required=True)


class ReturnForm(FormSchema):
    """Why a record is given back."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=validate.Length(max=200, error="请控制在200字以内。"))
