"""Shapes of subsidy claims: listed, whole, explained line by line, handed in, decided one or many."""

from __future__ import annotations

from apiflask import Schema
from marshmallow import fields

from backend.api.schemas.answers import LocalTime, NamedOut, PageOut
from backend.api.schemas.strict import Choice, Id, Input, Month, PageInput, Part, Parts, QueryFlag, Text, Whole
from backend.api.schemas.subsidy_receipts import SubsidyReceiptOut
from backend.domain.subsidies.rules.approval import StepState
from backend.domain.subsidies.rules.statuses import ClaimKind, ClaimStatus, LineSort


class SubsidyClaimsInput(PageInput):
    """Which claims; `waiting` are those that the current role may decide now."""

    mine = QueryFlag(load_default=False)
    waiting = QueryFlag(load_default=False)
    status = Choice(ClaimStatus)
    month = Month()
    recipient_id = Id()
    text = Text(minimum=0, maximum=40, metadata={"description": "姓名，或工号的开头"})


class SubsidyVersionInput(Input):
    """The claim as it was read."""

    version = Whole(minimum=1, maximum=2_000_000_000, required=True)


class SubsidySubmitInput(SubsidyVersionInput):
    """Handing in; an explanation that is left out stays as it was."""

    explanation = Text(minimum=0, maximum=500, multiline=True)


class SubsidyReasonInput(SubsidyVersionInput):
    """Giving back, or refusing."""

    reason = Text(maximum=200, multiline=True, required=True)


class ChosenSubsidyInput(SubsidyVersionInput):
    """One of those that are approved together."""

    id = Id(required=True)


class SubsidiesTogetherInput(Input):
    """Those that are approved together."""

    claims = Parts(Part(ChosenSubsidyInput), maximum=100, required=True)


class SubsidyRemarkOut(Schema):
    """Something to be seen, by code and in words."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class SubsidyClaimCardOut(Schema):
    """A claim in a list; `exceptions` need an eye before it is approved."""

    id = fields.UUID(required=True)
    kind = fields.Enum(ClaimKind, by_value=True, required=True)
    kind_label = fields.String(required=True)
    month = fields.Date(format="%Y-%m", required=True)
    month_label = fields.String(required=True)
    person = fields.Nested(NamedOut, required=True)
    supporting = fields.Nested(NamedOut, required=True)
    recipient = fields.Nested(NamedOut, required=True)
    status = fields.Enum(ClaimStatus, by_value=True, required=True)
    status_label = fields.String(required=True)
    total_fen = fields.Integer(required=True)
    total_label = fields.String(required=True)
    step_label = fields.String(required=True, allow_none=True)
    exceptions = fields.List(fields.Nested(SubsidyRemarkOut), required=True)
    last_month_fen = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)


class SubsidyClaimsOut(PageOut):
    """A page of claims."""

    items = fields.List(fields.Nested(SubsidyClaimCardOut), required=True)


class SubsidyDocumentOut(Schema):
    """The document that a sum rests on (依据文件, 文号)."""

    title = fields.String(required=True)
    number = fields.String(required=True)


class SubsidyLineOut(Schema):
    """One sum, with its arithmetic in a sentence."""

    id = fields.UUID(required=True)
    item = fields.String(required=True)
    sort = fields.Enum(LineSort, by_value=True, required=True)
    sort_label = fields.String(required=True)
    month_label = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    amount_label = fields.String(required=True)
    withheld = fields.Nested(SubsidyRemarkOut, required=True, allow_none=True)
    sentence = fields.String(required=True)
    document = fields.Nested(SubsidyDocumentOut, required=True)


class SubsidyStepOut(Schema):
    """One step of the approval."""

    label = fields.String(required=True)
    role_label = fields.String(required=True)
    state = fields.Enum(StepState, by_value=True, required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = LocalTime(required=True, allow_none=True)
    decision_label = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)


class SubsidyPaymentOut(Schema):
    """How it is paid; `account_masked` is empty for who may not see it."""

    run_label = fields.String(required=True)
    status_label = fields.String(required=True)
    paid_on = fields.Date(required=True, allow_none=True)
    account_masked = fields.String(required=True)
    failure_reason = fields.String(required=True)


class SubsidyMayOut(Schema):
    """What the actor may do with it now."""

    submit = fields.Boolean(required=True)
    approve = fields.Boolean(required=True)
    return_ = fields.Boolean(required=True, data_key="return")
    reject = fields.Boolean(required=True)
    add_receipt = fields.Boolean(required=True)


class SubsidyClaimOut(SubsidyClaimCardOut):
    """A claim whole."""

    dispatch_id = fields.UUID(required=True)
    timesheet_id = fields.UUID(required=True, allow_none=True)
    explanation = fields.String(required=True)
    lines = fields.List(fields.Nested(SubsidyLineOut), required=True)
    steps = fields.List(fields.Nested(SubsidyStepOut), required=True)
    return_reason = fields.String(required=True)
    payment = fields.Nested(SubsidyPaymentOut, required=True, allow_none=True)
    may = fields.Nested(SubsidyMayOut, required=True)
    submitted_at = LocalTime(required=True, allow_none=True)
    approved_at = LocalTime(required=True, allow_none=True)
    paid_at = LocalTime(required=True, allow_none=True)


class LeftSubsidyOut(Schema):
    """One that was not approved with the others, and why."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ApprovedSubsidyOut(Schema):
    """One that was approved."""

    id = fields.UUID(required=True)
    total_fen = fields.Integer(required=True)


