"""Patients, as far as their bookings matter: the desk finds and opens them; an account lets go of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from backend.domain.access.rules import Action, Resource
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.patients import HasLiveBookings
from backend.domain.clinics.queries.patients import get_patient, has_live_bookings, match_patients
from backend.domain.organisations.queries import require_list_right
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import Private, get_link, read_private
from backend.domain.patients.service.changing import end_link
from backend.domain.patients.service.records import put_contact, read_telephone
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, Invalid
from backend.foundation.transaction import transaction


def find_patients(
    actor: Actor, *, name: str | None = None, telephone: str | None = None, identity_number: str | None = None
) -> Sequence[Patient]:
    """Return the patients whom the desk may mean, and write that it looked, and by what.

    Raises:
        Forbidden: the actor is not at a desk.
        Invalid: nothing to look for, or less of a name than two characters.
    """
    require_list_right(actor, Action.READ, Resource.PATIENT)
    if actor.organisation_id is None:
        raise Forbidden
    given = {"name": name, "telephone": telephone, "identity_number": identity_number}
    by = [key for key, value in given.items() if value is not None]
    if not by:
        raise Invalid("请填写姓名、手机号或证件号码中的至少一项。")
    if name is not None and len(name.strip()) < 2:
        raise Invalid(fields={"name": ["请至少输入姓名的前两个字。"]})
    with transaction():
        found = match_patients(actor.organisation_id, **given)
        record_event(actor, "find_patients", "patient", by=by, found=len(found))
        return found


def open_patient(actor: Actor, patient_id: UUID, *, purpose: str) -> tuple[Patient, Private]:
    """Return a patient whom the desk knows, unmasked, and write who saw it and for what.

    Raises:
        NotFound: nobody of whom the actor's organisation knows.
        Forbidden: it does, but the actor is not at its desk.
    """
    with transaction():
        patient = get_patient(actor, patient_id)
        record_event(actor, "open_patient", "patient", patient_id, purpose=purpose)
        return patient, read_private(patient)


def change_contact_at_desk(actor: Actor, patient_id: UUID, *, telephone: str | None, address: str | None) -> Patient:
    """Give a patient whom the desk knows another telephone number or address; None leaves what is there.

    Raises:
        NotFound, Forbidden: as in open_patient.
        Invalid: nothing is given, or nobody can be called at this number.
    """
    if telephone is None and address is None:
        raise Invalid("请填写新的电话或住址。")
    number = read_telephone(telephone) if telephone is not None else None
    with transaction() as session:
        patient = get_patient(actor, patient_id, Action.WRITE)
        session.refresh(patient, with_for_update=True)
        put_contact(patient, telephone=number, address=address)
        told = [name for name, value in (("telephone", telephone), ("address", address)) if value is not None]
        record_event(actor, "change_patient_contact", "patient", patient_id, changed=told)
        return patient


def remove_patient(actor: Actor, patient_id: UUID) -> None:
    """Let the actor's account act for a patient no more.

    Raises:
        NotFound: it does not act for such a patient.
        HasLiveBookings: it has booked or waits for them; they would never be told of a change.
    """
    with transaction():
        link = get_link(actor, patient_id)
        if has_live_bookings(link.account_id, patient_id):
            raise HasLiveBookings
        end_link(actor, patient_id)
