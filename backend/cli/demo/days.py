"""Taps of the demo's people from an instant to an instant: honest ones, and some of which more is to be said."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, selectinload

from backend.cli.demo.county import HOSPITAL
from backend.cli.demo.phones import BOUND
from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.models.evidence import Watermark
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.queries.absences import absences_of
from backend.domain.attendance.rules.absences import Absence
from backend.domain.attendance.rules.evidence import weigh_tap
from backend.domain.attendance.rules.taps import CheckInKind, Fence, Fix, judge_lateness, judge_place
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import DispatchKind, Shift, days_between
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.queries import calendar_of
from backend.domain.organisations.rules.places import Point
from backend.domain.organisations.rules.working_days import WorkingCalendar, is_weekend
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.encryption import encrypt, keyed_hash
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_WATERMARK = "demo"
_CATCH_UP = timedelta(days=62)
_METRES_A_DEGREE = 111_195.0
_LATE = timedelta(hours=5)
_A_DAY = timedelta(days=1)
_NOTES = ("", "随村医入户走访", "到村卫生室巡诊")
_PRESSES = (  # the shift, arriving or leaving, at what time at the earliest, how many days after the duty day
    (Shift.MORNING, CheckInKind.IN, time(7, 20), 0),
    (Shift.AFTERNOON, CheckInKind.IN, time(13, 25), 0),
    (Shift.AFTERNOON, CheckInKind.OUT, time(17, 35), 0),
    (Shift.NIGHT, CheckInKind.IN, time(17, 15), 0),
    (Shift.NIGHT, CheckInKind.OUT, time(8, 2), 1),
)


class Whim(StrEnum):
    """What becomes of a press of the button."""

    INSIDE = "inside"
    CROSSING = "crossing"
    OUTSIDE = "outside"
    DENIED = "denied"
    LATE = "late"
    MISSING = "missing"
    BORROWED = "borrowed"  # inside, with a phone that somebody else used that day


class Press(NamedTuple):
    """Who would press the button for which duty."""

    staff_number: str
    day: date
    shift: Shift
    kind: CheckInKind = CheckInKind.IN


Whims = Callable[[Press], Whim]
_ODDS = (Whim.MISSING, Whim.CROSSING, Whim.OUTSIDE, Whim.DENIED, Whim.LATE, *[Whim.INSIDE] * 31)


def by_chance(press: Press) -> Whim:
    """Return what chance makes of a press, the same whenever it is asked; whose phone one may hold is left to them."""
    if press.day == clock.today() and press.staff_number in dict(BOUND):
        return Whim.MISSING
    return _ODDS[_dice(press)[0] % len(_ODDS)]


def catch_up() -> int:
    """Add the taps from where the demo's people were left up to now; return how many were added."""
    with transaction():
        now = clock.now()
        left = _lived_until()
        since = left if left is not None else now - 10 * _A_DAY
        added = live(max(since, now - _CATCH_UP), now, by_chance)
        if added:
            first, last = clock.local(since).date() - _A_DAY, clock.today()
            conclude_shifts([dispatch.id for dispatch in _dispatches(first, last)], first, last)
        return added


def live(since: datetime, until: datetime, whims: Whims) -> int:
    """Add the taps after an instant up to another one; return how many."""
    first, last = clock.local(since).date() - _A_DAY, clock.local(until).date()  # a night ends on the day after
    dispatches = _dispatches(first, last)
    if not dispatches:
        return 0
    absences = absences_of([dispatch.id for dispatch in dispatches], first - _A_DAY, last)
    calendar = calendar_of(dispatches[0].supporting_id, first - _A_DAY, last)
    rows = [
        _row(dispatch, press, tapped_at, whim, until)
        for dispatch in dispatches
        for press, tapped_at in _presses(dispatch, first, last, absences[dispatch.id], calendar)
        if since < tapped_at <= until and (whim := whims(press)) is not Whim.MISSING
    ]
    with transaction() as session:
        _keep_lived(until)
        if not rows:
            return 0
        statement = insert(CheckIn).on_conflict_do_nothing().returning(CheckIn.id)
        return len(session.scalars(statement, rows).all())


def _lived_until() -> datetime | None:
    return db.session.scalar(select(Watermark.reached_at).where(Watermark.name == _WATERMARK).with_for_update())


def _keep_lived(until: datetime) -> None:
    values = {"name": _WATERMARK, "reached_at": until}
    changed = insert(Watermark).values(values).on_conflict_do_update(index_elements=[Watermark.name], set_=values)
    db.session.execute(changed)


def _dispatches(first: date, last: date) -> list[Dispatch]:
    statement = (
        select(Dispatch)
        .join(Organisation, Organisation.id == Dispatch.supporting_id)
        .options(joinedload(Dispatch.person), selectinload(Dispatch.sites), selectinload(Dispatch.patterns))
        .where(
            Organisation.code == HOSPITAL,
            Dispatch.cancelled_at.is_(None),
            Dispatch.starts_on <= last,
            Dispatch.ends_on >= first,
        )
        .order_by(Dispatch.id)
    )
    return list(db.session.scalars(statement).unique())


