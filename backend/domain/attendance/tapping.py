"""The two statements of a tap: one tells whether it may be, one writes all that it leaves; a code asks for a third.

They are plain SQL, each in one round trip: the round trips are what a check-in costs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Date, LargeBinary, Select, TextClause, Uuid, and_, bindparam, select, text

from backend.database import HotConnection
from backend.domain.accounts.queries import live_phone_session
from backend.domain.accounts.rules import SessionKind, judge_session
from backend.domain.attendance.rules.evidence import Outcome, Weight
from backend.domain.attendance.rules.taps import CheckInKind, Fence, Verdict
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift, WeeklyPattern
from backend.domain.organisations.rules.places import Point
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.prepared import Prepared


def _context_statement(who: CTE) -> Select[Any]:
    """Build the statement that tells of the one who taps (`who`, with a person_id) all that a tap needs to know."""
    dispatch = and_(
        Dispatch.id == bindparam("dispatch_id"),
        Dispatch.person_id == who.c.person_id,
        Dispatch.cancelled_at.is_(None),
    )
    return select(
        who,
        Dispatch.id.label("dispatch_id"),
        Dispatch.supporting_id,
        _scalar(
            """SELECT json_agg(json_build_array(s.id, s.name, s.longitude::float8, s.latitude::float8, s.radius_m))
            FROM dispatch_sites ds JOIN sites s ON s.id = ds.site_id WHERE ds.dispatch_id = dispatches.id""",
            "sites",
        ),
        _scalar(
            """SELECT json_agg(json_build_array(lower(p.during), upper(p.during), CAST(p.halves AS text)))
            FROM duty_patterns p WHERE p.dispatch_id = dispatches.id""",
            "patterns",
        ),
        _scalar(
            """SELECT json_agg(json_build_array(c.id, c.duty_on, c.shift, c.kind, c.outcome, c.verdict, c.tapped_at))
            FROM check_ins c WHERE c.dispatch_id = dispatches.id AND c.effective
                AND c.duty_on BETWEEN CAST(:first AS date) AND CAST(:last AS date)""",
            "effective",
        ),
        _scalar(
            """SELECT json_build_array(c.id, encode(c.request_hash, 'hex'))
            FROM check_ins c WHERE c.person_id = who.person_id AND c.idempotency_key = :key""",
            "before",
        ),
    ).select_from(who.outerjoin(Dispatch, dispatch))


def _scalar(sql: str, name: str) -> TextClause:
    return text(f"({sql}) AS {name}")


_SESSION_ID: Any = bindparam("session_id", type_=Uuid())
_ACCESS_HASH: Any = bindparam("access_hash", type_=LargeBinary())
_TODAY: Any = bindparam("today", type_=Date())
_OF_SESSION = Prepared(_context_statement(live_phone_session(_SESSION_ID, _ACCESS_HASH, _TODAY).cte("who")))
_OF_PERSON = Prepared(_context_statement(select(bindparam("person_id", type_=Uuid()).label("person_id")).cte("who")))

_CODES = Prepared(
    text("""
SELECT (
    SELECT json_agg(t.id) FROM dispatch_sites ds JOIN site_tablets t ON t.site_id = ds.site_id AND t.revoked_at IS NULL
        AND t.registered_by_person_id IS DISTINCT FROM (SELECT person_id FROM dispatches WHERE id = :dispatch_id)
    WHERE ds.dispatch_id = :dispatch_id
) AS tablets, (
    SELECT json_agg(json_build_array(c.duty_on, c.shift, c.kind)) FROM check_ins c
    WHERE c.dispatch_id = :dispatch_id AND c.site_tablet_id IS NOT NULL AND c.duty_on >= CAST(:first AS date)
) AS used
""")
)
WRITE = Prepared(
    text("""
WITH demoted AS (
    UPDATE check_ins SET effective = false WHERE id = CAST(:demote_id AS uuid) AND effective RETURNING id
), tap AS (
    INSERT INTO check_ins (id, dispatch_id, person_id, kind, duty_on, shift, effective, tapped_at, received_at,
        phone_at, late, verdict, outcome, reasons, site_id, distance_m, accuracy_m, location, location_fingerprint,
        installation_hash, site_tablet_id, note, idempotency_key, request_hash)
    SELECT :id, :dispatch_id, :person_id, :kind, :duty_on, :shift, :effective, :tapped_at, :received_at,
        CAST(:phone_at AS timestamptz), :late, :verdict, :outcome, :reasons, CAST(:site_id AS uuid),
        CAST(:distance_m AS float8), CAST(:accuracy_m AS float8), CAST(:location AS bytea),
        CAST(:location_fingerprint AS bytea),
        CAST(:installation_hash AS bytea), CAST(:site_tablet_id AS uuid), :note, :idempotency_key, :request_hash
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
)


