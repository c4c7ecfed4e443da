"""Reading the board of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ScalarSelect, Select, Text, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Resource
from backend.domain.accounts.models import Person
from backend.domain.attendance.models.requests import CorrectionRequest, LeaveRequest
from backend.domain.attendance.models.taps import CheckIn, CheckInReview
from backend.domain.attendance.rules.days import SHIFT_STARTS, Presence, presence
from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.leave import shift_number
from backend.domain.attendance.rules.requests import RequestStatus
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.models import Dispatch, DutyPattern, Suspension, dispatch_sites
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
    begun = _begun(day, now)
    for dispatch, halves, read_taps, leaves, suspended, after_a_night in db.session.execute(_on_duty(day).where(scope)):
        taps = dict(_board_tap(*tap) for tap in read_taps or ())
        excused = _Excused(day, leaves or (), suspended, after_a_night)
        shifts = WeeklyPattern.from_multirange(halves).shifts_on(day)
        part = [_board_shift(shift, taps, excused, begun=shift in begun, due=working is not False) for shift in shifts]
        rows.append(BoardRow(dispatch, tuple(part)))
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


def _on_duty(day: date) -> Select[Dispatch, str, list[list[Any]] | None, list[list[int]] | None, bool, bool]:
    # Taps as JSON and patterns as text: a thousand ranges and rows of taps would take longer to build than to read.
    told = (CheckIn.shift, CheckIn.kind, CheckIn.verdict, CheckIn.tapped_at, CheckIn.distance_m, CheckIn.late)
    taps = (
        select(func.json_agg(func.json_build_array(*told, CheckIn.site_id), type_=JSON))
        .where(CheckIn.dispatch_id == Dispatch.id, CheckIn.duty_on == day, CheckIn.effective)
        .scalar_subquery()
    )
    return (
        select(Dispatch, cast(DutyPattern.halves, Text), taps, _leaves(day), _suspended(day), _after_a_night(day))
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


def _leaves(day: date) -> ScalarSelect[list[list[int]] | None]:
    """Select the granted leave that touches a day, each as half-open range of shift numbers."""
    of_day = Range(shift_number(day, Shift.MORNING), shift_number(day, Shift.NIGHT) + 1)
    bounds = func.json_build_array(func.lower(LeaveRequest.halves), func.upper(LeaveRequest.halves))
    return (
        select(func.json_agg(bounds, type_=JSON))
        .where(
            LeaveRequest.dispatch_id == Dispatch.id,
            LeaveRequest.status == RequestStatus.ACCEPTED,
            LeaveRequest.halves.overlaps(of_day),
        )
        .scalar_subquery()
    )


def _suspended(day: date) -> ColumnElement[bool]:
    return select(Suspension.id).where(Suspension.dispatch_id == Dispatch.id, Suspension.during.contains(day)).exists()


def _after_a_night(day: date) -> ColumnElement[bool]:
    """Tell whether the night before was worked, as far as evidence says by now."""
    before = day - timedelta(days=1)
    review = CheckInReview
    believed = case(
        (review.judgement.is_not(None), review.judgement == Judgement.ACCEPTED),
        (review.confirmation.is_not(None), review.confirmation == Confirmation.PRESENT),
        else_=CheckIn.outcome == Outcome.VERIFIED,
    )
    tapped = (
        select(CheckIn.id)
        .outerjoin(review, review.check_in_id == CheckIn.id)
        .where(CheckIn.dispatch_id == Dispatch.id, CheckIn.duty_on == before, CheckIn.shift == Shift.NIGHT)
        .where(CheckIn.kind == CheckInKind.IN, CheckIn.effective, believed)
    )
    corrected = select(CorrectionRequest.id).where(
        CorrectionRequest.dispatch_id == Dispatch.id,
        CorrectionRequest.duty_on == before,
        CorrectionRequest.shift == Shift.NIGHT,
        CorrectionRequest.kind == CheckInKind.IN,
        CorrectionRequest.status == RequestStatus.ACCEPTED,
    )
    return or_(tapped.exists(), corrected.exists())


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


def _begun(day: date, now: datetime) -> frozenset[Shift]:
    local = clock.local(now)
    return frozenset(shift for shift, start in SHIFT_STARTS.items() if (local.date(), local.time()) >= (day, start))


@dataclass(frozen=True)
class _Excused:
    """What excuses somebody on a day."""

    day: date
    leaves: Sequence[Sequence[int]]
    suspended: bool
    after_a_night: bool

    def on_leave(self, shift: Shift) -> bool:
        number = shift_number(self.day, shift)
        return self.suspended or any(first <= number < after for first, after in self.leaves)

    def rests(self, shift: Shift) -> bool:
        return self.after_a_night and shift is not Shift.NIGHT


def _board_shift(
    shift: Shift,
    taps: Mapping[tuple[Shift, CheckInKind], BoardTap],
    excused: _Excused,
    *,
    begun: bool,
    due: bool,
) -> BoardShift:
    arrived = taps.get((shift, CheckInKind.IN))
    stands = presence(
        arrived.verdict if arrived else None,
        begun=begun,
        due=due,
        on_leave=excused.on_leave(shift),
        rests=excused.rests(shift),
    )
    return BoardShift(shift, stands, arrived, taps.get((shift, CheckInKind.OUT)))
