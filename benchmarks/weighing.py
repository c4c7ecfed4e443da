"""The weighing of a county's taps: how long the job of a night and that of a minute take where nothing is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import func, select, text

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.service.weighing import weigh_again, weigh_new_taps
from backend.extensions import db
from benchmarks.county import keep_taps, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House

PEOPLE = 20_000
_DAYS = 4
# Everybody's own phone, and another place each day; nobody is far enough away for the place itself to be read.
_EVIDENCE = text("""
UPDATE check_ins SET location = '\\x00', installation_hash = sha256(CAST(person_id AS text)::bytea),
    location_fingerprint = sha256(CAST(id AS text)::bytea), accuracy_m = 10
""")


def run(house: House) -> list[Figure]:
    """Measure both jobs once, over taps that arrived in the same minute of each day.

    Raises:
        Broken: a tap was marked.
    """
    with house.app.app_context():
        send_doctors(PEOPLE)
        keep_taps(days_ago=range(_DAYS))
        db.session.execute(_EVIDENCE)
        db.session.commit()
        house.tidy()
        night, minute = _timed(weigh_again), _timed(weigh_new_taps)
        marked = db.session.scalar(select(func.count(CheckIn.id)).where(CheckIn.outcome != Outcome.VERIFIED))
        verify(expected=0, found=marked or 0, of="taps that are marked without a reason")
    return [
        Figure(f"weighing three days of {PEOPLE:,} people at night", f"{night:.1f} s"),
        Figure(f"weighing the minute in which all {PEOPLE:,} tap", f"{minute:.1f} s", "≤ 60 s", minute <= 60),
    ]


def _timed(work: Callable[[], int]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun
