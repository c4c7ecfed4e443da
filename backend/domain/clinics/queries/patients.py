"""Patients as the desk of a hospital knows them: those who have booked there, and those for whom it vouches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.accounts.models import RoleHolding
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import Clinic
from backend.domain.clinics.models.waitlist import PlaceOffer, WaitlistEntry
from backend.domain.clinics.rules.bookings import BookingStatus
from backend.domain.clinics.rules.waitlist import OfferStatus, WaitlistStatus
from backend.domain.organisations.queries import require_right
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import identity_hash, telephone_hash
from backend.domain.patients.rules import household_key, normalised_number, stored_name
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import NotFound

_MOST = 20
_WAITING = (WaitlistStatus.WAITLIST, WaitlistStatus.OFFERED)


def known_at(organisation_id: UUID) -> ColumnElement[bool]:
    """Return the condition that keeps the patients whom the desk of an organisation knows."""
    booked = (
        select(Booking.id)
        .join(Clinic, Clinic.id == Booking.clinic_id)
        .where(Booking.patient_id == Patient.id, Clinic.recipient_id == organisation_id)
    )
    vouchers = select(RoleHolding.person_id).where(
        RoleHolding.organisation_id == organisation_id, RoleHolding.role == Role.DESK
    )
    return or_(booked.exists(), Patient.vouched_by_person_id.in_(vouchers))


def match_patients(
    organisation_id: UUID, *, name: str | None, telephone: str | None, identity_number: str | None
) -> Sequence[Patient]:
    """Return up to 20 patients that match all that is given.

    A full telephone or identity number finds anybody: whoever tells it stands at the desk. A name, or how it begins,
    finds only whom the desk knows.
    """
    conditions: list[ColumnElement[bool]] = []
    if name is not None:
        conditions.append(Patient.name.startswith(stored_name(name), autoescape=True))
    if telephone is not None:
        conditions.append(Patient.telephone_hash == telephone_hash(telephone))
    if identity_number is not None:
        number = normalised_number(identity_number)
        keys = [number] if name is None else [number, household_key(number, name)]
        conditions.append(Patient.identity_hash.in_([identity_hash(key) for key in keys]))
    if telephone is None and identity_number is None:
        conditions.append(known_at(organisation_id))
    statement = select(Patient).where(*conditions).order_by(Patient.name, Patient.id).limit(_MOST)
    return db.session.scalars(statement).all()


def has_live_bookings(account_id: UUID, patient_id: UUID) -> bool:
    """Tell whether an account has booked or waits for a patient at a clinic to come, or has a place held for them."""
    booked = select(Booking.id).where(
        Booking.account_id == account_id,
        Booking.patient_id == patient_id,
        Booking.status.in_((BookingStatus.BOOKED, BookingStatus.ARRIVED)),
        Booking.ends_at > clock.now(),
    )
    waiting = (
        select(WaitlistEntry.id)
        .join(Clinic, Clinic.id == WaitlistEntry.clinic_id)
        .where(
            WaitlistEntry.account_id == account_id,
            WaitlistEntry.patient_id == patient_id,
            WaitlistEntry.status.in_(_WAITING),
            Clinic.ends_at > clock.now(),
        )
    )
    held = select(PlaceOffer.id).where(
        PlaceOffer.account_id == account_id,
        PlaceOffer.patient_id == patient_id,
        PlaceOffer.status == OfferStatus.OFFERED,
    )
    return bool(db.session.scalar(select(or_(booked.exists(), waiting.exists(), held.exists()))))


def known_among(organisation_id: UUID, patient_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these patients the desk of an organisation knows."""
    statement = select(Patient.id).where(Patient.id.in_(patient_ids), known_at(organisation_id))
    return set(db.session.scalars(statement))


def get_patient(actor: Actor, patient_id: UUID, action: Action = Action.READ) -> Patient:
    """Return a patient whom the desk of the actor's organisation knows.

    Raises:
        NotFound: nobody of whom the organisation knows.
        Forbidden: it does, but the actor is not at its desk.
    """
    patient = db.session.get(Patient, patient_id)
    if patient is None or actor.organisation_id is None or not known_among(actor.organisation_id, [patient_id]):
        raise NotFound
    require_right(actor, action, Resource.PATIENT, frozenset({Party.OWN}))
    return patient
