"""Weighing what only several taps tell together, after the taps: it lowers outcomes, says why, and never raises one.

It runs each minute over what has arrived since the last run, and each night over three days once more. A tap is marked
once for a reason, so running twice changes nothing. Months that were handed in are left as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from backend.domain.attendance.concluding import conclude_shifts
from backend.domain.attendance.models.evidence import Watermark
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.days import last_day_touched
from backend.domain.attendance.rules.evidence import Outcome, Weight, supersedes
from backend.domain.attendance.rules.patterns import (
    COARSEST_METRES,
    FINEST_METRES,
    LEAST_METRES,
    REPEAT_WINDOW_DAYS,
    REPEATED_DAYS,
    SHARING_WINDOW,
    TRAVEL_WINDOW,
    Sighting,
    is_impossible,
)
from backend.domain.attendance.rules.taps import REASON_TEXTS, Reason
from backend.domain.attendance.service.reviews import label_of, phone_page
from backend.domain.audit.service import record_event
from backend.domain.notifications.rules.kinds import Notice, NoticeKind
from backend.domain.notifications.service.notices import owe_notice
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import SYSTEM
from backend.foundation.encryption import decrypt
from backend.foundation.transaction import transaction

_WATERMARK = "evidence"
_LOOK_BACK = timedelta(minutes=10)  # a tap is seen when it is committed, which may be after its instant of arrival
_AGAIN = timedelta(days=3)

_SHARED = text("""
SELECT DISTINCT unnest(ARRAY[mine.id, theirs.id]) FROM check_ins mine
JOIN check_ins theirs ON theirs.installation_hash = mine.installation_hash AND theirs.person_id <> mine.person_id
    AND theirs.received_at BETWEEN mine.received_at - :window AND mine.received_at + :window
WHERE mine.received_at >= :since AND theirs.received_at >= CAST(:since AS timestamptz) - :window
""")

# By the index of effective taps: everybody who repeats a place has one that counts on each of those days.
_REPEATED = text("""
SELECT DISTINCT unnest(array_append(array_agg(earlier.id), mine.id)) FROM check_ins mine
JOIN check_ins earlier ON earlier.dispatch_id = mine.dispatch_id AND earlier.effective
    AND earlier.duty_on BETWEEN mine.duty_on - CAST(:days AS integer) AND mine.duty_on - 1
    AND earlier.location_fingerprint = mine.location_fingerprint AND earlier.accuracy_m <= :finest AND NOT earlier.late
WHERE mine.received_at >= :since AND mine.accuracy_m <= :finest AND NOT mine.late
GROUP BY mine.id HAVING count(DISTINCT earlier.duty_on) >= :times
""")

# Two fixes near the same site are near each other: only who is farther away is looked at, for the places are encrypted.
_JOURNEYS = text("""
SELECT * FROM (
    SELECT id, person_id, received_at, tapped_at, accuracy_m, location, site_id, distance_m,
        lag(id) OVER journey AS from_id, lag(tapped_at) OVER journey AS from_at,
        lag(accuracy_m) OVER journey AS from_accuracy_m, lag(location) OVER journey AS from_location,
        lag(site_id) OVER journey AS from_site_id, lag(distance_m) OVER journey AS from_distance_m
    FROM check_ins
    WHERE received_at >= CAST(:since AS timestamptz) - :window AND NOT late AND location IS NOT NULL
        AND accuracy_m <= :coarsest
    WINDOW journey AS (PARTITION BY person_id ORDER BY tapped_at)
) AS journeys
WHERE received_at >= :since AND from_at >= tapped_at - :window
    AND NOT coalesce(site_id = from_site_id AND distance_m + from_distance_m < :least, false)
""")

_MARK = text("""
UPDATE check_ins c SET outcome = 'suspect', reasons = array_append(c.reasons, :reason)
WHERE c.id = ANY(CAST(:ids AS uuid[])) AND NOT c.reasons @> ARRAY[CAST(:reason AS text)] AND NOT EXISTS (
    SELECT FROM timesheets t WHERE t.dispatch_id = c.dispatch_id
        AND t.month = CAST(date_trunc('month', c.duty_on) AS date) AND t.status IN ('submitted', 'countersigned'))
