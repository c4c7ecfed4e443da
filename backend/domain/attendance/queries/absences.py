"""Reading on which half days dispatches are not due: leave that was accepted, and suspensions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.models.requests import LeaveRequest
from backend.domain.attendance.queries.leave import span_of_leave
from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.dispatch.models import Suspension
from backend.domain.dispatch.rules import Shift
from backend.extensions import db


def absences_of(dispatch_ids: Collection[UUID], first: date, last: date) -> dict[UUID, list[Absence]]:
    """Return the absences of these dispatches that touch a period, in two statements."""
    found: dict[UUID, list[Absence]] = defaultdict(list)
    leave = select(LeaveRequest).where(
        LeaveRequest.dispatch_id.in_(dispatch_ids),
        LeaveRequest.status == RequestStatus.ACCEPTED,
        LeaveRequest.starts_on <= last,
        LeaveRequest.ends_on >= first,
    )
    for row in db.session.scalars(leave):
        found[row.dispatch_id].append(Absence(span_of_leave(row), row.kind))
    suspended = select(Suspension.dispatch_id, Suspension.during).where(
        Suspension.dispatch_id.in_(dispatch_ids), Suspension.during.overlaps(Range(first, last, bounds="[]"))
    )
    for dispatch_id, during in db.session.execute(suspended):
        ends_on = during.upper - timedelta(days=1) if during.upper else date.max
        span = LeaveSpan(during.lower or date.min, Shift.MORNING, ends_on, Shift.NIGHT)
        found[dispatch_id].append(Absence(span))
    return found
