"""Check-ins of the demo's last days and of this morning: mostly inside, some not, some missing."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, selectinload

from backend.cli.demo.county import HOSPITAL
from backend.cli.demo.phones import BOUND
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import outcome_of_place
from backend.domain.attendance.rules.taps import CheckInKind, Fence, Fix, judge_lateness, judge_place
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.places import Point
from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from backend.foundation.encryption import encrypt, keyed_hash
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_DAYS = 10
_METRES_A_DEGREE = 111_195.0
_TAPS = (
    (Shift.MORNING, CheckInKind.IN, time(7, 30)),
    (Shift.AFTERNOON, CheckInKind.IN, time(13, 25)),
    (Shift.AFTERNOON, CheckInKind.OUT, time(17, 35)),
)


@dataclass(frozen=True)
class _Chance:
    """What happens to one tap: the same whenever it is asked for."""

    minutes: int
    metres: float
    accuracy_m: float
    angle: float
    kind: str  # inside | crossing | outside | denied | late | missing

    @classmethod
    def of(cls, *what: object) -> _Chance:
        digest = hashlib.sha256(repr(what).encode()).digest()
        kind = ("missing", "crossing", "outside", "denied", "late", *["inside"] * 21)[digest[0] % 26]
        metres = {"outside": 900 + digest[1] * 20, "crossing": 260}.get(kind, digest[1] / 3)
        accuracy = 120.0 if kind == "crossing" else 15 + digest[2] % 40
        return cls(digest[3] % 40, metres, accuracy, digest[4] / 128 * math.pi, kind)


def fill_days() -> int:
    """Add what is missing of the last days up to now; return how many taps were added."""
    now = clock.now()
    today = clock.local(now).date()
    rows = [
        row
        for dispatch in _dispatches(today)
        for offset in range(_DAYS, -1, -1)
        for row in _taps_of(dispatch, today - timedelta(days=offset), now)
    ]
    if not rows:
        return 0
    with transaction() as session:
        statement = insert(CheckIn).values(rows).on_conflict_do_nothing().returning(CheckIn.id)
        return len(session.scalars(statement).all())


def _dispatches(today: date) -> list[Dispatch]:
    statement = (
        select(Dispatch)
        .join(Organisation, Organisation.id == Dispatch.supporting_id)
        .options(joinedload(Dispatch.person), selectinload(Dispatch.sites), selectinload(Dispatch.patterns))
        .where(
            Organisation.code == HOSPITAL,
            Dispatch.cancelled_at.is_(None),
            Dispatch.starts_on <= today,
            Dispatch.ends_on >= today - timedelta(days=_DAYS),
        )
    )
    with transaction() as session:
        return list(session.scalars(statement).unique())


def _taps_of(dispatch: Dispatch, day: date, now: datetime) -> Iterator[dict[str, Any]]:
    claimed = {shift for part in dispatch.patterns if day in part.during for shift in part.pattern.shifts_on(day)}
    if day == clock.local(now).date() and dispatch.person.staff_number in dict(BOUND):
        return  # they are to press the button themselves
    for shift, kind, at in _TAPS:
        chance = _Chance.of(dispatch.person.staff_number, day, shift, kind)
        tapped_at = datetime.combine(day, at, SHANGHAI) + timedelta(minutes=chance.minutes)
        if shift in claimed and tapped_at <= now and chance.kind != "missing":
            yield _row(dispatch, (day, shift, kind), tapped_at, chance)


def _row(
    dispatch: Dispatch, duty: tuple[date, Shift, CheckInKind], tapped_at: datetime, chance: _Chance
) -> dict[str, Any]:
    day, shift, kind = duty
    tap_id = new_id()
    fix = None if chance.kind == "denied" else _fix(dispatch, chance)
    fences = [
        Fence(site.id, Point(float(site.longitude), float(site.latitude)), site.radius_m) for site in dispatch.sites
    ]
    late = chance.kind == "late"
    judgement = judge_place(fix, fences, denied=fix is None)
    if late:
        judgement = judge_lateness(judgement, clock_agrees=True)
    return {
        "id": tap_id,
        "dispatch_id": dispatch.id,
        "person_id": dispatch.person_id,
        "kind": kind,
        "duty_on": day,
        "shift": shift,
        "effective": True,
        "tapped_at": tapped_at,
        "received_at": min(tapped_at + timedelta(hours=5), clock.now()) if late else tapped_at,
        "phone_at": tapped_at if late else None,
        "late": late,
        "verdict": judgement.verdict,
        "outcome": outcome_of_place(judgement.verdict, judgement.beyond_m),
        "reasons": [reason.value for reason in judgement.reasons],
        "site_id": judgement.site_id,
        "distance_m": judgement.distance_m,
        "accuracy_m": fix.accuracy_m if fix else None,
        **_place(fix, tap_id),
        "note": "随村医入户走访" if chance.kind == "outside" else "",
        "idempotency_key": f"demo-{day}-{shift}-{kind}-{dispatch.id.hex[-12:]}",
        "request_hash": keyed_hash("tap", str(tap_id)),
    }


def _fix(dispatch: Dispatch, chance: _Chance) -> Fix:
    centre = dispatch.sites[0]
    latitude, longitude = float(centre.latitude), float(centre.longitude)
    north = chance.metres * math.sin(chance.angle) / _METRES_A_DEGREE
    east = chance.metres * math.cos(chance.angle) / _METRES_A_DEGREE / math.cos(math.radians(latitude))
    return Fix(Point(longitude + east, latitude + north), chance.accuracy_m)


def _place(fix: Fix | None, tap_id: UUID) -> dict[str, bytes | None]:
    if fix is None:
        return {"location": None, "location_fingerprint": None}
    place = f"{fix.point.longitude:.6f},{fix.point.latitude:.6f}"
    return {
        "location": encrypt(place, table="check_ins", column="location", row_id=tap_id),
        "location_fingerprint": keyed_hash("location", place),
    }
