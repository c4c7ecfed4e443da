"""How shifts stand, in one statement for any number of dispatches and days: all that speaks for or against each.

It is plain SQL, set-based: the day of 20,000 people is one batch job, and the month of one person the same rule.
The order in which evidence is believed:

1. a correction that was accepted (补签);
2. a tap that counts: judged so, else confirmed on the spot, else verified by itself;
3. leave that was granted;
4. a person's decision that it was absence without leave (旷工);
5. a tap that a person did not accept, or one still in doubt;
6. the rest after a night that was worked (下夜班);
7. nothing: not checked in once the day was closed, open before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.domain.attendance.rules.requests import LeaveKind
from backend.domain.attendance.rules.timesheets import Line, Standing
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, days_between
from backend.domain.organisations.queries import calendar_of, calendars_of
from backend.domain.organisations.rules.working_days import WorkingCalendar, unpublished_years
from backend.extensions import db
from backend.foundation import clock

EPOCH = date(2000, 1, 1)
"""The day whose morning is shift number 0: leave spans are counted in shifts from here, three a day."""

# Whether a tap counts: 'yes', 'no' by a person's word, or 'doubt'. The judgement of the supporting hospital beats
# what the recipient said on the spot, and both beat the machine.
_COUNTS = """CASE
            WHEN {review}.judgement = 'accepted' THEN 'yes'
            WHEN {review}.judgement = 'rejected' THEN 'no'
            WHEN {review}.confirmation = 'present' THEN 'yes'
            WHEN {review}.confirmation = 'absent' THEN 'no'
            WHEN {tap}.outcome = 'verified' THEN 'yes'
            ELSE 'doubt' END"""

_LINE = "dispatch_id, duty_on, shift, standing, working, leave_kind, check_in_id, correction_id, leave_id"

_EACH_DAY = """SELECT CAST(:first AS date) + n AS day
        FROM generate_series(0, CAST(:last AS date) - CAST(:first AS date)) AS n"""
_WANTED_DAYS = "SELECT DISTINCT day FROM wanted"
_WANTED_ONLY = "JOIN wanted ON wanted.dispatch_id = p.dispatch_id AND wanted.day = days.day"


def _standings(days: str = _EACH_DAY, only: str = "") -> str:
    return f"""
