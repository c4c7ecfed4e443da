"""Reading what the desk works with: the clinics of a day, who comes to one and who waits, appeals against no-shows.

The expert sees the same of their own clinics.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.clinics.errors.bookings import BookingNotFound, ClinicNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.channels import Opening, channels_in_turn
from backend.domain.clinics.rules.planning import Channel, PlaceState
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.domain.patients.models import Patient
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.paging import Page, fetch_page

_ELSEWHERE = "本单位没有这个预约，请核对患者要去的医院和日期。"
WAITING_APPEAL = (Booking.appealed_at.is_not(None), Booking.appeal_decision.is_(None))


@dataclass(frozen=True)
class DeskClinic:
    """A clinic with what the desk counts of it; `free`: places that somebody before the desk may still get."""

    clinic: Clinic
    booked: int
    arrived: int
    waiting: int
    fulfilled: int
    noshow: int
    free: int

    @property
    def people(self) -> int:
        return self.booked + self.arrived + self.fulfilled + self.noshow


@dataclass(frozen=True)
class Listed:
    """A booking on the day's list; `queue`: which one of those who wait to be called, from 1."""

    booking: Booking
    queue: int | None

    @property
    def extra(self) -> bool:
        return self.booking.place.extra


@dataclass(frozen=True)
class DayList:
    """Who comes to a clinic, by number, and those of them who wait, in the order in which they are called."""

    clinic: Clinic
    rows: Sequence[Listed]

    @property
    def waiting(self) -> list[Listed]:
        return sorted((row for row in self.rows if row.queue is not None), key=lambda row: row.queue or 0)

    def count(self, status: BookingStatus) -> int:
        """Return how many stand so."""
        return sum(row.booking.status is status for row in self.rows)


def list_desk_clinics(actor: Actor, day: date) -> list[DeskClinic]:
    """Return the clinics of a day to which the actor receives people, or at which they see them; the earliest first.

    Raises:
        Forbidden: the current role receives nobody.
    """
    scope = pair_scope(
        actor,
        Resource.BOOKING,
        supporting=Clinic.supporting_id,
        recipient=Clinic.recipient_id,
        person=Clinic.person_id,
    )
    statement = _with_names(select(Clinic)).where(scope, Clinic.held_on == day)
    clinics = db.session.scalars(statement.order_by(Clinic.starts_at, Clinic.id)).unique().all()
    return _counted(clinics)


def get_desk_clinic(actor: Actor, clinic_id: UUID, action: Action = Action.READ, *, for_update: bool = False) -> Clinic:
    """Return a clinic on whose bookings the actor may act so; `for_update` keeps others from it until the commit.

    Raises:
        ClinicNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = _with_names(select(Clinic)).where(Clinic.id == clinic_id)
    if for_update:
        statement = statement.with_for_update(of=Clinic, key_share=True).execution_options(populate_existing=True)
    clinic = db.session.scalars(statement).unique().one_or_none()
    if clinic is None or not _parties(actor, clinic):
        raise ClinicNotFound
    require_right(actor, action, Resource.BOOKING, _parties(actor, clinic))
    return clinic


def count_desk_clinic(clinic: Clinic) -> DeskClinic:
    """Return what the desk counts of one clinic."""
    (counted,) = _counted([clinic])
    return counted


def list_day(actor: Actor, clinic_id: UUID) -> DayList:
    """Return who comes to a clinic.

    Raises:
        ClinicNotFound, Forbidden: as in get_desk_clinic.
    """
    clinic = get_desk_clinic(actor, clinic_id)
    statement = _with_patient(select(Booking)).where(
        Booking.clinic_id == clinic_id, Booking.status != BookingStatus.CANCELLED
    )
    bookings = db.session.scalars(statement.order_by(Booking.number)).all()
    turns = {booking.id: turn for turn, booking in enumerate(sorted(filter(waits, bookings), key=turn_of), start=1)}
    return DayList(clinic, [Listed(booking, turns.get(booking.id)) for booking in bookings])


def listed(booking: Booking) -> Listed:
    """Return one booking as the list shows it."""
    if not waits(booking):
        return Listed(booking, None)
    statement = select(func.count()).where(
        Booking.clinic_id == booking.clinic_id,
        Booking.status == BookingStatus.ARRIVED,
        Booking.called_at.is_(None),
        tuple_(Booking.starts_at, Booking.number) <= (booking.starts_at, booking.number),
    )
    return Listed(booking, db.session.scalar(statement))


def waits(booking: Booking) -> bool:
    """Tell whether somebody has arrived and was not called."""
    return booking.status is BookingStatus.ARRIVED and booking.called_at is None


def turn_of(booking: Booking) -> tuple[datetime, int]:
    """Return by what those who wait are called: who was asked for an earlier period comes first."""
    return booking.starts_at, booking.number


def get_desk_booking(
    actor: Actor, booking_id: UUID, action: Action = Action.READ, *, for_update: bool = False
) -> Booking:
    """Return a booking on which the actor may act so; `for_update` keeps others from it until the commit.

    Raises:
        BookingNotFound: it does not exist, or is for a hospital outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = _with_patient(_with_clinic(select(Booking))).where(Booking.id == booking_id)
    if for_update:
        statement = statement.with_for_update(of=Booking).execution_options(populate_existing=True)
    booking = db.session.scalars(statement).unique().one_or_none()
    if booking is None or not _parties(actor, booking.clinic):
        raise BookingNotFound(_ELSEWHERE)
    require_right(actor, action, Resource.BOOKING, _parties(actor, booking.clinic))
    return booking


