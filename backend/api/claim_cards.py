"""What the API shows of subsidy claims: cards of a list, one whole, a line with all that it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from backend.api.subsidy_receipts import describe_receipts
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.dispatch.rules import SHIFT_LABELS, WEEKDAY_LABELS
from backend.domain.subsidies.models.approvals import SubsidyDecision
from backend.domain.subsidies.queries.claim_rows import ClaimRow
from backend.domain.subsidies.queries.evidence import DayShown
from backend.domain.subsidies.queries.whole import LineShown, StepShown, WholeClaim
from backend.domain.subsidies.queries.why import RuleShown, Why
from backend.domain.subsidies.rules.statuses import (
    CLAIM_KIND_LABELS,
    CLAIM_STATUS_LABELS,
    DECISION_LABELS,
    LINE_SORT_LABELS,
    ClaimAction,
)
from backend.foundation.money import yuan


def describe_row(row: ClaimRow) -> dict[str, Any]:
    """Return what `SubsidyClaimCardOut` shows."""
    claim = row.claim
    return {
        "id": claim.id,
        "kind": claim.kind,
        "kind_label": CLAIM_KIND_LABELS[claim.kind],
        "month": claim.month,
        "month_label": month_label(claim.month),
        "person": claim.person,
        "supporting": claim.supporting,
        "recipient": claim.recipient,
        "status": claim.status,
        "status_label": CLAIM_STATUS_LABELS[claim.status],
        "total_fen": claim.total_fen,
        "total_label": sum_label(claim.total_fen),
        "step_label": row.step_label,
        "exceptions": row.exceptions,
        "last_month_fen": row.last_month_fen,
        "version": claim.version,
    }


def describe_whole(whole: WholeClaim) -> dict[str, Any]:
    """Return what `SubsidyClaimOut` shows."""
    claim = whole.claim
    return describe_row(whole.row) | {
        "dispatch_id": claim.dispatch_id,
        "timesheet_id": claim.timesheet_id,
        "explanation": claim.explanation,
        "lines": [_line(line) for line in whole.lines],
        "steps": [_step(step) for step in whole.steps],
        "return_reason": whole.return_reason,
        "payment": whole.payment,
        "may": {
            "submit": ClaimAction.SUBMIT in whole.may,
            "approve": ClaimAction.APPROVE in whole.may,
            "return_": ClaimAction.RETURN in whole.may,
            "reject": ClaimAction.REJECT in whole.may,
            "add_receipt": whole.may_add_receipt,
        },
        "submitted_at": claim.submitted_at,
        "approved_at": claim.approved_at,
        "paid_at": claim.paid_at,
    }


def describe_why(why: Why) -> dict[str, Any]:
    """Return what `ExplainedLineOut` shows."""
    return _line(why.shown) | {
        "rule": _rule(why.rule),
        "days": [_day(day) for day in why.days],
        "receipts": describe_receipts(why.receipts),
        "arithmetic": [{"label": label, "value": value} for label, value in why.arithmetic],
        "decisions": [_decision(decision) for decision in why.decisions],
        "reverses": _line(why.reverses) if why.reverses else None,
    }


def month_label(month: date) -> str:
    """Return 2026年10月."""
    return f"{month.year}年{month.month}月"


def sum_label(fen: int) -> str:
    """Return 1,234.56元."""
    return f"{yuan(fen)}元"


def _line(shown: LineShown) -> dict[str, Any]:
    line = shown.line
    return {
        "id": line.id,
        "item": line.item.name,
        "sort": line.sort,
        "sort_label": LINE_SORT_LABELS[line.sort],
        "month_label": month_label(line.month),
        "amount_fen": line.amount_fen,
        "amount_label": sum_label(line.amount_fen),
        "withheld": {"code": line.withheld, "text": shown.withheld} if line.withheld else None,
        "sentence": shown.sentence,
        "document": {"title": line.rule.document_title, "number": line.rule.document_number},
    }


def _step(shown: StepShown) -> dict[str, Any]:
    decision = shown.decision
    return {
        "label": shown.step.label,
        "role_label": ROLE_LABELS[shown.step.role],
        "state": shown.state,
        "decided_by": decision.decided_by.name if decision else None,
        "decided_at": decision.decided_at if decision else None,
        "decision_label": DECISION_LABELS[decision.decision] if decision else None,
        "reason": decision.reason if decision else "",
    }


def _decision(decision: SubsidyDecision) -> dict[str, Any]:
    return {
        "round": decision.round,
        "label": decision.step_label,
        "role_label": ROLE_LABELS[decision.decided_as],
        "decided_by": decision.decided_by.name,
        "decided_at": decision.decided_at,
        "decision_label": DECISION_LABELS[decision.decision],
        "reason": decision.reason,
    }


def _rule(shown: RuleShown) -> dict[str, Any]:
    return {
        "item": shown.item,
        "amount_label": shown.sum_text,
        "audience_label": shown.audience,
        "conditions": shown.conditions,
        "first": shown.first,
        "until": shown.last,
        "approved_by": shown.approved_by,
        "proposed_by": shown.proposed_by,
        "document": {"title": shown.rule.document_title, "number": shown.rule.document_number},
    }


def _day(shown: DayShown) -> dict[str, Any]:
    return {
        "day": shown.day,
        "weekday_label": f"星期{WEEKDAY_LABELS[shown.day.weekday()]}",
        "shifts": [
            {
                "shift_label": SHIFT_LABELS[shift.shift],
                "standing_label": shift.standing_label,
                "counts": shift.counts,
                "evidence": shift.evidence,
            }
            for shift in shown.shifts
        ],
    }
