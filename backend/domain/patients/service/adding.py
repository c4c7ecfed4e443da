"""Adding patients: by who acts for them on a phone, and by the desk, which sees them and their papers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerHour
from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql

from backend.domain.access.rules import Action, Resource
from backend.domain.accounts.models import Account
from backend.domain.accounts.service.throttling import counting_failures
from backend.domain.audit.service import record_event
from backend.domain.organisations.queries import require_list_right
from backend.domain.patients.errors import (
    IdentityNameMismatch,
    SelfAlreadyAdded,
    TooManyPatientAttempts,
    TooManyPatients,
)
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.queries import count_limited_links, get_link, has_own
from backend.domain.patients.rules import PATIENTS_AN_ACCOUNT, IdentityKind, Relation
from backend.domain.patients.service.records import (
    CheckedForm,
    PatientForm,
    checked,
    is_named,
    keep_record,
    put_contact,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.actor import Actor, Role
from backend.foundation.errors import Forbidden, Invalid, NotFound
from backend.foundation.ids import new_id
from backend.foundation.transaction import transaction

MISMATCHES: RateLimitItem = RateLimitItemPerHour(5, 1, namespace="patient-mismatch")
ADDED_A_DAY = 12  # adding and removing by turns would try numbers as well


def add_patient(actor: Actor, relation: Relation, form: PatientForm) -> PatientLink:
    """Let the actor's account act for a person: for the one record of them where number and name are known.

    Raises:
        Forbidden: the actor has no account, or calls somebody a resident who is no village doctor.
        Invalid: something in the form cannot be right.
        IdentityNameMismatch: the number is known under another name.
        TooManyAttempts: 5 such mismatches within an hour, of this account or on this number, or 12 patients in a day.
        TooManyPatients, SelfAlreadyAdded: the account acts for enough, or for its holder.
    """
    if actor.account_id is None or (relation is Relation.RESIDENT and actor.role is not Role.VILLAGE_DOCTOR):
        raise Forbidden
    if form.identity_kind is IdentityKind.DESK_WORD:
        raise Invalid(fields={"identity_kind": ["请选择证件；没有证件的，请到服务台登记。"]})
    new = checked(form)
    with _guesses_counted(f"account {actor.account_id}", new), transaction():
        db.session.get_one(Account, actor.account_id, with_for_update=True)  # whoever adds at once waits, and counts
        patient = keep_record(new)
        if not is_named(patient, new.name):
            raise IdentityNameMismatch
        if not _acts_for(actor, patient.id):
            _require_room(actor.account_id, relation)
            _link(actor.account_id, patient, relation)
            record_event(actor, "add_patient", "patient", patient.id, relation=relation)
        if patient.telephone is None and new.telephone:
            put_contact(patient, telephone=new.telephone, address=None)
        return get_link(actor, patient.id)


def register_patient(actor: Actor, form: PatientForm) -> Patient:
    """Keep a person who stands before the desk, with their paper or by the desk's own word.

    The paper at the desk outweighs what somebody typed on a phone: a name that no desk has vouched for is corrected,
    and who gave the wrong one acts for this person no more.

    Raises:
        Forbidden: the actor is not at a desk.
        Invalid: something in the form cannot be right.
        IdentityNameMismatch: a desk has seen this number's paper, with another name.
    """
    require_list_right(actor, Action.WRITE, Resource.PATIENT)
    new = checked(form)
    with _guesses_counted(f"person {actor.person_id}", new), transaction():
        patient = keep_record(new, vouched_by=actor.person_id)
        if not is_named(patient, new.name):
            if patient.vouched_by_person_id is not None:
                raise IdentityNameMismatch
            _correct_name(actor, patient, new.name)
        patient.vouched_by_person_id = patient.vouched_by_person_id or actor.person_id
        put_contact(patient, telephone=new.telephone, address=form.address)
        record_event(actor, "register_patient", "patient", patient.id, identity_kind=form.identity_kind)
        return patient


def _guesses_counted(who: str, new: CheckedForm) -> AbstractContextManager[None]:
    limits = [(MISMATCHES, who)]
    if new.identity_hash is not None:
        limits.append((MISMATCHES, f"number {new.identity_hash.hex()}"))
    return counting_failures(*limits, failure=IdentityNameMismatch, refusal=TooManyPatientAttempts)


def _correct_name(actor: Actor, patient: Patient, name: str) -> None:
    ended = db.session.scalars(
        update(PatientLink)
        .where(PatientLink.patient_id == patient.id, PatientLink.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(PatientLink.id)
    ).all()
    patient.name = name
    record_event(actor, "correct_patient_name", "patient", patient.id, links_ended=len(ended))


def _acts_for(actor: Actor, patient_id: UUID) -> bool:
    try:
        get_link(actor, patient_id)
    except NotFound:
        return False
    return True


def _require_room(account_id: UUID, relation: Relation) -> None:
    if relation is Relation.RESIDENT:
        return
    if relation is Relation.SELF and has_own(account_id):
        raise SelfAlreadyAdded
    if count_limited_links(account_id) >= PATIENTS_AN_ACCOUNT:
        raise TooManyPatients
    added = db.session.scalar(
        select(func.count()).where(
            PatientLink.account_id == account_id,
            PatientLink.relation != Relation.RESIDENT,
            PatientLink.created_at > clock.now() - timedelta(days=1),
        )
    )
    if (added or 0) >= ADDED_A_DAY:
        raise TooManyPatientAttempts("一天内添加的就诊人过多，请明天再试，或带证件到服务台办理。")


def _link(account_id: UUID, patient: Patient, relation: Relation) -> None:
    row = {
        "id": new_id(),
        "account_id": account_id,
        "patient_id": patient.id,
        "relation": relation,
        "created_at": clock.now(),
    }
    db.session.execute(postgresql.insert(PatientLink).values(row))
