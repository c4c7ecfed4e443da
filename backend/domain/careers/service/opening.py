"""Opening the evaluation of a dispatch that ends soon, or has ended."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EVALUATED_FROM_DAYS, OPENED_DAYS_AFTER, OPENED_DAYS_AHEAD
from backend.domain.careers.service.evaluation_notices import tell_whose_turn
from backend.domain.dispatch.models import Dispatch
from backend.foundation import clock
from backend.foundation.transaction import transaction

_AT_ONCE = 500


def open_evaluations() -> int:
    """Open the evaluations that are due and not there, and ask each person for their summary; return how many."""
    with transaction() as session:
        dispatches = list(session.scalars(_due_for_evaluation()))
        for dispatch in dispatches:
            evaluation = Evaluation(
                dispatch=dispatch,
                person=dispatch.person,
                supporting_id=dispatch.supporting_id,
                recipient_id=dispatch.recipient_id,
                opened_at=clock.now(),
            )
            session.add(evaluation)
            session.flush()
            tell_whose_turn(evaluation)
        return len(dispatches)


def _due_for_evaluation() -> Select[Dispatch]:
    today = clock.today()
    return (
        select(Dispatch)
        .outerjoin(Evaluation, Evaluation.dispatch_id == Dispatch.id)
        .where(
            Evaluation.id.is_(None),
            Dispatch.cancelled_at.is_(None),
            Dispatch.ends_on - Dispatch.starts_on + 1 >= EVALUATED_FROM_DAYS,
            Dispatch.ends_on.between(
                today - timedelta(days=OPENED_DAYS_AFTER), today + timedelta(days=OPENED_DAYS_AHEAD)
            ),
        )
        .options(joinedload(Dispatch.person), joinedload(Dispatch.recipient))
        .order_by(Dispatch.ends_on, Dispatch.id)
        .limit(_AT_ONCE)
        .with_for_update(of=Dispatch, skip_locked=True)
    )
