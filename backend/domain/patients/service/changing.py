"""Changing what is known of a patient, and ending that an account acts for them."""

from __future__ import annotations

from uuid import UUID

from backend.domain.audit.service import record_event
from backend.domain.patients.models import PatientLink
from backend.domain.patients.queries import get_link
from backend.domain.patients.service.records import put_contact, read_telephone
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor
from backend.foundation.transaction import transaction


def change_contact(actor: Actor, patient_id: UUID, *, telephone: str, address: str | None = None) -> PatientLink:
    """Give a patient of the actor's account another telephone number, and another address if there is one.

    Raises:
        NotFound: the account does not act for such a patient.
        Invalid: nobody can be called at this number.
    """
    with transaction():
        link = get_link(actor, patient_id)
        number = read_telephone(telephone)
        db.session.refresh(link.patient, with_for_update=True)
        put_contact(link.patient, telephone=number, address=address)
        changed = ["telephone"] if address is None else ["telephone", "address"]
        record_event(actor, "change_patient_contact", "patient", patient_id, changed=changed)
        return link


def end_link(actor: Actor, patient_id: UUID) -> None:
    """Let the actor's account act for a patient no more; what it has booked is the caller's business.

    Raises:
        NotFound: it does not act for such a patient.
    """
    with transaction():
        get_link(actor, patient_id).ended_at = clock.now()
        record_event(actor, "remove_patient", "patient", patient_id)
