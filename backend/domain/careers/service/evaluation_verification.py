"""Looking a printed 鉴定表 up by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.domain.attendance.service.verification import masked_name
from backend.domain.careers.queries.evaluations import find_evaluation_by_code
from backend.domain.careers.queries.facts import facts_of
from backend.domain.careers.rules.evaluations import GRADE_LABELS
from backend.foundation import clock


@dataclass(frozen=True)
class VerifiedEvaluation:
    """A completed evaluation: no more than is needed to tell that a paper agrees with the record."""

    evaluation_id: UUID
    recipient_name: str
    masked_name: str
    period_label: str
    actual_days_label: str
    grade_label: str
    completed_on: date


def find_verified_evaluation(code: str) -> VerifiedEvaluation | None:
    """Return the completed evaluation that carries a code."""
    evaluation = find_evaluation_by_code(code)
    if evaluation is None or evaluation.completed_at is None or evaluation.grade is None:
        return None
    facts = facts_of(evaluation)
    return VerifiedEvaluation(
        evaluation_id=evaluation.id,
        recipient_name=facts.recipient,
        masked_name=masked_name(facts.name),
        period_label=facts.period_label,
        actual_days_label=facts.actual_days_label,
        grade_label=GRADE_LABELS[evaluation.grade],
        completed_on=clock.local(evaluation.completed_at).date(),
    )