@dataclass(frozen=True)
class EffectiveTap:
    """The tap that counts at present for a duty."""

    id: UUID
    weight: Weight


Key = tuple[date, Shift, CheckInKind]  # the duty and kind of a tap


@dataclass(frozen=True)
class TapContext:
    """What must be known before a tap can be judged: the dispatch's sites and days, and what was tapped before."""

    supporting_id: UUID
    sites: Mapping[UUID, NamedSite]
    patterns: tuple[tuple[date, date, WeeklyPattern], ...]  # first day, day after the last, claims
    effective: Mapping[Key, EffectiveTap]
    repeat: tuple[UUID, bytes] | None  # the tap that this key made already, with the hash of its request

    @property
    def fences(self) -> list[Fence]:
        """The sites as the rules judge them."""
        return [site.fence for site in self.sites.values()]

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that the dispatch claims on a day."""
        return next((pattern.shifts_on(day) for first, after, pattern in self.patterns if first <= day < after), ())


@dataclass(frozen=True)
class NamedSite:
    """A site of the dispatch, by its name and as a fence."""

    id: UUID
    name: str
    fence: Fence


@dataclass(frozen=True)
class Credential:
    """The access token of a phone: its session and the hash of its secret."""

    session_id: UUID
    access_hash: bytes


def fetch_tap_context(
    connection: HotConnection, who: Credential | Actor, *, dispatch_id: UUID, key: str, days: Collection[date]
) -> tuple[Actor, TapContext | None]:
    """Return who taps, and the context of a tap on any of these local days; None where they have no such dispatch.

    Raises:
        Unauthenticated: the credential is of no live session; see `accounts.rules.judge_session`.
    """
    first = min(days) - timedelta(days=1)  # whose night may still be meant
    asked = {"dispatch_id": dispatch_id, "key": key, "first": first, "last": max(days)}
    if isinstance(who, Actor):
        actor = who
        row = _OF_PERSON.fetch(connection, asked | {"person_id": who.person_id})
    else:
        credential = {"session_id": who.session_id, "access_hash": who.access_hash, "today": clock.today()}
        row = _OF_SESSION.fetch(connection, asked | credential)
        actor = judge_session(row, clock.now(), channel=SessionKind.PHONE)
    found = row is not None and row.dispatch_id is not None
    return actor, _read_context(row) if found else None


def _read_context(row: Any) -> TapContext:
    sites = (_read_site(*part) for part in row.sites or ())
    return TapContext(
        supporting_id=row.supporting_id,
        sites={site.id: site for site in sites},
        patterns=tuple(_read_pattern(*part) for part in row.patterns or ()),
        effective=dict(_read_effective(*part) for part in row.effective or ()),
        repeat=(UUID(row.before[0]), bytes.fromhex(row.before[1])) if row.before else None,
    )


def _read_site(site_id: str, name: str, longitude: float, latitude: float, radius_m: int) -> NamedSite:
    key = UUID(site_id)
    return NamedSite(key, name, Fence(key, Point(longitude, latitude), radius_m))


def _read_pattern(first: str, after: str, halves: str) -> tuple[date, date, WeeklyPattern]:
    return date.fromisoformat(first), date.fromisoformat(after), WeeklyPattern.from_multirange(halves)


def _read_effective(
    tap_id: str, duty_on: str, shift: str, kind: str, outcome: str, verdict: str, tapped_at: str
) -> tuple[Key, EffectiveTap]:
    weight = Weight(Outcome(outcome), Verdict(verdict), datetime.fromisoformat(tapped_at))
    return _read_key(duty_on, shift, kind), EffectiveTap(UUID(tap_id), weight)


def _read_key(duty_on: str, shift: str, kind: str) -> Key:
    return date.fromisoformat(duty_on), Shift(shift), CheckInKind(kind)


@dataclass(frozen=True)
class CodeContext:
    """What must be known before a rotating code can be judged: who shows codes, and for what they were read."""

    tablets: tuple[UUID, ...]
    used: frozenset[Key]


def fetch_codes(connection: HotConnection, dispatch_id: UUID, days: Collection[date]) -> CodeContext:
    """Return what must be known before a code can be judged: the third statement of a tap that brings one."""
    row = _CODES.fetch(connection, {"dispatch_id": dispatch_id, "first": min(days) - timedelta(days=1)})
    return CodeContext(
        tablets=tuple(UUID(tablet) for tablet in row.tablets or ()),
        used=frozenset(_read_key(*part) for part in row.used or ()),
    )


def write_tap(connection: HotConnection, values: Mapping[str, Any]) -> bool:
    """Write a tap with its audit event; False if another tap of this key or duty came in between."""
    return WRITE.fetch(connection, values) is not None
