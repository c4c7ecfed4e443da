"""What the lines of a sheet rest on beside taps: the corrections and the leave that were granted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.queries.timesheets import Sheet
from backend.extensions import db


@dataclass(frozen=True)
class Grounds:
    """The requests behind a sheet, in the order of their days."""

    corrections: list[CorrectionRequest]
    leaves: list[LeaveRequest]


def grounds_of(sheet: Sheet) -> Grounds:
    """Return the requests that the lines of a sheet rest on: for whoever may read the sheet."""
    corrected = {line.correction_id for line in sheet.lines if line.correction_id}
    granted = {line.leave_id for line in sheet.lines if line.leave_id}
    corrections = select(CorrectionRequest).options(joinedload(CorrectionRequest.decided_by))
    leaves = select(LeaveRequest).options(
        joinedload(LeaveRequest.recipient_decided_by), joinedload(LeaveRequest.supporting_decided_by)
    )
    ordered_corrections = corrections.where(CorrectionRequest.id.in_(corrected)).order_by(CorrectionRequest.happened_at)
    ordered_leaves = leaves.where(LeaveRequest.id.in_(granted)).order_by(LeaveRequest.halves)
    return Grounds(
        corrections=list(db.session.scalars(ordered_corrections)) if corrected else [],
        leaves=list(db.session.scalars(ordered_leaves)) if granted else [],
    )
