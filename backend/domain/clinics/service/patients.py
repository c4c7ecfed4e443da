"""Patients, as far as their bookings matter: the desk finds and opens them; an account lets go of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from backend.domain.access.rules import Action, Party, Resource
from backend.domain.audit.service import record_event
from backend.domain.clinics.errors.patients import HasLiveBookings
from backend.domain.clinics.queries.patients import has_live_bookings, is_known_at, match_patients
from backend.domain.organisations.queries import require_list_right, require_right
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import Private, get_link, read_private
from backend.domain.patients.service.changing import end_link
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.errors import Forbidden, Invalid, NotFound
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
        patient = db.session.get(Patient, patient_id)
        if patient is None or actor.organisation_id is None or not is_known_at(actor.organisation_id, patient_id):
            raise NotFound
        require_right(actor, Action.READ, Resource.PATIENT, frozenset({Party.OWN}))
        record_event(actor, "open_patient", "patient", patient_id, purpose=purpose)
        return patient, read_private(patient)


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
