"""Reading whom the closure of a clinic affects, and where places can be had for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain.access.rules import Action, Resource, may
from backend.domain.clinics.errors.bookings import ClinicNotFound
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPeriod, ClinicPlace
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.conflicts import conflicts_of
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.queries.waitlist import free_by_phone, present
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import TOO_LATE_TO_MOVE, falls
from backend.domain.clinics.rules.planning import ClinicStatus, PlaceState
from backend.domain.clinics.rules.sharing import FreePlace, Given, Loser, Span, Target, extra_allowed, share_out
from backend.domain.clinics.rules.waitlist import OfferKind, OfferStatus
from backend.domain.organisations.queries import parties_to_pair, require_right
from backend.extensions import db
from backend.foundation.actor import Actor

_DAYS_AHEAD = 60
_DATES = 4  # a place further away than the fourth date helps nobody


@dataclass(frozen=True)
class Affected:
    """Somebody whose place falls: a booking of the clinic, or the offer of one after an earlier closure."""

    booking: Booking
    offer: PlaceOffer | None = None

    @property
    def number(self) -> int:
        return self.booking.number


@dataclass(frozen=True)
class ClosurePreview:
    """Who would be affected, and what each would get."""

    clinic: Clinic
    affected: Sequence[Affected]
    given: dict[UUID, Given]
    targets: dict[UUID, Clinic]
    may: bool

    @property
    def arrived(self) -> int:
        return sum(one.booking.status is BookingStatus.ARRIVED for one in self.affected)

    @property
    def with_place(self) -> int:
        return len(self.given)

    @property
    def without_place(self) -> int:
        return len(self.affected) - len(self.given)

    @property
    def without_telephone(self) -> int:
        return sum(one.booking.patient.telephone is None for one in self.affected)


def preview_closure(actor: Actor, clinic_id: UUID) -> ClosurePreview:
    """Return whom a closure would affect, and the places that would be held, for who may see or close the clinic.

    Raises:
        ClinicNotFound, Forbidden: the clinic is not the actor's to see so.
    """
    clinic = clinic_for(actor, clinic_id, Action.READ)
    affected = affected_by(clinic_id)
    targets = next_clinics(clinic, present())
    given = propose(affected, targets)
    parties = parties_to_pair(
        actor, supporting_id=clinic.supporting_id, recipient_id=clinic.recipient_id, person_id=clinic.person_id
    )
    allowed = may(actor.role, Action.DECIDE, Resource.CLINIC, parties)
    return ClosurePreview(clinic, affected, given, {target.id: target for target in targets}, allowed)


def clinic_for(actor: Actor, clinic_id: UUID, action: Action, *, as_expert: bool = True) -> Clinic:
    """Return a clinic on which the actor may act so; its expert among them unless told otherwise.

    Raises:
        ClinicNotFound: there is none, or it lies outside the actor's organisations.
        Forbidden: the current role has no such right.
    """
    statement = select(Clinic).where(Clinic.id == clinic_id).options(*names_of_clinic())
    clinic = db.session.scalars(statement).one_or_none()
    if clinic is None:
        raise ClinicNotFound
    parties = parties_to_pair(
        actor,
        supporting_id=clinic.supporting_id,
        recipient_id=clinic.recipient_id,
        person_id=clinic.person_id if as_expert else None,
    )
    if not parties:
        raise ClinicNotFound
    require_right(actor, action, Resource.CLINIC, parties)
    return clinic


def affected_by(clinic_id: UUID) -> list[Affected]:
    """Return whose place falls with a clinic, by number, as the database has it now."""
    bookings = (
        select(Booking)
        .where(Booking.clinic_id == clinic_id, Booking.status.in_([one for one in BookingStatus if falls(one)]))
        .options(joinedload(Booking.patient))
        .order_by(Booking.number)
        .execution_options(populate_existing=True)
    )
    offers = (
        select(PlaceOffer)
        .where(
            PlaceOffer.clinic_id == clinic_id,
            PlaceOffer.kind == OfferKind.CLOSURE,
            PlaceOffer.status == OfferStatus.OFFERED,
        )
        .options(
            joinedload(PlaceOffer.fallen_booking).joinedload(Booking.patient),
            joinedload(PlaceOffer.place).joinedload(ClinicPlace.period),
        )
        .order_by(PlaceOffer.id)
        .execution_options(populate_existing=True)
    )
    affected = [Affected(booking) for booking in db.session.scalars(bookings)]
    return affected + [
        Affected(offer.fallen_booking, offer) for offer in db.session.scalars(offers) if offer.fallen_booking
    ]


def next_clinics(clinic: Clinic, now: datetime, chosen_ids: Collection[UUID] = ()) -> list[Clinic]:
    """Return where places may be held: the same site's next dates in the department, and what the office chose.

    Dates on which the expert cannot be there are left out: who was sent home once is not asked to come in vain again.
    """
    is_next = (
        (Clinic.site_id == clinic.site_id)
        & Clinic.department_id.is_not_distinct_from(clinic.department_id)
        & (Clinic.starts_at > clinic.starts_at)
        & (Clinic.starts_at < max(now, clinic.starts_at) + timedelta(days=_DAYS_AHEAD))
    )
    bearable = (
        Clinic.status == ClinicStatus.SCHEDULED,
        Clinic.starts_at > now + TOO_LATE_TO_MOVE,
        Clinic.id != clinic.id,
    )
    next_ids = select(Clinic.id).where(is_next, *bearable).order_by(Clinic.starts_at, Clinic.id).limit(_DATES)
    chosen = (Clinic.id.in_(chosen_ids)) & (Clinic.recipient_id == clinic.recipient_id)
    statement = (
        select(Clinic)
        .where(or_(Clinic.id.in_(next_ids.scalar_subquery()), chosen), *bearable)
        .options(*names_of_clinic(), selectinload(Clinic.periods))
        .order_by(Clinic.starts_at, Clinic.id)
        .execution_options(populate_existing=True)
    )
    found = list(db.session.scalars(statement))
    conflicts = conflicts_of(found)
    return [one for one in found if one.id not in conflicts]


def propose(
    affected: Sequence[Affected],
    targets: Sequence[Clinic],
    choices: dict[UUID, UUID | None] | None = None,
    *,
    lock: bool = False,
) -> dict[UUID, Given]:
    """Return who gets which place, by the id of the booking; `lock` takes the free places out of others' reach."""
    if not affected or not targets:
        return {}
    return share_out(_losers(affected), _stores(targets, lock=lock), choices or {})


