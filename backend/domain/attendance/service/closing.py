"""What a month needs without anyone asking: closing days after the cut-off, and reminding of what waits."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, Text, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from backend.domain.attendance.concluding import close_shifts
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.models.timesheets import DayClosing, Timesheet
from backend.domain.attendance.rules.timesheets import TimesheetStatus
from backend.domain.attendance.service.timesheets import tell_signers
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.queries import in_state
from backend.domain.dispatch.rules import DispatchState, days_between
from backend.domain.notifications.rules.kinds import NoticeKind
from backend.domain.organisations.queries import find_setting
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction

CUT_OFF_DAYS = 7
"""For how many days a day stays open where no programme says how late a tap may be uploaded."""
_BATCH = 10_000
_REMIND_AFTER = timedelta(days=5)
_ESCALATE_AFTER = timedelta(days=10)  # five days after the reminder


def close_days(today: date) -> int:
    """Conclude each day whose cut-off has passed, for each supporting hospital; return how many were closed.

    Resumable: it goes on after the last dispatch of the last day that it wrote; safe to run twice, and beside itself.
    """
    return sum(
        close_day(supporting_id, day)
        for supporting_id in db.session.scalars(select(Dispatch.supporting_id).distinct()).all()
        for day in _days_to_close(supporting_id, today)
    )


def close_day(supporting_id: UUID, day: date) -> bool:
    """Conclude a day of one supporting hospital, batch by batch; False if it was closed already."""
    wrote = False
    while _close_batch(supporting_id, day):
        wrote = True
    return wrote


def _close_batch(supporting_id: UUID, day: date) -> bool:
    with transaction() as session:
        session.execute(insert(DayClosing).values(supporting_id=supporting_id, day=day).on_conflict_do_nothing())
        closing = session.get_one(DayClosing, (supporting_id, day), with_for_update=True, populate_existing=True)
        if closing.finished_at is not None:
            return False
        until, is_last = _end_of_batch(supporting_id, day, closing.last_dispatch_id)
        if until is not None:
            close_shifts(supporting_id, day, after=closing.last_dispatch_id, until=until)
            closing.last_dispatch_id = until
        if is_last:
            closing.finished_at = clock.now()
        return True


def _end_of_batch(supporting_id: UUID, day: date, after: UUID | None) -> tuple[UUID | None, bool]:
    """Return the id of the last dispatch of the next batch, None when there is none, and whether it is the last one."""
    batch = select(Dispatch.id).where(Dispatch.supporting_id == supporting_id, in_state(DispatchState.CURRENT, day))
    if after is not None:
        batch = batch.where(Dispatch.id > after)
    ids = batch.order_by(Dispatch.id).limit(_BATCH).subquery()
    until, count = db.session.execute(select(func.max(cast(ids.c.id, Text)), func.count()).select_from(ids)).one()
    return UUID(until) if until else None, count < _BATCH


def _days_to_close(supporting_id: UUID, today: date) -> list[date]:
    """Return the days that are due to be closed: from the first on which the hospital used this product."""
    cut_off = find_setting("attendance.late_upload_days", supporting_id, today)
    last = today - timedelta(days=1 + (CUT_OFF_DAYS if cut_off is None else cut_off))
    of_hospital = DayClosing.supporting_id == supporting_id
    closed = db.session.scalar(select(func.max(DayClosing.day)).where(of_hospital, DayClosing.finished_at.is_not(None)))
    first = closed + timedelta(days=1) if closed else _first_day(supporting_id)
    return list(days_between(first, last)) if first is not None and first <= last else []


def _first_day(supporting_id: UUID) -> date | None:
    """Return the day of the hospital's first tap, or the first duty day after a dispatch of it was entered.

    What was entered long afterwards, as from an old ledger, was never asked to tap.
    """
    of_hospital = Dispatch.supporting_id == supporting_id
    tapped = select(func.min(CheckIn.duty_on)).join(Dispatch, Dispatch.id == CheckIn.dispatch_id).where(of_hospital)
    entered_on = cast(func.timezone("Asia/Shanghai", Dispatch.created_at), Date)
    begun = select(func.min(func.greatest(Dispatch.starts_on, entered_on))).where(
        of_hospital, Dispatch.ends_on >= entered_on
    )
    return db.session.scalar(select(func.least(tapped.scalar_subquery(), begun.scalar_subquery())))


def chase_unsigned() -> None:
    """Remind of timesheets that have waited five days for a countersignature; after ten the bureau sees them.

    Nothing is ever signed by itself.
    """
    now = clock.now()
    waiting = select(Timesheet).where(Timesheet.status == TimesheetStatus.SUBMITTED)
    with transaction() as session:
        due = waiting.where(Timesheet.reminded_at.is_(None), Timesheet.submitted_at <= now - _REMIND_AFTER)
        for timesheet in session.scalars(due.with_for_update(skip_locked=True)):
            timesheet.reminded_at = now
            tell_signers(timesheet.dispatch, timesheet, NoticeKind.TIMESHEET_UNSIGNED, "考勤表已等待五天")
        session.execute(
            update(Timesheet)
            .where(
                Timesheet.status == TimesheetStatus.SUBMITTED,
                Timesheet.escalated_at.is_(None),
                Timesheet.submitted_at <= now - _ESCALATE_AFTER,
            )
            .values(escalated_at=now)
        )
