"""Shapes of what somebody's service comes to for their titles."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields


class MissingOut(Schema):
    """What still stands in the way; `by` is null where nobody can tell the day."""

    text = fields.String(required=True)
    by = fields.Date(required=True, allow_none=True)


class ExcludedDaysOut(Schema):
    """Days of a stay that do not count, and why; half a day is 0.5."""

    reason = fields.String(required=True)
    days = fields.Float(required=True)


class ServiceSegmentOut(Schema):
    """What one stay comes to: `counted` and all of `excluded` are its `days`."""

    recipient = fields.String(required=True)
    first = fields.Date(data_key="from", required=True)
    last = fields.Date(data_key="to", required=True)
    days = fields.Integer(required=True)
    excluded = fields.List(fields.Nested(ExcludedDaysOut), required=True)
    counted = fields.Float(required=True)
    evaluation_label = fields.String(required=True)
    arithmetic = fields.String(required=True)


class PromotionFindingOut(Schema):
    """One rule, and what the service comes to under it."""

    name = fields.String(required=True)
    document = fields.String(required=True)
    sentence = fields.String(required=True)
    is_met = fields.Boolean(required=True)
    counted_days = fields.Float(required=True)
    required_days = fields.Integer(required=True)
    total = fields.String(required=True)
    segments = fields.List(fields.Nested(ServiceSegmentOut), required=True)


class PromotionTitleOut(Schema):
    """A title; figures and segments are those of the rule under which most is missing, `rules` has every one."""

    title = fields.String(required=True)
    eligible = fields.Boolean(required=True)
    verdict_label = fields.String(required=True)
    by = fields.Date(
        required=True, allow_none=True, metadata={"description": "最早可申报的日期；已符合或无法预计时为空"}
    )
    counted_days = fields.Float(required=True)
    required_days = fields.Integer(required=True)
    missing = fields.List(fields.Nested(MissingOut), required=True)
    segments = fields.List(fields.Nested(ServiceSegmentOut), required=True)
    rules = fields.List(fields.Nested(PromotionFindingOut), required=True)


class ServiceCertificateOut(Schema):
    """A certificate of service; a revoked one stays to be seen."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    issued_at = fields.DateTime(required=True)
    code = fields.String(attribute="verification_code", required=True)
    revoked = fields.Boolean(required=True)
    revoke_reason = fields.String(required=True)


class PromotionOut(Schema):
    """All titles for which something is asked, and the certificates issued so far."""

    titles = fields.List(fields.Nested(PromotionTitleOut), required=True)
    certificates = fields.List(fields.Nested(ServiceCertificateOut), required=True)