def _losers(affected: Sequence[Affected]) -> list[Loser]:
    patients = {one.booking.patient_id for one in affected}
    falling = {one.booking.id for one in affected}
    engaged: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    has_place_in: dict[UUID, set[UUID]] = defaultdict(set)
    bookings = select(Booking.id, Booking.patient_id, Booking.clinic_id, Booking.starts_at, Booking.ends_at).where(
        Booking.patient_id.in_(patients), Booking.status != BookingStatus.CANCELLED, Booking.ends_at > func.now()
    )
    for booking_id, patient_id, clinic_id, starts_at, ends_at in db.session.execute(bookings):
        if booking_id not in falling:
            engaged[patient_id].append((starts_at, ends_at))
            has_place_in[patient_id].add(clinic_id)
    offers = (
        select(PlaceOffer.patient_id, PlaceOffer.clinic_id, ClinicPeriod.starts_at, ClinicPeriod.ends_at)
        .join(ClinicPlace, ClinicPlace.id == PlaceOffer.place_id)
        .join(ClinicPeriod, ClinicPeriod.id == ClinicPlace.period_id)
        .where(PlaceOffer.patient_id.in_(patients), PlaceOffer.status == OfferStatus.OFFERED)
    )
    for patient_id, clinic_id, starts_at, ends_at in db.session.execute(offers):
        engaged[patient_id].append((starts_at, ends_at))
        has_place_in[patient_id].add(clinic_id)
    return [
        Loser(
            id=one.booking.id,
            number=one.number,
            starts_at=one.booking.starts_at,
            engaged=tuple(engaged[one.booking.patient_id]),
            has_place_in=frozenset(has_place_in[one.booking.patient_id]),
        )
        for one in affected
    ]


def _stores(targets: Sequence[Clinic], *, lock: bool) -> list[Target]:
    spans = {
        period.id: Span(period.id, period.starts_at, period.ends_at) for target in targets for period in target.periods
    }
    ids = [target.id for target in targets]
    free: dict[UUID, list[FreePlace]] = defaultdict(list)
    statement = (
        select(ClinicPlace)
        .join(Clinic, Clinic.id == ClinicPlace.clinic_id)
        .where(ClinicPlace.clinic_id.in_(ids), ClinicPlace.extra.is_(False), free_by_phone())
        .order_by(ClinicPlace.clinic_id, ClinicPlace.number)
    )
    if lock:
        statement = statement.with_for_update(skip_locked=True, of=ClinicPlace)
    for place in db.session.scalars(statement.execution_options(populate_existing=True)):
        free[place.clinic_id].append(FreePlace(place.id, place.number, spans[place.period_id]))
    sizes = _sizes(ids)
    return [
        Target(
            clinic_id=target.id,
            periods=tuple(spans[period.id] for period in target.periods),
            free=tuple(free[target.id]),
            extra=extra_allowed(*sizes.get(target.id, (0, 0))),
        )
        for target in targets
    ]


def _sizes(clinic_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return how many places each clinic was planned with, and how many were added."""
    statement = (
        select(
            ClinicPlace.clinic_id,
            func.count().filter(~ClinicPlace.extra),
            func.count().filter(ClinicPlace.extra),
        )
        .where(ClinicPlace.clinic_id.in_(clinic_ids), ClinicPlace.state != PlaceState.WITHDRAWN)
        .group_by(ClinicPlace.clinic_id)
    )
    return {clinic_id: (planned, extra) for clinic_id, planned, extra in db.session.execute(statement)}
