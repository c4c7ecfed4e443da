"""Shapes of timesheets: a month in a list, one whole, and what is done with it."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from marshmallow import ValidationError, fields, validates_schema

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.attendance import TapOut
from backend.api.schemas.strict import Choice, Day, Id, Input, Month, PageInput, Part, Parts, Text, Whole
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.timesheets import AMENDABLE, Standing, TimesheetStatus
from backend.domain.dispatch.rules import Shift

_VERSION = {"minimum": 0, "maximum": 1_000_000}


class TimesheetsInput(PageInput):
    """Which timesheets."""

    month = Month()
    status = Choice(TimesheetStatus)

    @validates_schema
    def _says_which(self, data: dict[str, Any], **_: Any) -> None:
        if "month" not in data and data.get("status") is not TimesheetStatus.SUBMITTED:
            raise ValidationError("请选择月份；只有待会签的可以不选。", "month")


class VersionInput(Input):
    """Which state of it was read: 0 before it was handed in for the first time."""

    version = Whole(**_VERSION, required=True)


class SubmitInput(VersionInput):
    """Handing a month in."""

    remark = Text(minimum=0, maximum=200, multiline=True, load_default="")


class ReturnInput(VersionInput):
    """Giving a month back."""

    reason = Text(maximum=200, multiline=True, required=True)


class ChosenInput(VersionInput):
    """One of those that are signed together."""

    id = Id(required=True)


class SignTogetherInput(Input):
    """The clean ones that are signed together."""

    timesheets = Parts(Part(ChosenInput), maximum=100, required=True)


class AmendmentInput(Input):
    """What a line of a countersigned month should say instead."""

    duty_on = Day(required=True)
    shift = Choice(Shift, required=True)
    after = Choice(Standing, only=sorted(AMENDABLE), required=True)
    leave_kind = Choice(LeaveKind, allow_none=True)
    reason = Text(maximum=200, multiline=True, required=True)


class ScanInput(Input):
    """Which uploaded file is the scan."""

    attachment_id = Id(required=True)


class RejectInput(Input):
    """Why not."""

    reason = Text(maximum=200, multiline=True, required=True)


class LeaveDaysOut(Schema):
    """Days of one kind of leave."""

    kind = fields.Enum(LeaveKind, by_value=True, required=True)
    label = fields.String(required=True)
    days = fields.String(required=True)


class FiguresOut(Schema):
    """What a month comes to, in days with halves as the printed form has them; nights and exceptions are counted."""

    due_days = fields.String(required=True, metadata={"example": "21.5"})
    served_days = fields.String(required=True)
    nights = fields.Integer(required=True)
    not_checked_in_days = fields.String(required=True)
    absent_days = fields.String(required=True)
    leave = fields.List(fields.Nested(LeaveDaysOut), required=True)
    exceptions = fields.Integer(required=True)


class SignatureOut(Schema):
    """Who countersigned, and as what."""

    name = fields.String(required=True)
    role_label = fields.String(required=True)


class TimesheetOut(Schema):
    """A dispatch's month (考勤表); `id` is null until it was handed in."""

    id = fields.UUID(required=True, allow_none=True)
    dispatch_id = fields.UUID(required=True)
    month = fields.String(required=True, metadata={"example": "2026-10"})
    person = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    supporting = fields.Nested(NamedOut, required=True)
    department = fields.String(required=True, allow_none=True)
    status = fields.Enum(TimesheetStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    figures = fields.Nested(FiguresOut, required=True)
    clean = fields.Boolean(required=True)
    submitted_at = LocalTime(required=True, allow_none=True)
    countersigned_at = LocalTime(required=True, allow_none=True)
    countersigned_by = fields.Nested(SignatureOut, required=True, allow_none=True)
    return_reason = fields.String(required=True)
    remark = fields.String(required=True)
    verification_code = fields.String(required=True, allow_none=True)
    needs_scan = fields.Boolean(required=True)
    has_scan = fields.Boolean(required=True)
    escalated = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    may_submit = fields.Boolean(required=True)
    why_not_submit = fields.String(required=True, allow_none=True)
    may_countersign = fields.Boolean(required=True)
    may_return = fields.Boolean(required=True)


class LineOut(Schema):
    """One shift of a month: how it stands, and what it rests on."""

    duty_on = fields.Date(required=True)
    shift = fields.Enum(Shift, by_value=True, required=True)
    shift_label = fields.String(required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    label = fields.String(required=True)
    symbol = fields.String(required=True)
    working = fields.Boolean(required=True, allow_none=True)
    leave_kind = fields.Enum(LeaveKind, by_value=True, required=True, allow_none=True)
    check_in = fields.Nested(TapOut, required=True, allow_none=True)
    correction_id = fields.UUID(required=True, allow_none=True)
    leave_id = fields.UUID(required=True, allow_none=True)
    amended = fields.Boolean(required=True)


class SymbolOut(Schema):
    """What a symbol means."""

    symbol = fields.String(required=True)
    meaning = fields.String(required=True)


class AmendmentOut(Schema):
    """A dated change of a countersigned month."""

    id = fields.UUID(required=True)
    duty_on = fields.Date(required=True)
    shift = fields.Enum(Shift, by_value=True, required=True)
    shift_label = fields.String(required=True)
    before_label = fields.String(required=True)
    after_label = fields.String(required=True)
    reason = fields.String(required=True)
    status = fields.Enum(RequestStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    requested_by = fields.String(required=True)
    requested_at = LocalTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = LocalTime(required=True, allow_none=True)
    decision_reason = fields.String(required=True)
    may_decide = fields.Boolean(required=True)


class WeekOut(Schema):
    """What a week asks: three fifths of its working days less leave, rounded up; weeks that end in the month."""

    week_starts_on = fields.Date(required=True)
    working_days = fields.Integer(required=True)
    leave_days = fields.String(required=True)
    required_days = fields.Integer(required=True)
    served_days = fields.String(required=True)
    met = fields.Boolean(required=True)


class WholeFiguresOut(FiguresOut):
    """What a month comes to, and what each of its weeks asks; none where nothing is asked of single days."""

    required = fields.List(fields.Nested(WeekOut), required=True)


class WholeTimesheetOut(TimesheetOut):
    """A dispatch's month with its lines."""

    figures = fields.Nested(WholeFiguresOut, required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    legend = fields.List(fields.Nested(SymbolOut), required=True)
    amendments = fields.List(fields.Nested(AmendmentOut), required=True)


class TimesheetsOut(PageOut):
    """A page of timesheets."""

    items = fields.List(fields.Nested(TimesheetOut), required=True)


class LeftOut(Schema):
    """One that was not signed with the others, and why."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class SignedTogetherOut(Schema):
    """What came of signing together."""

    countersigned = fields.List(fields.UUID(), required=True)
    left = fields.List(fields.Nested(LeftOut), required=True)
