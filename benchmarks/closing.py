"""Closing the day of 20,000 people, against inserting the finished rows from a table that has them already."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from sqlalchemy import func, select, text

from backend.domain.attendance.models.timesheets import DutyShift
from backend.domain.attendance.rules.timesheets import Standing
from backend.domain.attendance.service.closing import close_day
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.working_days import WorkingCalendar
from backend.extensions import db
from backend.foundation import clock
from benchmarks.county import HOSPITAL, keep_taps, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House

PEOPLE = 20_000
_ROUNDS = 5
_MOST = 3.0


def run(house: House) -> list[Figure]:
    """Close a working day on which everybody came in the morning and nobody in the afternoon, beside the ceiling.

    Raises:
        Broken: a shift has no line, or the wrong one.
    """
    with house.app.app_context():
        send_doctors(PEOPLE)
        day = _last_working_day()
        keep_taps(days_ago=range((clock.today() - day).days - 2, (clock.today() - day).days + 3))
        house.tidy()
        hospital = db.session.scalars(select(Organisation.id).where(Organisation.code == HOSPITAL)).one()
        closed, copied = [], []
        for _ in range(_ROUNDS):
            _empty()
            closed.append(_seconds(lambda: close_day(hospital, day)))
            _verify(day)
            _empty()
            copied.append(_seconds(_copy))
    ratio = median(ours / ceiling for ours, ceiling in zip(closed, copied, strict=True))
    return [
        Figure(
            f"closing a day of {PEOPLE:,} people, times INSERT … SELECT of the finished rows",
            f"{ratio:.1f}",
            f"≤ {_MOST:g}",
            ratio <= _MOST,
        ),
        Figure("  seconds, closing / the ceiling", f"{median(closed):.2f} / {median(copied):.2f}"),
    ]


def _last_working_day() -> date:
    days = (clock.today() - timedelta(days=ago) for ago in range(5, 25))
    calendar = WorkingCalendar()
    return next(day for day in days if calendar.is_working_day(day))


def _empty() -> None:
    db.session.execute(text("DELETE FROM duty_shifts"))
    db.session.execute(text("DELETE FROM day_closings"))
    db.session.commit()


def _copy() -> None:
    """Insert the finished rows into the same table: the same indexes, checks and foreign key."""
    db.session.execute(text("INSERT INTO duty_shifts SELECT * FROM staged"))
    db.session.commit()


def _verify(day: date) -> None:
    counts = select(DutyShift.standing, func.count()).where(DutyShift.duty_on == day).group_by(DutyShift.standing)
    found = dict(db.session.execute(counts).tuples().all())
    verify(expected=PEOPLE, found=found.get(Standing.PRESENT, 0), of="mornings that were served")
    verify(expected=PEOPLE, found=found.get(Standing.NOT_CHECKED_IN, 0), of="afternoons without a check-in")
    for statement in (
        "RESET ROLE",  # the application's may not make tables
        "DROP TABLE IF EXISTS staged",
        "CREATE TABLE staged AS SELECT * FROM duty_shifts",
    ):
        db.session.execute(text(statement))
    db.session.commit()


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
