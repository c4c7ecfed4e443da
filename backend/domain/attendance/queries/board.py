"""Reading the board of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Select, Text, cast, func, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Resource
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.days import SHIFT_STARTS, Presence, presence
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.models import Dispatch, DutyPattern, dispatch_sites
from backend.domain.dispatch.queries import in_state, on_duty
from backend.domain.dispatch.rules import DispatchState, Shift, WeeklyPattern
from backend.domain.organisations.models import Site
from backend.domain.organisations.queries import calendar_of, pair_scope
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class BoardTap:
    """What the board tells of an effective tap."""

    verdict: Verdict
    tapped_at: datetime
    distance_m: float | None
    late: bool
    site_id: UUID | None


@dataclass(frozen=True)
class BoardShift:
    """One claimed shift of somebody's day."""

    shift: Shift
    presence: Presence
    arrived: BoardTap | None
    left: BoardTap | None


@dataclass(frozen=True)
class BoardRow:
    """Somebody who is on duty on a day, with their shifts."""

    dispatch: Dispatch
    shifts: tuple[BoardShift, ...]


@dataclass(frozen=True)
class Board:
    """Everyone on duty on a day, and the sites where nobody is.

    `working` is None where the calendar of that year is not loaded; `read_at` is the instant of the board.
    """

    day: date
    working: bool | None
    holiday: str | None
    rows: tuple[BoardRow, ...]
    empty_sites: tuple[Site, ...]
    read_at: datetime

    def count(self, state: Presence) -> int:
        """Return how many people have a shift that stands so."""
        return sum(any(part.presence is state for part in row.shifts) for row in self.rows)


def today_board(actor: Actor, day: date) -> Board:
    """Return the board of a day for what the actor may read, in two statements.

    Raises:
        Forbidden: the current role may read no check-ins.
    """
    scope = pair_scope(
        actor,
        Resource.CHECK_IN,
        supporting=Dispatch.supporting_id,
        recipient=Dispatch.recipient_id,
        person=Dispatch.person_id,
    )
    now = clock.now()
    calendar = calendar_of(actor.organisation_id, day, day)
    working = calendar.is_working_day(day)
    rows, reached = [], set()
    for dispatch, halves, read_taps in db.session.execute(_on_duty(day).where(scope)):
        taps = dict(_board_tap(*tap) for tap in read_taps or ())
        shifts = WeeklyPattern.from_multirange(halves).shifts_on(day)
        rows.append(BoardRow(dispatch, tuple(_board_shift(shift, day, now, working, taps) for shift in shifts)))
        reached |= {tap.site_id for tap in taps.values() if tap.verdict is not Verdict.OUTSIDE}
    sites = db.session.scalars(_sites(day).where(scope)).unique()
    empty = tuple(site for site in sites if site.id not in reached)
    return Board(
        day,
        working,
        calendar.holiday_name(day),
        tuple(rows),
        empty if working is not False and day <= clock.local(now).date() else (),
        now,
    )


def _on_duty(day: date) -> Select[Dispatch, str, list[list[Any]] | None]:
    # Taps as JSON and patterns as text: a thousand ranges and rows of taps would take longer to build than to read.
    told = (CheckIn.shift, CheckIn.kind, CheckIn.verdict, CheckIn.tapped_at, CheckIn.distance_m, CheckIn.late)
    taps = (
        select(func.json_agg(func.json_build_array(*told, CheckIn.site_id), type_=JSON))
        .where(CheckIn.dispatch_id == Dispatch.id, CheckIn.duty_on == day, CheckIn.effective)
        .scalar_subquery()
    )
    return (
        select(Dispatch, cast(DutyPattern.halves, Text), taps)
        .join(DutyPattern, DutyPattern.dispatch_id == Dispatch.id)
        .join(Dispatch.recipient)
        .join(Dispatch.person)
        .options(
            joinedload(Dispatch.person).joinedload(Person.department),
            joinedload(Dispatch.recipient),
            joinedload(Dispatch.department),
        )
        .where(on_duty(day))
        .order_by(Dispatch.recipient_id, Dispatch.leads_team.desc(), Person.staff_number)
    )


def _board_tap(
    shift: str, kind: str, verdict: str, tapped_at: str, distance_m: float | None, late: bool, site_id: str | None
) -> tuple[tuple[Shift, CheckInKind], BoardTap]:
    at = UUID(site_id) if site_id else None
    tap = BoardTap(Verdict(verdict), datetime.fromisoformat(tapped_at), distance_m, late, at)
    return (Shift(shift), CheckInKind(kind)), tap


def _sites(day: date) -> Select[Site]:
    return (
        select(Site)
        .join(dispatch_sites, dispatch_sites.c.site_id == Site.id)
        .join(Dispatch, Dispatch.id == dispatch_sites.c.dispatch_id)
        .options(joinedload(Site.organisation))
        .where(in_state(DispatchState.CURRENT, day))
        .order_by(Site.organisation_id, Site.name)
    )


def _board_shift(
    shift: Shift,
    day: date,
    now: datetime,
    working: bool | None,
    taps: Mapping[tuple[Shift, CheckInKind], BoardTap],
) -> BoardShift:
    local = clock.local(now)
    arrived = taps.get((shift, CheckInKind.IN))
    begun = (local.date(), local.time()) >= (day, SHIFT_STARTS[shift]) and working is not False
    stands = presence(arrived.verdict if arrived else None, begun=begun)
    return BoardShift(shift, stands, arrived, taps.get((shift, CheckInKind.OUT)))