patterns AS MATERIALIZED (
    SELECT p.dispatch_id, chosen.supporting_id, p.during, p.halves
    FROM chosen JOIN duty_patterns p ON p.dispatch_id = chosen.id
    WHERE p.during && daterange(CAST(:first AS date), CAST(:last AS date), '[]')
), days AS MATERIALIZED (
    SELECT day, CAST(extract(isodow FROM day) - 1 AS integer) * 3 AS half, (day - DATE '{EPOCH}') * 3 AS number,
        CASE WHEN day = ANY(CAST(:unknown_days AS date[])) THEN NULL
             ELSE day <> ALL(CAST(:free_days AS date[])) END AS working
    FROM ({days}) AS each
), due AS MATERIALIZED (
    SELECT p.dispatch_id, p.supporting_id, days.day AS duty_on, days.working, s.shift, days.number + s.place AS number,
        s.place < 2 AND (p.halves @> (days.half + 20) % 21 OR lower(p.during) = days.day) AS may_follow_night
    FROM patterns p
    JOIN days ON p.during @> days.day {only}
    JOIN (VALUES ('morning', 0), ('afternoon', 1), ('night', 2)) AS s (shift, place) ON p.halves @> days.half + s.place
), standings AS MATERIALIZED (
    SELECT due.dispatch_id, due.duty_on, due.shift, due.working, tap.id AS check_in_id, correction.id AS correction_id,
        leave.id AS leave_id,
        CASE
            WHEN correction.id IS NOT NULL THEN 'corrected'
            WHEN tap.counts = 'yes' THEN 'present'
            WHEN leave.id IS NOT NULL THEN 'leave'
            WHEN absence.id IS NOT NULL THEN 'absent'
            WHEN tap.counts = 'no' THEN 'not_counted'
            WHEN tap.id IS NOT NULL THEN 'in_doubt'
            WHEN night.worked THEN 'night_rest'
            WHEN CAST(:closing AS boolean) OR closing.day IS NOT NULL THEN 'not_checked_in'
            ELSE 'open'
        END AS standing,
        CASE WHEN correction.id IS NULL AND tap.counts IS DISTINCT FROM 'yes' THEN leave.kind END AS leave_kind
    FROM due
    LEFT JOIN LATERAL (
        SELECT c.id, {_COUNTS.format(review="r", tap="c")} AS counts
        FROM check_ins c LEFT JOIN check_in_reviews r ON r.check_in_id = c.id
        WHERE c.dispatch_id = due.dispatch_id AND c.duty_on = due.duty_on AND c.shift = due.shift AND c.kind = 'in'
            AND c.effective
    ) AS tap ON true
    LEFT JOIN correction_requests correction ON correction.dispatch_id = due.dispatch_id
        AND correction.duty_on = due.duty_on AND correction.shift = due.shift AND correction.kind = 'in'
        AND correction.status = 'accepted'
    LEFT JOIN leave_requests leave ON leave.dispatch_id = due.dispatch_id AND leave.status = 'accepted'
        AND leave.halves @> due.number
    LEFT JOIN absence_decisions absence ON absence.dispatch_id = due.dispatch_id AND absence.duty_on = due.duty_on
        AND absence.shift = due.shift AND absence.withdrawn_at IS NULL
    LEFT JOIN LATERAL (
        SELECT true AS worked
        FROM check_ins n LEFT JOIN check_in_reviews nr ON nr.check_in_id = n.id
        WHERE due.may_follow_night AND n.dispatch_id = due.dispatch_id AND n.duty_on = due.duty_on - 1
            AND n.shift = 'night'
            AND n.kind = 'in' AND n.effective AND {_COUNTS.format(review="nr", tap="n")} = 'yes'
        UNION ALL
        SELECT true FROM correction_requests nk
        WHERE due.may_follow_night AND nk.dispatch_id = due.dispatch_id AND nk.duty_on = due.duty_on - 1
            AND nk.shift = 'night' AND nk.kind = 'in' AND nk.status = 'accepted'
        LIMIT 1
    ) AS night ON true
    LEFT JOIN day_closings closing ON closing.supporting_id = due.supporting_id AND closing.day = due.duty_on
        AND (closing.finished_at IS NOT NULL OR closing.last_dispatch_id >= due.dispatch_id)
    WHERE due.working IS NOT FALSE OR tap.id IS NOT NULL OR correction.id IS NOT NULL
)"""  # noqa: S608  (put together from the constants above)


_BY_ID = (
    "chosen AS MATERIALIZED (SELECT id, supporting_id FROM dispatches WHERE id = ANY(CAST(:dispatch_ids AS uuid[])))"
)
_BY_SPAN = """chosen AS MATERIALIZED (
    SELECT id, supporting_id FROM dispatches
    WHERE supporting_id = :supporting_id AND (CAST(:after AS uuid) IS NULL OR id > :after) AND id <= :until
        AND daterange(starts_on, ends_on, '[]') @> CAST(:first AS date)
)"""

_READ = text(f"""WITH {_BY_ID}, {_standings()}, lines AS (
    SELECT {_LINE} FROM standings
    UNION ALL
    SELECT {_LINE} FROM duty_shifts
    WHERE dispatch_id = ANY(CAST(:handed_in AS uuid[])) AND duty_on BETWEEN :first AND :last
)
SELECT * FROM lines ORDER BY dispatch_id, duty_on,
    array_position(ARRAY['morning', 'afternoon', 'night'], shift)""")  # noqa: S608

# Chosen days of dispatches, each as its month tells it: once that was handed in as concluded, amendments over it.
_READ_DAYS = text(f"""WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(CAST(:dispatch_ids AS uuid[]), CAST(:days AS date[])) AS pair (dispatch_id, day)
), chosen AS MATERIALIZED (SELECT id, supporting_id FROM dispatches WHERE id IN (SELECT dispatch_id FROM wanted)
), {_standings(_WANTED_DAYS, _WANTED_ONLY)}, handed_in AS MATERIALIZED (
    SELECT w.dispatch_id, w.day, t.id FROM wanted w JOIN timesheets t ON t.dispatch_id = w.dispatch_id
        AND t.month = CAST(date_trunc('month', w.day) AS date) AND t.status IN ('submitted', 'countersigned')
), lines AS (
    SELECT {_LINE} FROM standings s
    WHERE NOT EXISTS (SELECT FROM handed_in h WHERE h.dispatch_id = s.dispatch_id AND h.day = s.duty_on)
    UNION ALL
    SELECT d.dispatch_id, d.duty_on, d.shift, coalesce(a.after, d.standing), d.working,
        CASE WHEN a.id IS NULL THEN d.leave_kind ELSE a.leave_kind END, d.check_in_id, d.correction_id, d.leave_id
    FROM handed_in h
    JOIN duty_shifts d ON d.dispatch_id = h.dispatch_id AND d.duty_on = h.day
    LEFT JOIN LATERAL (
        SELECT id, after, leave_kind FROM timesheet_amendments
        WHERE timesheet_id = h.id AND duty_on = d.duty_on AND shift = d.shift AND status = 'accepted'
        ORDER BY requested_at DESC LIMIT 1
    ) AS a ON true
)
SELECT * FROM lines""")  # noqa: S608

# What rests on nothing any more goes. A month that was handed in keeps its evidence: only what people say of it still
# counts there, until it is countersigned.
_WRITE = f"""{_standings()}, handed_in AS (
    SELECT dispatch_id, month, status FROM timesheets
    WHERE dispatch_id IN (SELECT id FROM chosen) AND status IN ('submitted', 'countersigned')
        AND month BETWEEN date_trunc('month', CAST(:first AS date)) AND CAST(:last AS date)
), fresh AS MATERIALIZED (
    SELECT s.* FROM standings s
    LEFT JOIN handed_in h ON h.dispatch_id = s.dispatch_id AND h.month = CAST(date_trunc('month', s.duty_on) AS date)
    WHERE s.standing <> 'open' AND (h.status IS NULL OR h.status = 'submitted' AND EXISTS (
        SELECT FROM duty_shifts old
        WHERE old.dispatch_id = s.dispatch_id AND old.duty_on = s.duty_on AND old.shift = s.shift
            AND (old.check_in_id, old.correction_id, old.leave_id)
                IS NOT DISTINCT FROM (s.check_in_id, s.correction_id, s.leave_id)))
), gone AS (
    DELETE FROM duty_shifts old
    WHERE old.dispatch_id IN (SELECT id FROM chosen) AND old.duty_on BETWEEN :first AND :last
        AND NOT EXISTS (SELECT FROM fresh WHERE fresh.dispatch_id = old.dispatch_id AND fresh.duty_on = old.duty_on
            AND fresh.shift = old.shift)
        AND NOT EXISTS (SELECT FROM handed_in h WHERE h.dispatch_id = old.dispatch_id
            AND h.month = CAST(date_trunc('month', old.duty_on) AS date))
)
INSERT INTO duty_shifts AS kept
    ({_LINE}, concluded_at)
