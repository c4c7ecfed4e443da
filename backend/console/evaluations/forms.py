"""Forms of evaluations."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.console.forms import FormSchema, PageForm
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade

WAITING, ALL = "waiting", "all"
_SHORT = validate.Length(max=50, error="不能超过50个字符。")


class ListForm(PageForm):
    """Which evaluations; those that wait for whoever asks, unless told otherwise."""

    status = fields.String(load_default=WAITING, validate=validate.OneOf([WAITING, ALL, *EvaluationStatus]))
    text = fields.String(load_default="", validate=validate.Length(max=40))


class VersionForm(FormSchema):
    """Which state of it was read."""

    version = fields.Integer(required=True)


class PartForm(VersionForm):
    """The words of a part; the last three go with one's own summary."""

    opinion = fields.String(required=True, validate=validate.Length(max=1000, error="不能超过1000个字符。"))
    grade = fields.Enum(Grade, by_value=True, load_default=None)
    signer_name = fields.String(load_default="", validate=validate.Length(max=30, error="不能超过30个字符。"))
    education = fields.String(load_default="", validate=_SHORT)
    specialty = fields.String(load_default="", validate=_SHORT)
    title_applied = fields.String(load_default="", validate=_SHORT)


class ReasonForm(VersionForm):
    """Why it is returned, or objected to."""

    reason = fields.String(required=True, validate=validate.Length(max=500, error="不能超过500个字符。"))


class AnswerForm(VersionForm):
    """What is answered to an objection."""

    answer = fields.String(required=True, validate=validate.Length(max=500, error="不能超过500个字符。"))
    outcome = fields.String(required=True, validate=validate.OneOf(["uphold", "revise"], error="请选择。"))
