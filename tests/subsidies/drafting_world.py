"""Months that are drafted, and what happens to them afterwards, as rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backend.domain.attendance.models.timesheets import Timesheet, TimesheetAmendment
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.careers.models.evaluations import Evaluation
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.service.drafting import draft_claims
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id
from tests.support.subsidies import working_days

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
DAYS = working_days(SEPTEMBER)


def draft_all() -> list[SubsidyClaim]:
    """Draft until nothing is left; return all claims by month."""
    while draft_claims():
        pass
    db.session.expire_all()
    return list(db.session.scalars(select(SubsidyClaim).order_by(SubsidyClaim.month, SubsidyClaim.drafted_at)))


def summary(claim: SubsidyClaim) -> list[tuple[str, int, str]]:
    return [(line.item.name, line.amount_fen, line.withheld) for line in claim.lines]


def amend(timesheet: Timesheet, day: date, after: Standing, shift: Shift = Shift.MORNING) -> None:
    """Let an accepted amendment lie over a line of a countersigned month."""
    before = Standing.PRESENT if after is not Standing.PRESENT else Standing.NOT_CHECKED_IN
    db.session.add(
        TimesheetAmendment(
            timesheet_id=timesheet.id,
            duty_on=day,
            shift=shift,
            before=before,
            after=after,
            reason="核实",
            status=RequestStatus.ACCEPTED,
            requested_by_person_id=timesheet.dispatch.person_id,
            requested_at=clock.now(),
            decided_at=clock.now(),
        )
    )
    db.session.commit()


def complete_evaluation(dispatch: Dispatch, grade: Grade = Grade.QUALIFIED) -> None:
    db.session.add(
        Evaluation(
            id=new_id(),
            dispatch_id=dispatch.id,
            person_id=dispatch.person_id,
            supporting_id=dispatch.supporting_id,
            recipient_id=dispatch.recipient_id,
            status=EvaluationStatus.COMPLETED,
            grade=grade,
            completed_at=clock.now(),
            verification_code=new_id().hex,
        )
    )
    db.session.commit()
