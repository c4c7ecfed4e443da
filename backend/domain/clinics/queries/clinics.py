"""Reading clinics as offices and experts see them: with their counts, conflicts, and what one may do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Party, Resource, may
from backend.domain.clinics.errors.planning import ClinicNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import WaitlistEntry
from backend.domain.clinics.queries.conflicts import conflicts_of
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.planning import Channel, ClinicStatus, PlaceState
from backend.domain.clinics.rules.presence import Conflict
from backend.domain.clinics.rules.waitlist import WaitlistStatus
from backend.domain.organisations.queries import pair_scope, parties_to_pair, require_right
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor


@dataclass(frozen=True)
class Counts:
    """How many places and people a clinic has; `booked` are all who hold or held a place that day, seen or not."""

    capacity: int = 0
    booked: int = 0
    arrived: int = 0
    fulfilled: int = 0
    noshow: int = 0
    waiting: int = 0
    free_by_channel: Mapping[Channel, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficeClinic:
    """A clinic with its counts, what keeps its expert away, and what the actor may do with it now."""

    clinic: Clinic
    counts: Counts
    conflict: Conflict | None
    may_close: bool
    may_add_place: bool
    may_change: bool
    may_receive: bool  # see by name who comes, and let them in


def list_clinics(
    actor: Actor, first: date, last: date, *, recipient_id: UUID | None = None, person_id: UUID | None = None
) -> list[OfficeClinic]:
    """Return the clinics of these days that the actor's office or the actor as an expert has to do with.

    Raises:
        Forbidden: the current role may read none.
    """
    scope = pair_scope(
        actor,
        Resource.CLINIC,
        supporting=Clinic.supporting_id,
        recipient=Clinic.recipient_id,
        person=Clinic.person_id,
    )
    statement = _clinics().where(scope, Clinic.held_on.between(first, last))
    if recipient_id is not None:
        statement = statement.where(Clinic.recipient_id == recipient_id)
    if person_id is not None:
        statement = statement.where(Clinic.person_id == person_id)
    return office_view(actor, db.session.scalars(statement.order_by(Clinic.starts_at, Clinic.id)).all())


def get_clinic(actor: Actor, clinic_id: UUID, action: Action = Action.READ) -> Clinic:
    """Return a clinic on which the actor may act so.

    Raises:
        ClinicNotFound: it does not exist, or lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    clinic = db.session.scalars(_clinics().where(Clinic.id == clinic_id)).one_or_none()
    if clinic is None:
        raise ClinicNotFound
    parties = parties_to_pair(
        actor, supporting_id=clinic.supporting_id, recipient_id=clinic.recipient_id, person_id=clinic.person_id
    )
    if not parties:
        raise ClinicNotFound
    require_right(actor, action, Resource.CLINIC, parties)
    return clinic


def closure_of(clinic_id: UUID) -> UUID | None:
    """Return the closure of a clinic, None where it was not closed."""
    return db.session.scalar(select(ClinicClosure.id).where(ClinicClosure.clinic_id == clinic_id))


def office_view(actor: Actor, clinics: Sequence[Clinic]) -> list[OfficeClinic]:
    """Return these clinics as an office sees them, in six statements however many they are."""
    counts, conflicts = counts_of([clinic.id for clinic in clinics]), conflicts_of(clinics)
    return [_seen(actor, clinic, counts[clinic.id], conflicts.get(clinic.id)) for clinic in clinics]


