"""Calling those who could not be told, or have not answered (电话通知): who, at which number, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.queries import holders_of
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.closures import CallNotFound, NoOfferLeft
from backend.domain.clinics.errors.waitlist import OfferLapsed
from backend.domain.clinics.models.closures import ClinicClosure, FallenBooking
from backend.domain.clinics.models.waitlist import PlaceOffer
from backend.domain.clinics.queries.closures import get_closure
from backend.domain.clinics.queries.fallen import UNSETTLED, Fallen, list_fallen, tallies_of
from backend.domain.clinics.queries.named import names_of_clinic
from backend.domain.clinics.rules.closures import CALLS_ARE_DUE_AFTER, CallOutcome, Standing
from backend.domain.clinics.rules.waitlist import OfferStatus
from backend.domain.clinics.service.closure_notices import calls_wait
from backend.domain.clinics.service.offers import accept_for, decline_for
from backend.domain.notifications.service.notices import owe_notices
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import telephone_of
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import StaleVersion
from backend.foundation.transaction import transaction

_ANSWERS = (CallOutcome.ACCEPTED, CallOutcome.DECLINED)


@dataclass(frozen=True)
class Call:
    """Somebody to call, or who was called."""

    fallen: Fallen
    name: str
    telephone: str | None = field(repr=False)


@dataclass(frozen=True)
class CallList:
    """Whom to call after a closure; who is done with comes last."""

    closure: ClinicClosure
    calls: Sequence[Call]


def read_calls(actor: Actor, closure_id: UUID) -> CallList:
    """Return whom to call, with names and numbers; every look is audited.

    On it is who could not be told, who has not answered, and who was called.

    Raises:
        ClosureNotFound, Forbidden: neither the desk of the clinic's site nor the one who was named.
    """
    with transaction():
        closure = get_closure(actor, closure_id, resource=Resource.CALL_LIST)
        listed = [
            one
            for one in list_fallen(closure_id)
            if one.standing in (Standing.UNREACHED, Standing.UNANSWERED) or one.calls
        ]
        record_event(
            actor,
            "read_calls",
            "clinic_closure",
            closure.id,
            organisation_id=closure.clinic.recipient_id,
            patients=len(listed),
        )
        return CallList(closure, _with_numbers(listed))


def record_call(
    actor: Actor, closure_id: UUID, booking_id: UUID, version: int, outcome: CallOutcome, note: str = ""
) -> Call:
    """Tick off a call; who accepts or declines by telephone has answered the offer.

    Raises:
        ClosureNotFound, Forbidden: as in read_calls.
        CallNotFound: nobody of this booking fell with the closure.
        StaleVersion: somebody else has called meanwhile.
        NoOfferLeft: there is nothing left for them to accept, or they have accepted what they would decline.
        AlreadyBooked, TimeClash: the patient has another place by now.
    """
    with transaction() as session:
        closure = get_closure(actor, closure_id, Action.WRITE, Resource.CALL_LIST)
        # The offer first, as who closes the clinic does at which it holds a place.
        session.scalars(select(PlaceOffer.id).where(PlaceOffer.fallen_booking_id == booking_id).with_for_update()).all()
        fallen = session.get(FallenBooking, booking_id, with_for_update=True, populate_existing=True)
        if fallen is None or fallen.closure_id != closure.id:
            raise CallNotFound
        if fallen.version != version:
            raise StaleVersion
        if outcome in _ANSWERS:
            _answer_for_them(actor, booking_id, accepted=outcome is CallOutcome.ACCEPTED)
        fallen.called_at = clock.now()
        fallen.called_by_person_id, fallen.call_outcome, fallen.call_note = actor.person_id, outcome, note
        fallen.calls += 1
        fallen.version += 1
        record_event(
            actor,
            "record_call",
            "booking",
            booking_id,
            organisation_id=closure.clinic.recipient_id,
            outcome=outcome,
        )
        session.flush()
        (call,) = _with_numbers([one for one in list_fallen(closure_id) if one.booking_id == booking_id])
        return call


def remind_of_calls() -> int:
    """Tell those who are to call that somebody could not be told or has not answered, once a closure.

    It waits for a while, so that messages can arrive and people answer. Returns in how many closures somebody waits.
    """
    due = (
        select(ClinicClosure)
        .where(
            ClinicClosure.closed_at <= func.now() - CALLS_ARE_DUE_AFTER,
            ClinicClosure.closed_at > func.now() - CALLS_ARE_DUE_AFTER * 100,
            UNSETTLED,
        )
        .options(joinedload(ClinicClosure.clinic).options(*names_of_clinic()))
    )
    reminded = 0
    for closure in db.session.scalars(due).all():
        with transaction():
            waiting = tallies_of([closure.id])[closure.id].to_call
            if waiting:
                owe_notices(calls_wait(closure, callers_of(closure), waiting))
                reminded += 1
    return reminded


def callers_of(closure: ClinicClosure) -> list[UUID]:
    """Return who calls: the one who was named, else the desk of the clinic's site."""
    if closure.caller_person_id is not None:
        return [closure.caller_person_id]
    return holders_of(Role.DESK, closure.clinic.recipient_id)


def _answer_for_them(actor: Actor, booking_id: UUID, *, accepted: bool) -> None:
    statement = (
        select(PlaceOffer)
        .where(PlaceOffer.fallen_booking_id == booking_id, PlaceOffer.status != OfferStatus.WITHDRAWN)
        .options(joinedload(PlaceOffer.clinic).options(*names_of_clinic()))
        .order_by(PlaceOffer.id.desc())
        .limit(1)
    )
    offer = db.session.scalars(statement).one_or_none()
    if offer is None:
        if accepted:
            raise NoOfferLeft
        return
    try:
        accept_for(actor, offer) if accepted else decline_for(actor, offer)
    except OfferLapsed:
        if accepted:
            raise NoOfferLeft from None
        if offer.status is OfferStatus.ACCEPTED:
            raise NoOfferLeft("该患者已接受改约，号已约上。确认不需要的，请在该次门诊的名单中取消预约。") from None


def _with_numbers(listed: Sequence[Fallen]) -> list[Call]:
    statement = select(Patient).where(Patient.id.in_({one.patient_id for one in listed}))
    patients = {patient.id: patient for patient in db.session.scalars(statement)}
    return [Call(one, patients[one.patient_id].name, telephone_of(patients[one.patient_id])) for one in listed]
