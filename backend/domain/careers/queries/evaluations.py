"""Reading evaluations (鉴定)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import PASSED, EvaluationStatus
from backend.extensions import db


def passed_evaluations(dispatch_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these dispatches whose evaluation is completed with a grade that passes."""
    statement = select(Evaluation.dispatch_id).where(
        Evaluation.dispatch_id.in_(list(dispatch_ids)),
        Evaluation.status == EvaluationStatus.COMPLETED,
        Evaluation.grade.in_(PASSED),
    )
    return set(db.session.scalars(statement))
