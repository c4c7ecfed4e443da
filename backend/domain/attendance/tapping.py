"""The two statements of a tap: one tells whether it may be, one writes all that it leaves.

They are plain SQL, each in one round trip: the round trips are what a check-in costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from backend.domain.attendance.rules import CheckInKind, Fence, Verdict
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.organisations.rules import Point

CONTEXT = text("""
SELECT d.recipient_id, d.supporting_id,
    (SELECT json_agg(json_build_array(s.id, s.name, s.longitude::float8, s.latitude::float8, s.radius_m))
        FROM dispatch_sites ds JOIN sites s ON s.id = ds.site_id WHERE ds.dispatch_id = d.id) AS sites,
    (SELECT json_agg(json_build_array(lower(p.during), upper(p.during),
            (SELECT json_agg(json_build_array(lower(h), upper(h))) FROM unnest(p.halves) AS h)))
        FROM duty_patterns p WHERE p.dispatch_id = d.id) AS patterns,
    (SELECT json_agg(json_build_array(c.id, c.duty_on, c.shift, c.kind, c.verdict, c.tapped_at))
        FROM check_ins c WHERE c.dispatch_id = d.id AND c.effective
            AND c.duty_on BETWEEN CAST(:day AS date) - 1 AND :day) AS effective,
    (SELECT json_build_array(c.id, encode(c.request_hash, 'hex'))
        FROM check_ins c WHERE c.person_id = :person_id AND c.idempotency_key = :key) AS before
FROM dispatches d
WHERE d.id = :dispatch_id AND d.person_id = :person_id AND d.cancelled_at IS NULL
""")

WRITE = text("""
WITH demoted AS (
    UPDATE check_ins SET effective = false WHERE id = CAST(:demote_id AS uuid) AND effective RETURNING id
), tap AS (
    INSERT INTO check_ins (id, dispatch_id, person_id, kind, duty_on, shift, effective, tapped_at, received_at,
        phone_at, late, verdict, reasons, site_id, distance_m, accuracy_m, location, location_fingerprint, note,
        idempotency_key, request_hash)
    SELECT :id, :dispatch_id, :person_id, :kind, :duty_on, :shift, :effective, :tapped_at, :received_at,
        CAST(:phone_at AS timestamptz), :late, :verdict, :reasons, CAST(:site_id AS uuid),
        CAST(:distance_m AS float8), CAST(:accuracy_m AS float8), CAST(:location AS bytea),
        CAST(:location_fingerprint AS bytea), :note, :idempotency_key, :request_hash
    WHERE CAST(:demote_id AS uuid) IS NULL OR EXISTS (SELECT FROM demoted)
    ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO audit_events (account_id, person_id, role, organisation_id, channel, action, subject_type, subject_id,
    details)
SELECT CAST(:account_id AS uuid), :person_id, CAST(:role AS text), :supporting_id, :channel, 'check_in', 'check_in',
    tap.id, CAST(:details AS jsonb) FROM tap
RETURNING subject_id
""")


@dataclass(frozen=True)
class EffectiveTap:
    """The tap that counts at present for a duty."""

    id: UUID
    verdict: Verdict
    tapped_at: datetime


@dataclass(frozen=True)
class TapContext:
    """What must be known before a tap can be judged: the dispatch's sites and days, and what was tapped before."""

    supporting_id: UUID
    fences: tuple[Fence, ...]
    patterns: tuple[tuple[date, date, WeeklyPattern], ...]  # first day, day after the last, claims
    effective: Mapping[tuple[date, Shift, CheckInKind], EffectiveTap]
    repeat: tuple[UUID, bytes] | None  # the tap that this key made already, with the hash of its request

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that the dispatch claims on a day."""
        return next((pattern.shifts_on(day) for first, after, pattern in self.patterns if first <= day < after), ())


def fetch_tap_context(
    connection: Connection, *, dispatch_id: UUID, person_id: UUID, key: str, day: date
) -> TapContext | None:
    """Return the context of a tap about this local day; None where the person has no such dispatch."""
    row = connection.execute(
        CONTEXT, {"dispatch_id": dispatch_id, "person_id": person_id, "key": key, "day": day}
    ).one_or_none()
    return None if row is None else read_context(row)


def read_context(row: Any) -> TapContext:
    """Read a row of the context statement."""
    return TapContext(
        supporting_id=row.supporting_id,
        fences=tuple(
            Fence(site_id, Point(longitude, latitude), radius)
            for site_id, _name, longitude, latitude, radius in row.sites or ()
        ),
        patterns=tuple(_read_pattern(part) for part in row.patterns or ()),
        effective={
            (date.fromisoformat(duty_on), Shift(shift), CheckInKind(kind)): EffectiveTap(
                UUID(tap_id), Verdict(verdict), datetime.fromisoformat(tapped_at)
            )
            for tap_id, duty_on, shift, kind, verdict, tapped_at in row.effective or ()
        },
        repeat=(UUID(row.before[0]), bytes.fromhex(row.before[1])) if row.before else None,
    )


def _read_pattern(part: Sequence[Any]) -> tuple[date, date, WeeklyPattern]:
    first, after, halves = part
    return date.fromisoformat(first), date.fromisoformat(after), WeeklyPattern.from_numbers(halves)


def write_tap(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Write a tap with its audit event; False if another tap of this key or duty came in between."""
    return connection.execute(WRITE, values).one_or_none() is not None
