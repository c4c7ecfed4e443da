"""What is asked and filled in about rules of subsidies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from backend.console.forms import FormSchema, MonthField, YuanField
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import RuleTerms
from backend.domain.subsidies.service.rules import RuleProposal

_NAME = validate.Length(max=60, error="请控制在60字以内。")
_REASON = validate.Length(max=200, error="请控制在200字以内。")
_COUNT = validate.Range(min=1, max=31, error="请填写1到31之间的整数。")
TO_ALL, TO_LEVEL, TO_ONE = "all", "level", "one"


class HoldingForm(FormSchema):
    """For which supporting hospital, at which recipient and in which month one asks what holds."""

    hospital = fields.UUID()
    recipient = fields.UUID()
    month = MonthField()


class ProgrammeForm(FormSchema):
    """A programme."""

    name = fields.String(required=True, validate=_NAME)


class ItemForm(FormSchema):
    """A name under which money is paid."""

    name = fields.String(required=True, validate=_NAME)
    kind = fields.Enum(ItemKind, by_value=True, required=True)
    exclusion = fields.String(load_default="", validate=_NAME)
    priority = fields.Integer(load_default=0)


class ProposalForm(FormSchema):
    """A version of a rule: only the fields that its kind of item has are shown."""

    amount_fen = YuanField()
    interval_months = fields.Integer()
    cap_fen = YuanField()
    cap_days = fields.Integer(validate=_COUNT)
    minimum_days = fields.Integer(validate=_COUNT)
    days_a_week = fields.Integer()
    needs_evaluation = fields.Boolean(load_default=False)
    audience = fields.String(load_default=TO_ALL, validate=validate.OneOf([TO_ALL, TO_LEVEL, TO_ONE]))
    level = fields.String(load_default="", validate=_NAME)
    recipient_id = fields.UUID()
    starts_on = MonthField(required=True)
    last_month = MonthField()
    document_title = fields.String(load_default="", validate=validate.Length(max=200, error="请控制在200字以内。"))
    document_number = fields.String(load_default="", validate=validate.Length(max=100, error="请控制在100字以内。"))


class DecisionForm(FormSchema):
    """A version that is approved or withdrawn, as it was shown."""

    version = fields.Integer(required=True)


class RefusalForm(DecisionForm):
    """A version that is refused; who proposed it is told why."""

    reason = fields.String(load_default="", validate=_REASON)


class TrialForm(FormSchema):
    """The year whose months a version is tried on."""

    year = fields.Integer(validate=validate.Range(min=2000, max=2099))


def proposal_of(data: Mapping[str, Any]) -> RuleProposal:
    """Return what was filled in as a proposal; what another audience needs is left aside."""
    last = data.get("last_month")
    return RuleProposal(
        starts_on=data["starts_on"],
        until=date(last.year + last.month // 12, last.month % 12 + 1, 1) if last else None,
        level=data["level"] if data["audience"] == TO_LEVEL else "",
        recipient_id=data.get("recipient_id") if data["audience"] == TO_ONE else None,
        document_title=data["document_title"],
        document_number=data["document_number"],
        terms=RuleTerms(
            amount_fen=data.get("amount_fen"),
            interval_months=data.get("interval_months"),
            cap_fen=data.get("cap_fen"),
            cap_days=data.get("cap_days"),
            minimum_days=data.get("minimum_days"),
            days_a_week=data.get("days_a_week"),
            needs_evaluation=data["needs_evaluation"],
        ),
    )


def missing_audience(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Say what is missing where the rule is for some only."""
    if data["audience"] == TO_LEVEL and not data["level"]:
        return "level", "请填写受援单位的级别。"
    if data["audience"] == TO_ONE and data.get("recipient_id") is None:
        return "recipient_id", "请选择受援单位。"
    return None
