"""Leave that dispatches earned: those that ended as planned, with an evaluation that was completed and passes."""

from __future__ import annotations

import calendar
from datetime import date

from sqlalchemy import Select, select

from backend.domain.attendance.models.credits import LeaveCredit
from backend.domain.attendance.service.credits import Earning, grant_leave_credit
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import PASSED, EvaluationStatus
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.queries import find_setting, find_setting_row
from backend.foundation import clock
from backend.foundation.transaction import transaction

_AT_ONCE = 500


def grant_earned_leave() -> int:
    """Grant what the settings give and was not granted yet; return how many were.

    An evaluation is completed only when every month is countersigned, so that none need be asked for here.
    """
    granted = 0
    with transaction() as session:
        for dispatch in session.scalars(_earned()).all():
            earning = _earning_of(dispatch)
            if earning is not None:
                grant_leave_credit(dispatch, earning)
                granted += 1
    return granted


def _earned() -> Select[Dispatch]:
    return (
        select(Dispatch)
        .join(Evaluation, Evaluation.dispatch_id == Dispatch.id)
        .outerjoin(LeaveCredit, LeaveCredit.dispatch_id == Dispatch.id)
        .where(
            LeaveCredit.id.is_(None),
            Evaluation.status == EvaluationStatus.COMPLETED,
            Evaluation.grade.in_(PASSED),
            Dispatch.cancelled_at.is_(None),
            Dispatch.planned_end_on.is_(None),
            Dispatch.ends_on < clock.today(),
        )
        .order_by(Evaluation.completed_at.desc())
        .limit(_AT_ONCE)
        .with_for_update(of=Dispatch, skip_locked=True)
    )


def _earning_of(dispatch: Dispatch) -> Earning | None:
    """Return what the settings of the day on which a dispatch ended give; None where no document says anything."""
    row = find_setting_row("careers.leave_days_earned", dispatch.supporting_id, dispatch.ends_on)
    months = find_setting("careers.leave_months_valid", dispatch.supporting_id, dispatch.ends_on)
    if row is None or row.value is None or months is None:
        return None
    return Earning(row.value, _months_later(dispatch.ends_on, months), row.document_title, row.document_number)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