class SubsidiesTogetherOut(Schema):
    """What came of approving together."""

    done = fields.List(fields.Nested(ApprovedSubsidyOut), required=True)
    left = fields.List(fields.Nested(LeftSubsidyOut), required=True)
    done_total_fen = fields.Integer(required=True)
    done_total_label = fields.String(required=True)


class SubsidyShiftOut(Schema):
    """One shift of a day: whether the line counts it, and what shows it."""

    shift_label = fields.String(required=True)
    standing_label = fields.String(required=True)
    counts = fields.Boolean(required=True)
    evidence = fields.String(required=True)


class SubsidyDayOut(Schema):
    """A day that a line rests on."""

    day = fields.Date(required=True)
    weekday_label = fields.String(required=True)
    shifts = fields.List(fields.Nested(SubsidyShiftOut), required=True)


class SubsidyRuleOut(Schema):
    """The version of the rule by which a line was computed; `until` is its last day."""

    item = fields.String(required=True)
    amount_label = fields.String(required=True)
    audience_label = fields.String(required=True)
    conditions = fields.List(fields.String(), required=True)
    first = fields.Date(data_key="from", required=True)
    until = fields.Date(required=True, allow_none=True)
    approved_by = fields.String(required=True)
    proposed_by = fields.String(required=True)
    document = fields.Nested(SubsidyDocumentOut, required=True)


class SubsidyFigureOut(Schema):
    """One step of the arithmetic."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class SubsidyDecisionOut(Schema):
    """What one approver said, in this round or one before."""

    round = fields.Integer(required=True)
    label = fields.String(required=True)
    role_label = fields.String(required=True)
    decided_by = fields.String(required=True)
    decided_at = LocalTime(required=True)
    decision_label = fields.String(required=True)
    reason = fields.String(required=True)


class ExplainedLineOut(SubsidyLineOut):
    """A line with all that it rests on."""

    rule = fields.Nested(SubsidyRuleOut, required=True)
    days = fields.List(fields.Nested(SubsidyDayOut), required=True)
    receipts = fields.List(fields.Nested(SubsidyReceiptOut), required=True)
    arithmetic = fields.List(fields.Nested(SubsidyFigureOut), required=True)
    decisions = fields.List(fields.Nested(SubsidyDecisionOut), required=True)
    reverses = fields.Nested(SubsidyLineOut, required=True, allow_none=True)