def list_appeals(actor: Actor, *, page: int = 1, page_size: int = 20) -> Page[Booking]:
    """Return the no-shows against which somebody appealed and that nobody decided, who waits longest first.

    Raises:
        Forbidden: the current role decides none.
    """
    scope = pair_scope(
        actor,
        Resource.BOOKING,
        supporting=Clinic.supporting_id,
        recipient=Clinic.recipient_id,
        action=Action.DECIDE,
    )
    statement = _with_patient(_with_clinic(select(Booking).join(Clinic, Clinic.id == Booking.clinic_id)))
    statement = statement.where(scope, *WAITING_APPEAL).order_by(Booking.appealed_at, Booking.id)
    return fetch_page(statement, page=page, page_size=page_size)


def list_free_at_desk(clinic: Clinic) -> dict[UUID, int]:
    """Return by period how many places the desk may give out now."""
    opening = opening_of(clinic)
    channels = [channel for turn in channels_in_turn(Channel.DESK, clock.now(), opening) for channel in turn]
    statement = (
        select(ClinicPlace.period_id, func.count())
        .where(
            ClinicPlace.clinic_id == clinic.id,
            ClinicPlace.state == PlaceState.FREE,
            ClinicPlace.channel.in_(channels),
        )
        .group_by(ClinicPlace.period_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def find_patient(patient_id: UUID) -> Patient | None:
    """Return a patient whom the desk has found or registered, for their name to be shown masked."""
    return db.session.get(Patient, patient_id)


def opening_of(clinic: Clinic) -> Opening:
    """Return the instants on which it depends who may have a clinic's places."""
    return Opening(
        release_at=clinic.release_at,
        overflow_at=clinic.overflow_at,
        phone_until=clinic.phone_until,
        ends_at=clinic.ends_at,
    )


def _parties(actor: Actor, clinic: Clinic) -> frozenset[Party]:
    return parties_to_pair(
        actor, supporting_id=clinic.supporting_id, recipient_id=clinic.recipient_id, person_id=clinic.person_id
    )


def _counted(clinics: Collection[Clinic]) -> list[DeskClinic]:
    ids = [clinic.id for clinic in clinics]
    uncalled = Booking.called_at.is_(None)
    bookings = (
        select(Booking.clinic_id, Booking.status, uncalled, func.count())
        .where(Booking.clinic_id.in_(ids), Booking.status != BookingStatus.CANCELLED)
        .group_by(Booking.clinic_id, Booking.status, uncalled)
    )
    people: dict[UUID, Counter[BookingStatus]] = defaultdict(Counter)
    waiting: Counter[UUID] = Counter()
    for clinic_id, status, is_uncalled, count in db.session.execute(bookings):
        people[clinic_id][status] += count
        if status is BookingStatus.ARRIVED and is_uncalled:
            waiting[clinic_id] += count
    places = (
        select(ClinicPlace.clinic_id, func.count())
        .where(ClinicPlace.clinic_id.in_(ids), ClinicPlace.state == PlaceState.FREE)
        .group_by(ClinicPlace.clinic_id)
    )
    free: dict[UUID, int] = {row[0]: row[1] for row in db.session.execute(places)}
    return [
        DeskClinic(
            clinic,
            booked=people[clinic.id][BookingStatus.BOOKED],
            arrived=people[clinic.id][BookingStatus.ARRIVED],
            waiting=waiting[clinic.id],
            fulfilled=people[clinic.id][BookingStatus.FULFILLED],
            noshow=people[clinic.id][BookingStatus.NOSHOW],
            free=free.get(clinic.id, 0),
        )
        for clinic in clinics
    ]


def _with_names(statement: Select[Clinic]) -> Select[Clinic]:
    return statement.options(*names_of_clinic(), selectinload(Clinic.periods))


def _with_patient(statement: Select[Booking]) -> Select[Booking]:
    return statement.options(joinedload(Booking.patient), joinedload(Booking.place), joinedload(Booking.period))


def _with_clinic(statement: Select[Booking]) -> Select[Booking]:
    names = joinedload(Booking.clinic).options(*names_of_clinic())
    return statement.options(names)
