"""Reminding people on Thursdays of what is missing in their week, while Friday is still to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.queries.weeks import Week, monday_of, weeks_of_people
from backend.domain.activities.rules.completeness import in_one_sentence
from backend.domain.activities.rules.kinds import KINDS
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.dispatch.models import Dispatch, Suspension
from backend.domain.dispatch.queries import in_state
from backend.domain.dispatch.rules import DispatchState
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import Owed, owe_notices
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.transaction import transaction

_BATCH = 500
_PAGE = "/doctor/activities/index"


def owe_week_reminders() -> int:
    """Owe everybody whose week lacks something a notice that names it, once a week; return how many lack something.

    Who was not there this week lacks nothing. Safe to run twice.
    """
    monday, after, told = monday_of(clock.today()), None, 0
    while dispatches := _batch(clock.today(), after):
        with transaction():
            weeks = weeks_of_people(dispatches, monday)
            owed = [
                _owed(person_id, week.monday, body) for person_id, week in weeks.items() if (body := _said_of(week))
            ]
            owe_notices(owed)
        told += len(owed)
        after = dispatches[-1].person_id
    return told


def _batch(today: date, after: UUID | None) -> Sequence[Dispatch]:
    """Return the dispatches of the next people that are not suspended today, all of a person's together."""
    rests = select(Suspension.id).where(Suspension.dispatch_id == Dispatch.id, Suspension.during.contains(today))
    on_duty = select(Dispatch).where(in_state(DispatchState.CURRENT, today), ~rests.exists())
    if after is not None:
        on_duty = on_duty.where(Dispatch.person_id > after)
    people = on_duty.with_only_columns(Dispatch.person_id).distinct().order_by(Dispatch.person_id).limit(_BATCH)
    return db.session.scalars(on_duty.where(Dispatch.person_id.in_(people)).order_by(Dispatch.person_id)).all()


def _said_of(week: Week) -> str:
    """Return what is missing in a week as a sentence, nothing of a week in which one was not there.

    What was countersigned is left in peace: it would have to be amended.
    """
    thin = [
        (f"{record.occurred_on.month}月{record.occurred_on.day}日{KINDS[record.kind].label}", findings)
        for record, findings in week.thin
        if record.status is not RecordStatus.COUNTERSIGNED
    ]
    return in_one_sentence(week.missing, thin) if week.present else ""


def _owed(person_id: UUID, monday: date, body: str) -> Owed:
    return Owed(
        notice=Notice(NoticeKind.ACTIVITY_INCOMPLETE, "工作日志待完善", body, _PAGE),
        dedupe_key=f"{NoticeKind.ACTIVITY_INCOMPLETE}:{person_id}:{monday}",
        person_id=person_id,
    )
