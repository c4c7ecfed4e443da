"""What is asked and filled in about rules of subsidies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from backend.console.forms import FormSchema, MonthField, YuanField
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import RuleTerms
from backend.domain.subsidies.service.rules import RuleProposal

_NAME = validate.Length(max=60, error="请控制在60字以内。")
_REASON = validate.Length(max=200, error="请控制在200字以内。")
_COUNT = validate.Range(min=1, max=31, error="请填写1到31之间的整数。")
TO_ALL = "all"
_LEVEL, _RECIPIENT = "level:", "recipient:"


@dataclass(frozen=True)
class Audience:
    """For whom a rule is: those sent to all, to recipients of a level, or to one recipient."""

    level: str = ""
    recipient_id: UUID | None = None


class AudienceField(fields.Field[Audience]):
    """A choice of `audiences`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Audience:
        if value == TO_ALL:
            return Audience()
        if str(value).startswith(_LEVEL) and len(value) > len(_LEVEL):
            return Audience(level=value.removeprefix(_LEVEL))
        try:
            return Audience(recipient_id=UUID(value.removeprefix(_RECIPIENT)))
        except ValueError:
            raise ValidationError("请从列表中选择。") from None


def audiences(recipients: Iterable[Organisation]) -> list[tuple[str, str]]:
    """Return for whom a rule can be, as choices."""
    receiving = list(recipients)
    levels = sorted({one.level for one in receiving if one.level})
    return [
        (TO_ALL, "各受援单位"),
        *((f"{_LEVEL}{level}", f"级别：{level}") for level in levels),
        *((f"{_RECIPIENT}{one.id}", f"单位：{one.name}") for one in receiving),
    ]


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
    audience = AudienceField(required=True)
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
    """Return what was filled in as a proposal."""
    last = data.get("last_month")
    return RuleProposal(
        starts_on=data["starts_on"],
        until=date(last.year + last.month // 12, last.month % 12 + 1, 1) if last else None,
        level=data["audience"].level,
        recipient_id=data["audience"].recipient_id,
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