def _presses(
    dispatch: Dispatch, first: date, last: date, absences: list[Absence], calendar: WorkingCalendar
) -> Iterator[tuple[Press, datetime]]:
    """Yield when somebody would press the button."""
    served = {day: _served(dispatch, day, absences, calendar) for day in days_between(first - _A_DAY, last)}
    for day in days_between(first, last):
        rests = Shift.NIGHT in served[day - _A_DAY]
        for shift, kind, at, days_later in _PRESSES:
            if shift in served[day] and (shift is Shift.NIGHT or not rests):
                press = Press(dispatch.person.staff_number, day, shift, kind)
                minutes = _dice(press)[3] % 38
                yield press, datetime.combine(day + days_later * _A_DAY, at, SHANGHAI) + timedelta(minutes=minutes)


def _served(dispatch: Dispatch, day: date, absences: list[Absence], calendar: WorkingCalendar) -> tuple[Shift, ...]:
    """Return the shifts of a day for which somebody comes, but for the rest after a night."""
    if _is_free(dispatch, day, calendar) and not _is_called_in(dispatch.person.staff_number, day):
        return ()
    claimed = dispatch.shifts_on(day)
    return tuple(shift for shift in claimed if not any(absence.covers(day, shift) for absence in absences))


def _is_free(dispatch: Dispatch, day: date, calendar: WorkingCalendar) -> bool:
    """Tell whether nobody expects somebody on a day: who visits for a clinic on Sundays comes on Sundays."""
    if is_weekend(day):
        return dispatch.kind is DispatchKind.POSTED and not calendar.is_working_day(day)
    return calendar.is_working_day(day) is False


def _is_called_in(number: str, day: date) -> bool:
    """Tell whether somebody works on a free day: some do, and more today, so that there is somebody to be seen."""
    odds = 3 if day == clock.today() else 8 if is_weekend(day) else 20
    return _dice((number, day))[0] % odds == 0


def _row(dispatch: Dispatch, press: Press, tapped_at: datetime, whim: Whim, until: datetime) -> dict[str, Any]:
    tap_id = new_id()
    fix = None if whim is Whim.DENIED else _fix(dispatch, press, whim)
    fences = [
        Fence(site.id, Point(float(site.longitude), float(site.latitude)), site.radius_m) for site in dispatch.sites
    ]
    late = whim is Whim.LATE
    place = judge_place(fix, fences, denied=fix is None)
    if late:
        place = judge_lateness(place, clock_agrees=True)
    evidence = weigh_tap(place, late=late)
    phone = f"borrowed {press.day}" if whim is Whim.BORROWED else press.staff_number
    return {
        "id": tap_id,
        "dispatch_id": dispatch.id,
        "person_id": dispatch.person_id,
        "kind": press.kind,
        "duty_on": press.day,
        "shift": press.shift,
        "effective": True,
        "tapped_at": tapped_at,
        "received_at": min(tapped_at + _LATE, until) if late else tapped_at,
        "phone_at": tapped_at if late else None,
        "late": late,
        "verdict": place.verdict,
        "outcome": evidence.outcome,
        "reasons": [reason.value for reason in evidence.reasons],
        "site_id": place.site_id,
        "distance_m": place.distance_m,
        "accuracy_m": fix.accuracy_m if fix else None,
        **_place(fix, tap_id),
        "installation_hash": keyed_hash("installation", f"demo {phone}"),
        "note": _NOTES[_dice(press)[5] % len(_NOTES)] if whim is Whim.OUTSIDE else "",
        "idempotency_key": f"demo-{press.day}-{press.shift}-{press.kind}-{dispatch.id.hex[-12:]}",
        "request_hash": keyed_hash("tap", str(tap_id)),
    }


def _fix(dispatch: Dispatch, press: Press, whim: Whim) -> Fix:
    dice = _dice(press)
    metres = {Whim.OUTSIDE: 900 + dice[1] * 20, Whim.CROSSING: 260}.get(whim, dice[1] / 3)
    accuracy_m = 120.0 if whim is Whim.CROSSING else 15.0 + dice[2] % 40
    return Fix(place_near(dispatch, metres, dice[4] / 128 * math.pi), accuracy_m)


def place_near(dispatch: Dispatch, metres: float, angle: float = 1.0) -> Point:
    """Return a place so far from the first site of a dispatch."""
    centre = dispatch.sites[0]
    latitude, longitude = float(centre.latitude), float(centre.longitude)
    north = metres * math.sin(angle) / _METRES_A_DEGREE
    east = metres * math.cos(angle) / _METRES_A_DEGREE / math.cos(math.radians(latitude))
    return Point(longitude + east, latitude + north)


def _place(fix: Fix | None, tap_id: UUID) -> dict[str, bytes | None]:
    if fix is None:
        return {"location": None, "location_fingerprint": None}
    place = f"{fix.point.longitude:.6f},{fix.point.latitude:.6f}"
    return {
        "location": encrypt(place, table="check_ins", column="location", row_id=tap_id),
        "location_fingerprint": keyed_hash("location", place),
    }


def _dice(what: object) -> bytes:
    return hashlib.sha256(repr(what).encode()).digest()
