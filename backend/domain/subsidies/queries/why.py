"""Why a line of a claim is what it is: days, rule, document, arithmetic, receipts and decisions on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from backend.domain.subsidies.errors.claims import ClaimLineNotFound
from backend.domain.subsidies.models.approvals import SubsidyDecision
from backend.domain.subsidies.models.claims import SubsidyClaim, SubsidyLine, SubsidyReceipt
from backend.domain.subsidies.models.programmes import SubsidyRule
from backend.domain.subsidies.queries.claims import get_claim
from backend.domain.subsidies.queries.evidence import DayShown, days_behind
from backend.domain.subsidies.queries.rules import audience_text, months_of, terms_of
from backend.domain.subsidies.queries.whole import LineShown, show_line
from backend.domain.subsidies.rules.amounts import steps_of
from backend.domain.subsidies.rules.terms import condition_texts, sum_text
from backend.extensions import db
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class RuleShown:
    """The version of a rule by which a line was computed, in words, with who answers for it."""

    rule: SubsidyRule
    item: str
    sum_text: str
    audience: str
    conditions: tuple[str, ...]
    first: date
    last: date | None
    proposed_by: str
    approved_by: str


@dataclass(frozen=True)
class Why:
    """All that a line rests on."""

    shown: LineShown
    rule: RuleShown
    days: list[DayShown]
    arithmetic: list[tuple[str, str]]
    receipts: list[SubsidyReceipt]
    decisions: list[SubsidyDecision]
    reverses: LineShown | None


def why(actor: Actor, claim_id: UUID, line_id: UUID) -> Why:
    """Return all that a line of a claim rests on.

    Raises:
        ClaimNotFound, Forbidden: as in get_claim.
        ClaimLineNotFound: the claim has no such line.
    """
    claim = get_claim(actor, claim_id)
    line = next((line for line in claim.lines if line.id == line_id), None)
    if line is None:
        raise ClaimLineNotFound
    return _why(claim, line)


def why_all(actor: Actor, claim_id: UUID) -> list[Why]:
    """Return all that each line of a claim rests on, in the order of the claim.

    Raises:
        ClaimNotFound, Forbidden: as in get_claim.
    """
    claim = get_claim(actor, claim_id)
    return [_why(claim, line) for line in claim.lines]


def _why(claim: SubsidyClaim, line: SubsidyLine) -> Why:
    reverses = db.session.get_one(SubsidyLine, line.reverses_id) if line.reverses_id is not None else None
    return Why(
        shown=show_line(line),
        rule=_rule(line),
        days=days_behind(line),
        arithmetic=steps_of(line.item.kind, terms_of(line.rule), line.inputs),
        receipts=_receipts(line),
        decisions=list(claim.decisions),
        reverses=show_line(reverses) if reverses is not None else None,
    )


def _rule(line: SubsidyLine) -> RuleShown:
    rule = line.rule
    terms, months = terms_of(rule), months_of(rule)
    return RuleShown(
        rule=rule,
        item=line.item.name,
        sum_text=sum_text(line.item.kind, terms),
        audience=audience_text(rule),
        conditions=condition_texts(line.item.kind, terms),
        first=months.start,
        last=months.until - timedelta(days=1) if months.until is not None else None,
        proposed_by=rule.proposed_by.name if rule.proposed_by else "",
        approved_by=rule.decided_by.name if rule.decided_by else "",
    )


def _receipts(line: SubsidyLine) -> list[SubsidyReceipt]:
    """Return the receipts that the line was computed from: by what is frozen with it, wherever they are now."""
    ids = [UUID(one["id"]) for one in line.inputs.get("receipts", ())]
    statement = select(SubsidyReceipt).where(SubsidyReceipt.id.in_(ids))
    return list(db.session.scalars(statement.order_by(SubsidyReceipt.spent_on, SubsidyReceipt.id))) if ids else []