SELECT {_LINE}, :now FROM fresh
ON CONFLICT (dispatch_id, duty_on, shift) DO UPDATE SET standing = excluded.standing, working = excluded.working,
    leave_kind = excluded.leave_kind, check_in_id = excluded.check_in_id, correction_id = excluded.correction_id,
    leave_id = excluded.leave_id, concluded_at = excluded.concluded_at
WHERE (kept.standing, kept.working, kept.leave_kind, kept.check_in_id, kept.correction_id, kept.leave_id)
    IS DISTINCT FROM (excluded.standing, excluded.working, excluded.leave_kind, excluded.check_in_id,
        excluded.correction_id, excluded.leave_id)"""  # noqa: S608
_CONCLUDE = text(f"WITH {_BY_ID}, {_WRITE}")
_CLOSE = text(f"WITH {_BY_SPAN}, {_WRITE}")


@dataclass(frozen=True, kw_only=True)
class Concluded(Line):
    """A line with what it rests on."""

    dispatch_id: UUID
    check_in_id: UUID | None = None
    correction_id: UUID | None = None
    leave_id: UUID | None = None


def read_standings(
    dispatch_ids: Collection[UUID],
    first: date,
    last: date,
    *,
    handed_in: Collection[UUID] = (),
    hospitals: Mapping[UUID, UUID] | None = None,
) -> list[Concluded]:
    """Return how each claimed shift of these dispatches stands now; nothing is written.

    The lines of a dispatch come together, by day and shift. `hospitals` has who sends in each, where that is known.

    Those whose month was handed in are told as they were concluded then. A free day has a line only where something
    was done on it.
    """
    lines: list[Concluded] = []
    for calendar, ids in _by_calendar(dispatch_ids, first, last, hospitals):
        whose = {"dispatch_ids": list(ids - set(handed_in)), "handed_in": list(ids & set(handed_in))}
        values = _values(first, last, calendar, closing=False) | whose
        lines += (_concluded(row) for row in db.session.execute(_READ, values))
    return lines


def read_days(pairs: Collection[tuple[UUID, date]]) -> list[Concluded]:
    """Return how the claimed shifts of these days stand, each a day of a dispatch; nothing is written.

    One statement where the calendars of the hospitals agree, however far apart the days are.
    """
    if not pairs:
        return []
    first, last = min(day for _id, day in pairs), max(day for _id, day in pairs)
    lines: list[Concluded] = []
    for calendar, ids in _by_calendar({dispatch_id for dispatch_id, _day in pairs}, first, last):
        chosen = [(dispatch_id, day) for dispatch_id, day in pairs if dispatch_id in ids]
        whose = {"dispatch_ids": [pair[0] for pair in chosen], "days": [pair[1] for pair in chosen]}
        values = _values(first, last, calendar, closing=False) | whose
        lines += (_concluded(row) for row in db.session.execute(_READ_DAYS, values))
    return lines


def conclude_shifts(dispatch_ids: Collection[UUID], first: date, last: date, *, closing: bool = False) -> None:
    """Write how the shifts of these dispatches stand, into the present transaction; safe to repeat.

    `closing` says that nothing more is awaited: what nothing speaks for becomes not checked in. Of a month that was
    handed in only what people say of its evidence is followed, of a countersigned one nothing.
    """
    db.session.flush()
    for calendar, ids in _by_calendar(dispatch_ids, first, last):
        values = _values(first, last, calendar, closing=closing) | {"dispatch_ids": list(ids), "now": clock.now()}
        db.session.execute(_CONCLUDE, values)


def close_shifts(supporting_id: UUID, day: date, *, after: UUID | None, until: UUID) -> None:
    """Write how a day's shifts stand for the hospital's dispatches with ids beyond `after` up to `until`, for good."""
    calendar = calendar_of(supporting_id, day, day)
    values = _values(day, day, calendar, closing=True) | {"now": clock.now()}
    span = {"supporting_id": supporting_id, "after": after, "until": until}
    db.session.execute(_CLOSE, values | span)


def _concluded(row: Any) -> Concluded:
    return Concluded(
        dispatch_id=row.dispatch_id,
        duty_on=row.duty_on,
        shift=Shift(row.shift),
        standing=Standing(row.standing),
        working=row.working,
        leave_kind=LeaveKind(row.leave_kind) if row.leave_kind else None,
        check_in_id=row.check_in_id,
        correction_id=row.correction_id,
        leave_id=row.leave_id,
    )


def _by_calendar(
    dispatch_ids: Collection[UUID], first: date, last: date, hospitals: Mapping[UUID, UUID] | None = None
) -> list[tuple[WorkingCalendar, set[UUID]]]:
    """Return these dispatches by the working calendar of their hospital: one for all in years that are published."""
    if not unpublished_years(first, last):
        return [(WorkingCalendar(), set(dispatch_ids))]
    if hospitals is None:
        statement = select(Dispatch.id, Dispatch.supporting_id).where(Dispatch.id.in_(dispatch_ids))
        hospitals = {row.id: row.supporting_id for row in db.session.execute(statement)}
    calendars = calendars_of(set(hospitals.values()), first, last)
    distinct: list[tuple[WorkingCalendar, set[UUID]]] = []  # most share what one bureau entered
    for dispatch_id, supporting_id in hospitals.items():
        same = next((ids for calendar, ids in distinct if calendar == calendars[supporting_id]), None)
        if same is None:
            distinct.append((calendars[supporting_id], same := set()))
        same.add(dispatch_id)
    return distinct


def _values(first: date, last: date, calendar: WorkingCalendar, *, closing: bool) -> dict[str, Any]:
    days: Sequence[date] = list(days_between(first, last))
    working = {day: calendar.is_working_day(day) for day in days}
    return {
        "first": first,
        "last": last,
        "free_days": [day for day in days if working[day] is False],
        "unknown_days": [day for day in days if working[day] is None],
        "closing": closing,
    }
