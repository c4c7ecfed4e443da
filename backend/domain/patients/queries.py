"""Reading patients: those whom an account acts for, and by what one is found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from backend.domain.accounts.rules import normalised_telephone
from backend.domain.patients.models import Patient, PatientLink
from backend.domain.patients.rules import Relation, masked_name
from backend.extensions import db
from backend.foundation.actor import Actor
from backend.foundation.encryption import decrypt, keyed_hash
from backend.foundation.errors import NotFound

_LIVE = PatientLink.ended_at.is_(None)


def identity_hash(key: str) -> bytes:
    """Return by what a patient is known who has this key (`rules.read_identity`)."""
    return keyed_hash("identity", key)


def telephone_hash(telephone: str) -> bytes:
    """Return by what a patient is found who has this telephone number."""
    return keyed_hash("patient_telephone", normalised_telephone(telephone))


def list_links(actor: Actor) -> Sequence[PatientLink]:
    """Return for whom the actor's account acts, oneself first, then in the order in which they were added."""
    if actor.account_id is None:
        return []
    statement = _links_of(actor.account_id).order_by(PatientLink.relation != Relation.SELF, PatientLink.created_at)
    return db.session.scalars(statement).all()


def get_link(actor: Actor, patient_id: UUID) -> PatientLink:
    """Return the live link of the actor's account to a patient.

    Raises:
        NotFound: the account does not act for such a patient.
    """
    if actor.account_id is None:
        raise NotFound
    link = db.session.scalars(_links_of(actor.account_id).where(Patient.id == patient_id)).one_or_none()
    if link is None:
        raise NotFound
    return link


def get_linked_patient(actor: Actor, patient_id: UUID) -> Patient:
    """Return a patient for whom the actor's account acts.

    Raises:
        NotFound: it does not act for such a patient.
    """
    return get_link(actor, patient_id).patient


def find_account_of(patient_id: UUID) -> UUID | None:
    """Return the account of the patient's own, the one that said so last; None where nobody did."""
    statement = select(PatientLink.account_id).where(
        _LIVE, PatientLink.patient_id == patient_id, PatientLink.relation == Relation.SELF
    )
    return db.session.scalars(statement.order_by(PatientLink.created_at.desc()).limit(1)).one_or_none()


def count_limited_links(account_id: UUID) -> int:
    """Return for how many the account acts, but for residents."""
    statement = select(func.count()).where(
        _LIVE, PatientLink.account_id == account_id, PatientLink.relation != Relation.RESIDENT
    )
    return db.session.scalar(statement) or 0


def has_own(account_id: UUID) -> bool:
    """Tell whether the account has its holder among its patients."""
    statement = select(PatientLink.id).where(
        _LIVE, PatientLink.account_id == account_id, PatientLink.relation == Relation.SELF
    )
    return db.session.scalars(statement).first() is not None


def _links_of(account_id: UUID) -> Select[PatientLink]:
    return (
        select(PatientLink)
        .join(PatientLink.patient)
        .options(contains_eager(PatientLink.patient))
        .where(_LIVE, PatientLink.account_id == account_id)
    )


@dataclass(frozen=True)
class Private:
    """What is encrypted in a patient's record, in plain."""

    telephone: str | None = field(repr=False)
    address: str | None = field(repr=False)
    identity_number: str | None = field(repr=False)


def read_private(patient: Patient) -> Private:
    """Decrypt a patient's record; whoever asks has written who reads it, and for what."""
    return Private(telephone_of(patient), _plain(patient, "address"), _plain(patient, "identity_number"))


def telephone_of(patient: Patient) -> str | None:
    """Decrypt the number at which a patient is called; whoever asks has written who reads it, and for what."""
    return _plain(patient, "telephone")


def _plain(patient: Patient, column: str) -> str | None:
    ciphertext: bytes | None = getattr(patient, column)
    return decrypt(ciphertext, table="patients", column=column, row_id=patient.id) if ciphertext else None


def names_of_accounts(account_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return how an office calls accounts that have patients, masked: by themselves, else as somebody's family."""
    statement = (
        select(PatientLink.account_id, PatientLink.relation, Patient.name)
        .join(PatientLink.patient)
        .where(PatientLink.account_id.in_(account_ids))
        .order_by(PatientLink.ended_at.is_(None), PatientLink.relation == Relation.SELF, PatientLink.created_at.desc())
    )
    rows = db.session.execute(statement)  # what comes last says it best
    return {row.account_id: masked_name(row.name) + ("" if row.relation is Relation.SELF else "的家属") for row in rows}