RETURNING c.id
""")


def weigh_new_taps() -> int:
    """Weigh what has arrived since the last run, and a little before; return how many taps were marked."""
    with transaction():
        now, watermark = clock.now(), _locked_watermark()
        marked = _weigh(watermark.reached_at - _LOOK_BACK)
        watermark.reached_at = now
        return marked


def weigh_again() -> int:
    """Weigh the last three days once more; return how many taps were marked."""
    with transaction():
        _locked_watermark()
        return _weigh(clock.now() - _AGAIN)


def _locked_watermark() -> Watermark:
    """Return how far the weighing has come; it holds back a second run until this one is done."""
    first = {"name": _WATERMARK, "reached_at": clock.now() - _AGAIN}
    db.session.execute(insert(Watermark).values(first).on_conflict_do_nothing())
    return db.session.get_one(Watermark, _WATERMARK, with_for_update=True, populate_existing=True)


def _weigh(since: datetime) -> int:
    marked: set[UUID] = set()
    for reason, found in (
        (Reason.SHARED_INSTALLATION, _ids(_SHARED, since, window=SHARING_WINDOW)),
        (
            Reason.REPEATED_COORDINATES,
            _ids(_REPEATED, since, days=REPEAT_WINDOW_DAYS, finest=FINEST_METRES, times=REPEATED_DAYS - 1),
        ),
        (Reason.IMPOSSIBLE_SPEED, _impossible(since)),
    ):
        marked |= _mark(found, reason)
    if marked:
        _settle(marked)
    return len(marked)


def _ids(statement: Any, since: datetime, **limits: object) -> set[UUID]:
    return set(db.session.scalars(statement, {"since": since, **limits}))


def _impossible(since: datetime) -> set[UUID]:
    limits = {"window": TRAVEL_WINDOW, "coarsest": COARSEST_METRES, "least": LEAST_METRES}
    found = set()
    for row in db.session.execute(_JOURNEYS, {"since": since, **limits}):
        there = _sighting(row.from_id, row.from_location, row.from_accuracy_m, row.from_at)
        here = _sighting(row.id, row.location, row.accuracy_m, row.tapped_at)
        if is_impossible(there, here):
            found |= {there.check_in_id, here.check_in_id}
    return found


def _sighting(check_in_id: UUID, location: bytes, accuracy_m: float, tapped_at: datetime) -> Sighting:
    place = decrypt(bytes(location), table="check_ins", column="location", row_id=check_in_id)
    longitude, latitude = (float(part) for part in place.split(","))
    return Sighting(check_in_id, Point(longitude, latitude), accuracy_m, tapped_at)


def _mark(ids: Collection[UUID], reason: Reason) -> set[UUID]:
    return set(db.session.scalars(_MARK, {"ids": list(ids), "reason": reason.value})) if ids else set()


def _settle(marked: Collection[UUID]) -> None:
    """Let what follows from the marks follow: which tap counts, how the shift stands, who is told."""
    statement = (
        select(CheckIn).where(CheckIn.id.in_(marked)).options(joinedload(CheckIn.dispatch), joinedload(CheckIn.review))
    )
    ordered = statement.order_by(CheckIn.duty_on, CheckIn.shift, CheckIn.id).execution_options(populate_existing=True)
    taps = db.session.scalars(ordered).all()
    for tap in taps:
        supporting_id = tap.dispatch.supporting_id
        record_event(SYSTEM, "lower_tap", "check_in", tap.id, organisation_id=supporting_id, reasons=tap.reasons)
        if tap.effective and not _was_decided(tap) and not _give_way(tap):
            _tell(tap)
    for (day, shift), group in groupby(taps, key=attrgetter("duty_on", "shift")):
        conclude_shifts({tap.dispatch_id for tap in group}, day, last_day_touched(day, shift))


def _was_decided(tap: CheckIn) -> bool:
    return tap.review is not None and (tap.review.judgement is not None or tap.review.confirmation is not None)


def _give_way(tap: CheckIn) -> bool:
    """Let a better tap of the same duty count in the place of one that was lowered; tell whether there is one."""
    others = select(CheckIn).where(
        CheckIn.person_id == tap.person_id,
        CheckIn.dispatch_id == tap.dispatch_id,
        CheckIn.duty_on == tap.duty_on,
        CheckIn.shift == tap.shift,
        CheckIn.kind == tap.kind,
        CheckIn.id != tap.id,
    )
    best = _best(tap, db.session.scalars(others))
    if best is tap:
        return False
    tap.effective = False
    db.session.flush()  # one of a duty counts, at any moment
    best.effective = True
    db.session.flush()
    return best.outcome is Outcome.VERIFIED


def _best(tap: CheckIn, others: Iterable[CheckIn]) -> CheckIn:
    best = tap
    for other in others:
        if supersedes(tap.kind, _weight(other), _weight(best)):
            best = other
    return best


def _weight(tap: CheckIn) -> Weight:
    return Weight(tap.outcome, tap.verdict, tap.tapped_at)


def _tell(tap: CheckIn) -> None:
    reason = Reason(tap.reasons[-1])
    body = f"{label_of(tap)}：{REASON_TEXTS[reason]}请补充说明当时的情况，由医务科核实。"
    notice = Notice(NoticeKind.TAP_QUESTIONED, "一次签到需要说明", body, phone_page(tap))
    owe_notice(tap.person_id, notice, dedupe_key=f"{notice.kind}:{tap.id}:{reason}")
