"""Taps, decisions and timesheets as rows, for tests that start from a month that was lived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.extensions import db
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id

HALVES = (Shift.MORNING, Shift.AFTERNOON)
_HOURS = {Shift.MORNING: time(8, 0), Shift.AFTERNOON: time(14, 0), Shift.NIGHT: time(18, 0)}
_VERDICTS = {
    Outcome.VERIFIED: Verdict.INSIDE,
    Outcome.UNCERTAIN: Verdict.UNCERTAIN,
    Outcome.SUSPECT: Verdict.OUTSIDE,
}


def make_tap(
    dispatch: Dispatch,
    day: date,
    shift: Shift = Shift.MORNING,
    outcome: Outcome = Outcome.VERIFIED,
    *,
    kind: CheckInKind = CheckInKind.IN,
) -> CheckIn:
    """Return an effective tap of a duty, on time."""
    at = datetime.combine(day, _HOURS[shift], SHANGHAI)
    tap = CheckIn(
        id=new_id(),
        dispatch_id=dispatch.id,
        person_id=dispatch.person_id,
        kind=kind,
        duty_on=day,
        shift=shift,
        effective=True,
        tapped_at=at,
        received_at=at,
        late=False,
        verdict=_VERDICTS[outcome],
        outcome=outcome,
        reasons=[],
        idempotency_key=new_id().hex,
        request_hash=b"",
    )
    db.session.add(tap)
    db.session.commit()
    return tap


def make_taps(dispatch: Dispatch, days: Iterable[date], shifts: Iterable[Shift] = HALVES) -> list[CheckIn]:
    """Return a verified tap for each of these shifts on each of these days."""
    shifts = tuple(shifts)
    return [make_tap(dispatch, day, shift) for day in days for shift in shifts]
