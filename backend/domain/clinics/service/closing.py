"""Closing a clinic (停诊) in one transaction: nobody keeps a place, and everybody is told what they get for it.

Whatever touches a clinic's places takes locks in this order, so that none waits for another in a circle: clinics by
id, bookings, offers, places, and who waits. Bookings need no lock on the clinic: a closed clinic is one whose places
are withdrawn. The rows of clinics are locked without their keys, for each booking refers to one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from backend.domain.access.rules import Action
from backend.domain.accounts.models import Person
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.bookings import ClinicClosed, ClinicOver
from backend.domain.clinics.errors.closures import CallerUnfit, ChoiceImpossible, ClinicHasBegun, NoLocalDoctor
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic, ClinicPlace
from backend.domain.clinics.models.closures import ClinicClosure
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.affected import Affected, affected_by, clinic_for, next_clinics, propose
from backend.domain.clinics.queries.waitlist import present
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.closures import (
    ON_THE_SPOT,
    CloseRefusal,
    ClosureReason,
    Remedy,
    why_not_close,
)
from backend.domain.clinics.rules.planning import ClinicStatus, PlaceState
from backend.domain.clinics.rules.sharing import Given
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.clinics.service.closure_notices import no_place_is_held, report_to_offices, waiting_is_over
from backend.domain.clinics.service.falling import end_waiting, let_fall
from backend.domain.clinics.service.holding import hold_places
from backend.domain.notifications.service.notices import owe_notices
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import BangfuError, StaleVersion
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

_REFUSALS: dict[CloseRefusal, type[BangfuError]] = {
    CloseRefusal.CLOSED: ClinicClosed,
    CloseRefusal.OVER: ClinicOver,
    CloseRefusal.BEGUN: ClinicHasBegun,
}


@dataclass(frozen=True)
class ClosureDraft:
    """Why a clinic is closed, who calls, where some are to go, and what those get who have come."""

    reason: ClosureReason
    note: str = ""
    caller_person_id: UUID | None = None
    choices: dict[UUID, UUID | None] = field(default_factory=dict)
    arrived_remedy: Remedy | None = None


def close_clinic(actor: Actor, clinic_id: UUID, version: int, draft: ClosureDraft) -> ClinicClosure:
    """Close a clinic, hold other places for those who had one, and owe everybody their notice.

    Raises:
        ClinicNotFound, Forbidden: the clinic is not the actor's to close.
        ClinicClosed, ClinicOver, ClinicHasBegun, NoLocalDoctor: it cannot be closed, or not so.
        StaleVersion: it was changed since it was read.
        CallerUnfit, ChoiceImpossible: what was chosen cannot be done.
    """
    with transaction() as session:
        clinic = clinic_for(actor, clinic_id, Action.DECIDE)
        targets = _lock_clinics(clinic, present(), {one for one in draft.choices.values() if one})
        _require_closable(clinic, version, draft)
        _withdraw_places(clinic.id)
        affected = affected_by(clinic.id)
        closure = _new_closure(actor, clinic, draft)
        session.add(closure)
        clinic.status = ClinicStatus.CLOSED
        clinic.version += 1
        session.flush()
        here = {one.booking.id for one in affected if _gets_it_here(one, draft.arrived_remedy)}
        movable = [one for one in affected if one.booking.id not in here]
        given = propose(movable, targets, draft.choices, lock=True)
        _require_choices(draft, given)
        remedies = {one.booking.id: _remedy(one, given, here, draft) for one in affected}
        let_fall(closure, affected, remedies)
        owed = hold_places(closure, movable, given, targets)
        owed += [
            notice
            for one in affected
            if one.booking.id not in given
            and (notice := no_place_is_held(closure, one, remedies[one.booking.id])) is not None
        ]
        owed += waiting_is_over(closure, end_waiting(closure))
        owed += report_to_offices(closure, len(affected), len(given))
        owe_notices(owed)
        _record(actor, closure, len(affected), len(given))
        return closure


def _lock_clinics(clinic: Clinic, now: datetime, chosen_ids: Collection[UUID]) -> list[Clinic]:
    """Lock the clinic and those at which places may be held, so that their extra places are numbered by one alone."""
    ids = {clinic.id, *(target.id for target in next_clinics(clinic, now, chosen_ids))}
    locked = (
        select(Clinic)
        .where(Clinic.id.in_(ids))
        .order_by(Clinic.id)
        .with_for_update(key_share=True, of=Clinic)
        .execution_options(populate_existing=True)
    )
    db.session.scalars(locked).all()
    return [target for target in next_clinics(clinic, now, chosen_ids) if target.id in ids]


def _require_closable(clinic: Clinic, version: int, draft: ClosureDraft) -> None:
    refusal = why_not_close(
        clock.now(),
        closed=clinic.status is ClinicStatus.CLOSED,
        starts_at=clinic.starts_at,
        ends_at=clinic.ends_at,
        with_remedy=draft.arrived_remedy is not None,
    )
    if refusal is not None:
        raise _REFUSALS[refusal]
    if clinic.version != version:
        raise StaleVersion
    if draft.arrived_remedy is Remedy.LOCAL_DOCTOR and clinic.local_doctor_id is None:
        raise NoLocalDoctor
    if draft.caller_person_id is not None:
        caller = db.session.get(Person, draft.caller_person_id)
        hospitals = (clinic.supporting_id, clinic.recipient_id)
        if caller is None or caller.disabled_at is not None or caller.organisation_id not in hospitals:
            raise CallerUnfit(fields={"caller_person_id": [CallerUnfit.message]})


def _withdraw_places(clinic_id: UUID) -> None:
    """Take every place out of reach, and wait for whoever is claiming one: what they book is seen after this."""
    live = Booking.status.in_((BookingStatus.BOOKED, BookingStatus.ARRIVED))
    bookings = select(Booking.id).where(Booking.clinic_id == clinic_id, live).order_by(Booking.id).with_for_update()
    offers = (
        select(PlaceOffer.id)
        .where(PlaceOffer.clinic_id == clinic_id, PlaceOffer.status == OfferStatus.OFFERED)
        .order_by(PlaceOffer.id)
        .with_for_update()
    )
    # By number, as they are claimed: who waits for a place keeps those that it has waited for in vain.
    places = select(ClinicPlace.id).where(ClinicPlace.clinic_id == clinic_id).order_by(ClinicPlace.number)
    db.session.scalars(bookings).all()
    db.session.scalars(offers).all()
    db.session.scalars(places.with_for_update()).all()
    db.session.execute(
        update(ClinicPlace)
        .where(ClinicPlace.clinic_id == clinic_id)
        .values(state=PlaceState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _new_closure(actor: Actor, clinic: Clinic, draft: ClosureDraft) -> ClinicClosure:
    return ClinicClosure(
        id=new_id(),
        clinic=clinic,
        reason=draft.reason,
        note=draft.note,
        closed_by_person_id=actor.person_id,
        closed_as=actor.role or Role.STAFF,
        closed_at=clock.now(),
        caller_person_id=draft.caller_person_id,
        needs_review=actor.role is Role.DUTY,
    )


def _gets_it_here(one: Affected, remedy: Remedy | None) -> bool:
    return remedy in ON_THE_SPOT and one.offer is None and one.booking.status is BookingStatus.ARRIVED


def _remedy(one: Affected, given: Mapping[UUID, Given], here: Collection[UUID], draft: ClosureDraft) -> Remedy:
    if one.booking.id in here and draft.arrived_remedy is not None:
        return draft.arrived_remedy
    return Remedy.PLACE if one.booking.id in given else Remedy.NONE


def _require_choices(draft: ClosureDraft, given: Mapping[UUID, Given]) -> None:
    """Let no choice of the office's be dropped in silence."""
    failed = [one for one, clinic_id in draft.choices.items() if clinic_id is not None and one not in given]
    if failed:
        raise ChoiceImpossible(fields={"choices": [str(booking_id) for booking_id in failed]})


def _record(actor: Actor, closure: ClinicClosure, affected: int, with_place: int) -> None:
    for organisation_id in (closure.clinic.supporting_id, closure.clinic.recipient_id):
        record_event(
            actor,
            "close_clinic",
            "clinic",
            closure.clinic_id,
            organisation_id=organisation_id,
            reason=closure.reason,
            affected=affected,
            with_place=with_place,
        )