def counts_of(clinic_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Return how many places and people each of these clinics has."""
    free: dict[UUID, Counter[Channel]] = defaultdict(Counter)
    capacity: Counter[UUID] = Counter()
    places = (
        select(ClinicPlace.clinic_id, ClinicPlace.channel, ClinicPlace.state, func.count())
        .where(ClinicPlace.clinic_id.in_(clinic_ids), ClinicPlace.state != PlaceState.WITHDRAWN)
        .group_by(ClinicPlace.clinic_id, ClinicPlace.channel, ClinicPlace.state)
    )
    for clinic_id, channel, state, number in db.session.execute(places):
        capacity[clinic_id] += number
        free[clinic_id][channel] += number if state is PlaceState.FREE else 0
    people: dict[UUID, Counter[BookingStatus]] = defaultdict(Counter)
    bookings = (
        select(Booking.clinic_id, Booking.status, func.count())
        .where(Booking.clinic_id.in_(clinic_ids), Booking.status != BookingStatus.CANCELLED)
        .group_by(Booking.clinic_id, Booking.status)
    )
    for clinic_id, status, number in db.session.execute(bookings):
        people[clinic_id][status] = number
    waiting = (
        select(WaitlistEntry.clinic_id, func.count())
        .where(WaitlistEntry.clinic_id.in_(clinic_ids), WaitlistEntry.status == WaitlistStatus.WAITLIST)
        .group_by(WaitlistEntry.clinic_id)
    )
    queues: dict[UUID, int] = {row[0]: row[1] for row in db.session.execute(waiting)}
    return {
        clinic_id: Counts(
            capacity=capacity[clinic_id],
            booked=people[clinic_id].total(),
            arrived=people[clinic_id][BookingStatus.ARRIVED],
            fulfilled=people[clinic_id][BookingStatus.FULFILLED],
            noshow=people[clinic_id][BookingStatus.NOSHOW],
            waiting=queues.get(clinic_id, 0),
            free_by_channel={channel: free[clinic_id][channel] for channel in Channel},
        )
        for clinic_id in clinic_ids
    }


def _seen(actor: Actor, clinic: Clinic, counts: Counts, conflict: Conflict | None) -> OfficeClinic:
    parties = {
        party
        for party, row_id, own_id in (
            (Party.SELF, clinic.person_id, actor.person_id),
            (Party.SUPPORTING, clinic.supporting_id, actor.organisation_id),
            (Party.RECIPIENT, clinic.recipient_id, actor.organisation_id),
        )
        if row_id == own_id
    }
    goes_on = clinic.status is ClinicStatus.SCHEDULED and clock.now() < clinic.ends_at
    return OfficeClinic(
        clinic,
        counts,
        conflict,
        may_close=goes_on and may(actor.role, Action.DECIDE, Resource.CLINIC, parties),
        may_add_place=goes_on and may(actor.role, Action.CONFIRM, Resource.BOOKING, parties),
        may_change=goes_on and may(actor.role, Action.WRITE, Resource.CLINIC, parties),
        may_receive=may(actor.role, Action.WRITE, Resource.BOOKING, parties),
    )


def _clinics() -> Select[Clinic]:
    return select(Clinic).options(
        *names_of_clinic(),
        joinedload(Clinic.supporting),
        joinedload(Clinic.local_doctor),
        selectinload(Clinic.periods),
    )


@dataclass(frozen=True)
class Share:
    """The places of a channel in a period: how many there are, and how many of them can still be had."""

    places: int = 0
    free: int = 0


def shares_of(clinic_id: UUID) -> dict[tuple[UUID, Channel | None], Share]:
    """Return the places of a clinic by period and channel; what was added beyond the plan under no channel."""
    channel = case((ClinicPlace.extra, None), else_=ClinicPlace.channel)
    statement = (
        select(ClinicPlace.period_id, channel, ClinicPlace.state, func.count())
        .where(ClinicPlace.clinic_id == clinic_id, ClinicPlace.state != PlaceState.WITHDRAWN)
        .group_by(ClinicPlace.period_id, channel, ClinicPlace.state)
    )
    found: dict[tuple[UUID, Channel | None], Share] = {}
    for period_id, of, state, number in db.session.execute(statement):
        key = (period_id, Channel(of) if of is not None else None)
        known = found.get(key, Share())
        free = number if state is PlaceState.FREE else 0
        found[key] = Share(known.places + number, known.free + free)
    return found
