"""Shapes of requests for corrections and leave."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.strict import Choice, Day, Id, Input, Instant, PageInput, Text, Whole
from backend.domain.attendance.rules.requests import RequestStatus
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
