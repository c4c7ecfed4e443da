"""A working week of October 2026 that was lived and handed in, seen from November: the sheet that doors show."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from backend.domain.accounts.models import Person
from backend.domain.attendance.models.timesheets import Timesheet
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.service.closing import close_day
from backend.domain.attendance.service.timesheets import submit_timesheet
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import days_between
from backend.domain.organisations.models import Organisation
from backend.extensions import db
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from tests.support.factories import acting, make_dispatch
from tests.support.timesheets import HALVES, make_tap

OCTOBER = date(2026, 10, 1)
FIRST, LAST = date(2026, 10, 12), date(2026, 10, 16)
IN_NOVEMBER = datetime(2026, 11, 9, 10, tzinfo=SHANGHAI)
"""When the cut-off of each of those days has passed."""


def live_week(
    person: Person, recipient: Organisation, *, doubtful: Collection[date] = (), missed: Collection[date] = ()
) -> Dispatch:
    """Send somebody for the week: present each morning and afternoon but for doubtful mornings and missed days."""
    dispatch = make_dispatch(person, recipient, starts_on=FIRST, ends_on=LAST)
    for day in days_between(FIRST, LAST):
        for shift in HALVES if day not in missed else ():
            is_doubtful = day in doubtful and shift is HALVES[0]
            make_tap(dispatch, day, shift, Outcome.SUSPECT if is_doubtful else Outcome.VERIFIED)
        if day in missed:
            close_day(dispatch.supporting_id, day)
    return dispatch


def hand_in(dispatch: Dispatch, *, remark: str = "") -> Timesheet:
    """Hand the October of a dispatch in, as the one concerned."""
    sheet = submit_timesheet(acting(dispatch.person, Role.STAFF), dispatch.id, OCTOBER, 0, remark=remark)
    assert sheet.timesheet is not None
    db.session.commit()
    return sheet.timesheet
