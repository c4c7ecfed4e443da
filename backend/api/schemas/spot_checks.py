"""Shapes of spot checks."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields, validates_schema

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.attendance import LocationInput
from backend.api.schemas.strict import Choice, Flag, Id, Input, PageInput, Part, Patterned, Text, Whole
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.rules.taps import Verdict


class SpotChecksInput(PageInput):
    """Which spot checks."""

    status = Choice(SpotCheckStatus, only=[status for status in SpotCheckStatus if status != "planned"])


class OrderInput(Input):
    """Who is asked now, and what."""

    dispatch_id = Id(required=True)
    kind = Choice(SpotCheckKind, required=True)
    note = Text(minimum=0, maximum=200, load_default="")


class AnswerInput(Input):
    """How one answers."""

    means = Choice(AnswerMeans, only=[means for means in AnswerMeans if means != "landline"], required=True)
    location = Part(LocationInput, allow_none=True, load_default=None)
    location_denied = Flag(load_default=False)
    code = Patterned("[0-9]{8}", error="动态码应为8位数字。", allow_none=True, load_default=None)
    note = Text(minimum=0, maximum=200, load_default="")

    @validates_schema
    def require_code(self, data: dict[str, Any], **_how: Any) -> None:
        """Refuse an answer by code without one."""
        if data.get("means") is AnswerMeans.CODE and not data.get("code"):
            raise ValidationError({"code": ["请扫描或输入派驻点的动态码。"]})


class ExplanationInput(Input):
    """What the one concerned says about it."""

    text = Text(maximum=200, required=True)


class CallInput(Input):
    """What the office heard on the recipient's telephone."""

    present = Flag(required=True)
    note = Text(maximum=200, required=True)
    version = Whole(minimum=1, maximum=1_000_000, required=True)


class ReviewInput(Input):
    """What was decided about it."""

    review = Choice(SpotCheckReview, required=True)
    reason = Text(maximum=200, required=True)
    version = Whole(minimum=1, maximum=1_000_000, required=True)


class SpotCheckOut(Schema):
    """One "where are you now" (查岗), and what came of it."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    kind = fields.Enum(SpotCheckKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    origin = fields.Enum(SpotCheckOrigin, by_value=True, required=True)
    status = fields.Enum(SpotCheckStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    sent_at = LocalTime(required=True, allow_none=True)
    delivered_at = LocalTime(required=True, allow_none=True)
    answer_by = LocalTime(required=True, allow_none=True)
    answered_at = LocalTime(required=True, allow_none=True)
    answer_means = fields.Enum(AnswerMeans, by_value=True, required=True, allow_none=True)
    answer_label = fields.String(required=True, allow_none=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True, allow_none=True)
    verdict_label = fields.String(required=True, allow_none=True)
    distance_m = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)
    explanation = fields.String(required=True)
    may_explain = fields.Boolean(required=True)
    review = fields.Enum(SpotCheckReview, by_value=True, required=True, allow_none=True)
    review_label = fields.String(required=True, allow_none=True)
    review_reason = fields.String(required=True)
    version = fields.Integer(required=True)
    may_review = fields.Boolean(required=True)


class SpotChecksOut(PageOut):
    """A page of spot checks."""

    items = fields.List(fields.Nested(SpotCheckOut), required=True)


class OpenSpotCheckOut(Schema):
    """The spot check that one has to answer, if there is one."""

    spot_check = fields.Nested(SpotCheckOut, required=True, allow_none=True)
    server_time = LocalTime(required=True)
