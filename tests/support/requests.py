"""Leave and corrections as rows, for tests that start from what was decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range

from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.rules.leave import LeaveSpan
from backend.domain.attendance.rules.requests import LeaveKind, RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.ids import new_id


def make_leave(
    dispatch: Dispatch,
    span: LeaveSpan,
    status: RequestStatus = RequestStatus.ACCEPTED,
    *,
    kind: LeaveKind = LeaveKind.PERSONAL,
    reason: str = "家中有事",
    needs_supporting: bool = False,
    is_long: bool = False,
) -> LeaveRequest:
    """Return leave of a dispatch; nothing is concluded."""
    leave = LeaveRequest(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=kind,
        starts_on=span.starts_on,
        starts_with=span.starts_with,
        ends_on=span.ends_on,
        ends_with=span.ends_with,
        halves=Range(*span.numbers),
        reason=reason,
        needs_supporting=needs_supporting,
        is_long=is_long,
        status=status,
        requested_at=clock.now(),
    )
    db.session.add(leave)
    db.session.commit()
    return leave


def make_correction(
    dispatch: Dispatch,
    happened_at: datetime | None = None,
    shift: Shift = Shift.MORNING,
    *,
    kind: CheckInKind = CheckInKind.IN,
    reason: str = "下村义诊，手机没电",
) -> CorrectionRequest:
    """Return a correction that waits, of yesterday at eight unless told otherwise."""
    at = happened_at or clock.local(clock.now() - timedelta(days=1)).replace(hour=8, minute=0)
    correction = CorrectionRequest(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        duty_on=clock.local(at).date(),
        shift=shift,
        kind=kind,
        happened_at=at,
        reason=reason,
        requested_at=clock.now(),
    )
    db.session.add(correction)
    db.session.commit()
    return correction
