"""Shapes of taps, of somebody's day, and of their month."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut
from backend.api.schemas.organisations import SiteOut
from backend.api.schemas.strict import (
    Choice,
    Flag,
    HeaderInput,
    Id,
    Input,
    Instant,
    Month,
    Number,
    Part,
    Patterned,
    Text,
)
from backend.domain.attendance.rules.days import DayState
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.rules import DispatchKind, Shift
from backend.domain.organisations.rules.places import CoordinateSystem


class LocationInput(Input):
    """Where the phone says it is; a place in China, accuracy in metres as the phone gives it."""

    longitude = Number(minimum=73, maximum=136, required=True)
    latitude = Number(minimum=3, maximum=54, required=True)
    accuracy_m = Number(minimum=0, maximum=10_000, required=True)
    # What phones speak; the offices' maps speak more.
    coordinate_system = Choice(CoordinateSystem, only=(CoordinateSystem.GCJ_02, CoordinateSystem.WGS_84), required=True)


class OfflineInput(Input):
    """The phone's clock, of a tap that was made without network."""

    tapped_at = Instant(required=True)
    sent_at = Instant(required=True)
    last_server_time = Instant(required=True, allow_none=True)
    last_server_seen_at = Instant(required=True, allow_none=True)


class CheckInInput(Input):
    """One press of the button."""

    dispatch_id = Id(required=True)
    kind = Choice(CheckInKind, required=True)
    shift = Choice(Shift, allow_none=True)
    location = Part(LocationInput, required=True, allow_none=True)
    location_denied = Flag(load_default=False)
    offline = Part(OfflineInput, allow_none=True)
    note = Text(minimum=0, maximum=200, load_default="")
    nonce = Text(maximum=100)
    installation = Patterned("[A-Za-z0-9_-]{16,64}", error="小程序标识格式有误。")
    code = Patterned("[0-9]{8}", error="动态码应为8位数字。")


class NonceInput(Input):
    """Nothing: the key in the header says all."""


class NonceOut(Schema):
    """What goes beside the tap of this key."""

    nonce = fields.String(required=True)
    expires_at = LocalTime(required=True)


class IdempotencyInput(HeaderInput):
    """The key that makes a repeat safe: one for each press, the same for each time that it is sent."""

    key = Patterned("[A-Za-z0-9_-]{8,64}", error="幂等键格式有误。", data_key="Idempotency-Key", required=True)


class ReasonOut(Schema):
    """Why a tap is believed as far as it is."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class ReviewOut(Schema):
    """What people said about a tap."""

    explanation = fields.String(required=True)
    explained_at = LocalTime(required=True, allow_none=True)
    confirmation = fields.Enum(Confirmation, by_value=True, required=True, allow_none=True)
    confirmation_label = fields.String(required=True, allow_none=True)
    confirmed_at = LocalTime(required=True, allow_none=True)
    judgement = fields.Enum(Judgement, by_value=True, required=True, allow_none=True)
    judgement_label = fields.String(required=True, allow_none=True)
    judgement_reason = fields.String(required=True)
    judged_at = LocalTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class TapOut(Schema):
    """A tap, and what the server made of it."""

    id = fields.UUID(required=True)
    dispatch_id = fields.UUID(required=True)
    duty_on = fields.Date(required=True)
    shift = fields.Enum(Shift, by_value=True, required=True)
    shift_label = fields.String(required=True)
    kind = fields.Enum(CheckInKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    tapped_at = LocalTime(required=True)
    received_at = LocalTime(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    verdict_label = fields.String(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    outcome_label = fields.String(required=True)
    distance_m = fields.Integer(required=True, allow_none=True)
    accuracy_m = fields.Integer(required=True, allow_none=True)
    site = fields.Nested(NamedOut, required=True, allow_none=True)
    late = fields.Boolean(required=True)
    effective = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    review = fields.Nested(ReviewOut, required=True, allow_none=True)


class RecordedOut(Schema):
    """The tap that was recorded."""

    check_in = fields.Nested(TapOut, required=True)
    server_time = LocalTime(required=True)


class ShiftOut(Schema):
    """A part of a duty day."""

    shift = fields.Enum(Shift, by_value=True, required=True)
    label = fields.String(required=True)


class DutyOut(Schema):
    """Where one is expected today."""

    dispatch_id = fields.UUID(required=True)
    kind = fields.Enum(DispatchKind, by_value=True, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    department = fields.String(required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    shifts = fields.List(fields.Nested(ShiftOut), required=True)
    current_shift = fields.Enum(Shift, by_value=True, required=True)
    sites = fields.List(fields.Nested(SiteOut), required=True)


class NextDutyOut(Schema):
    """The next day on which one is expected."""

    dispatch_id = fields.UUID(required=True)
    recipient = fields.Nested(NamedOut, required=True)
    day = fields.Date(required=True)
    shifts = fields.List(fields.Nested(ShiftOut), required=True)


class TodoOut(Schema):
    """How much waits for one in the current role."""

    timesheets_to_sign = fields.Integer(required=True)
    requests_to_decide = fields.Integer(required=True)
    exceptions_open = fields.Integer(required=True)
    clinics_today = fields.Integer(required=True)
    closures_to_call = fields.Integer(required=True)
    activities_to_sign = fields.Integer(required=True)
    claims_to_submit = fields.Integer(required=True)
    claims_to_approve = fields.Integer(required=True)
    evaluations_waiting = fields.Integer(required=True)


class TodayOut(Schema):
    """Somebody's day: where they are sent, what was recorded."""

    server_time = LocalTime(required=True)
    day = fields.Date(required=True)
    weekday_label = fields.String(required=True)
    holiday_label = fields.String(required=True, allow_none=True)
    duty = fields.Nested(DutyOut, required=True, allow_none=True)
    next = fields.Nested(NextDutyOut, required=True, allow_none=True)
    taps = fields.List(fields.Nested(TapOut), required=True)
    notice_count = fields.Integer(required=True)
    spot_check = fields.Nested("SpotCheckOut", required=True, allow_none=True)
    todo = fields.Nested(TodoOut, required=True)


class MonthInput(Input):
    """Which month."""

    month = Month(required=True)


class MonthDayOut(Schema):
    """A day of somebody's month; `working` is null where that year's calendar is not loaded."""

    day = fields.Date(required=True)
    weekday_label = fields.String(required=True)
    working = fields.Boolean(required=True, allow_none=True)
    on_duty = fields.Boolean(required=True)
    required_shifts = fields.List(fields.Enum(Shift, by_value=True), required=True)
    taps = fields.List(fields.Nested(TapOut), required=True)
    state = fields.Enum(DayState, by_value=True, required=True)


class MonthSummaryOut(Schema):
    """A month in numbers of days."""

    duty_days = fields.Integer(required=True)
    days_checked_in = fields.Integer(required=True)
    exceptions = fields.Integer(required=True)


class MonthOut(Schema):
    """Somebody's month, day by day."""

    month = fields.String(required=True)
    days = fields.List(fields.Nested(MonthDayOut), required=True)
    summary = fields.Nested(MonthSummaryOut, required=True)
