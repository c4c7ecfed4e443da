"""Shapes of requests for corrections and leave."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.attachments import AttachmentOut
from backend.api.schemas.strict import (
    Choice,
    Day,
    HeaderInput,
    Id,
    Input,
    Instant,
    PageInput,
    Parts,
    Patterned,
    Text,
    Whole,
)
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.rules import Shift

_REASON_LENGTH = 200


class RequestsInput(PageInput):
    """Which requests."""

    status = Choice(RequestStatus)


class VersionInput(Input):
    """The version that was read: what somebody else has changed since is not overwritten."""

    version = Whole(minimum=0, maximum=1_000_000, required=True)


class RejectionInput(VersionInput):
    """A rejection says why."""

    reason = Text(maximum=_REASON_LENGTH, required=True)


class CorrectionInput(Input):
    """A tap that is missing or wrong, as it should have been."""

    dispatch_id = Id(required=True)
    duty_on = Day(required=True)
    shift = Choice(Shift, required=True)
    kind = Choice(CheckInKind, required=True)
    happened_at = Instant(required=True)
    reason = Text(maximum=_REASON_LENGTH, required=True)


class CorrectionOut(Schema):
    """A request for a correction (补签); `may_decide` and `may_cancel` are about whoever reads it."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    duty_on = fields.Date(required=True)
    shift = fields.Enum(Shift, by_value=True, required=True)
    shift_label = fields.String(required=True)
    kind = fields.Enum(CheckInKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    happened_at = LocalTime(required=True)
    reason = fields.String(required=True)
    status = fields.Enum(RequestStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    requested_at = LocalTime(required=True)
    decided_at = LocalTime(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decision_reason = fields.String(required=True)
    version = fields.Integer(required=True)
    may_decide = fields.Boolean(required=True)
    may_cancel = fields.Boolean(required=True)


class CorrectionsOut(PageOut):
    """A page of corrections, the latest first."""

    items = fields.List(fields.Nested(CorrectionOut), required=True)


class OptionalKeyInput(HeaderInput):
    """A key that makes a repeat safe: one for each request, the same for each time that it is sent."""

    key = Patterned("[A-Za-z0-9_-]{8,64}", error="幂等键格式有误。", data_key="Idempotency-Key", load_default=None)


class LeaveInput(Input):
    """Leave, from the first shift that is free to the last one."""

    dispatch_id = Id(required=True)
    kind = Choice(LeaveKind, required=True)
    starts_on = Day(required=True)
    starts_with = Choice(Shift, required=True)
    ends_on = Day(required=True)
    ends_with = Choice(Shift, required=True)
    reason = Text(maximum=_REASON_LENGTH, required=True)
    attachment_ids = Parts(Id(), maximum=9, load_default=list)


class DecisionOut(Schema):
    """What one party said."""

    party = fields.String(required=True, metadata={"enum": ["recipient", "supporting"]})
    by = fields.String(required=True)
    at = LocalTime(required=True)


class LeaveOut(Schema):
    """Leave (请假); what one may do is about whoever reads it."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    kind = fields.Enum(LeaveKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    starts_on = fields.Date(required=True)
    starts_with = fields.Enum(Shift, by_value=True, required=True)
    ends_on = fields.Date(required=True)
    ends_with = fields.Enum(Shift, by_value=True, required=True)
    span_label = fields.String(required=True, metadata={"example": "11月3日上午至11月4日下午"})
    days = fields.String(required=True, metadata={"example": "1.5", "description": "按派驻班次的工作日半天计"})
    reason = fields.String(required=True)
    needs_supporting = fields.Boolean(required=True)
    is_long = fields.Boolean(required=True)
    status = fields.Enum(RequestStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    decisions = fields.List(fields.Nested(DecisionOut), required=True)
    decision_reason = fields.String(required=True)
    attachments = fields.List(fields.Nested(AttachmentOut), required=True)
    without_proof = fields.Boolean(required=True)
    requested_at = LocalTime(required=True)
    version = fields.Integer(required=True)
    may_decide = fields.Boolean(required=True)
    may_reject = fields.Boolean(required=True)
    may_cancel = fields.Boolean(required=True)


class LeavesOut(PageOut):
    """A page of leave, the latest asked for first."""

    items = fields.List(fields.Nested(LeaveOut), required=True)
