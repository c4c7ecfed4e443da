"""The one record of a person: read from a form, and kept, however many come with it at once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects import postgresql

from backend.domain.accounts.rules import Sex, masked_telephone, normalised_name, normalised_telephone
from backend.domain.patients.models import Patient
from backend.domain.patients.queries import identity_hash, telephone_hash
from backend.domain.patients.rules import (
    Identity,
    IdentityKind,
    read_identity,
    stored_name,
    why_not_birth,
    why_not_name,
    why_not_telephone,
)
from backend.extensions import db
from backend.foundation import clock
from backend.foundation.encryption import encrypt
from backend.foundation.errors import Invalid
from backend.foundation.ids import new_id

_A_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class PatientForm:
    """A person as somebody describes them."""

    name: str = field(repr=False)
    identity_kind: IdentityKind
    identity_number: str | None = field(default=None, repr=False)
    telephone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    sex: Sex | None = None
    born_on: date | None = None


@dataclass(frozen=True)
class CheckedForm:
    """A form in which all can be right; without an identity the desk vouches for the person."""

    form: PatientForm
    name: str = field(repr=False)
    identity: Identity | None
    telephone: str | None = field(repr=False)

    @property
    def identity_hash(self) -> bytes | None:
        return identity_hash(self.identity.key) if self.identity else None


def checked(form: PatientForm) -> CheckedForm:
    """Return the form as it may be kept.

    Raises:
        Invalid: with what is wrong in each field.
    """
    name = stored_name(form.name)
    wrong = {"name": why_not_name(name)}
    identity = _identity(form, name)
    if isinstance(identity, str):
        wrong["identity_number"], identity = identity, None
    telephone = normalised_telephone(form.telephone) if form.telephone else None
    if telephone is not None:
        wrong["telephone"] = why_not_telephone(telephone)
    if form.born_on is not None:
        wrong["born_on"] = why_not_birth(form.born_on, clock.today())
    found = {key: [reason] for key, reason in wrong.items() if reason is not None}
    if found:
        raise Invalid(fields=found)
    return CheckedForm(form, name, identity, telephone)


def _identity(form: PatientForm, name: str) -> Identity | str | None:
    if form.identity_kind is IdentityKind.DESK_WORD:
        return "没有证件的，不填写证件号码。" if form.identity_number else None
    if not form.identity_number:
        return "请填写证件号码。"
    return read_identity(form.identity_kind, form.identity_number, name, clock.today())


def keep_record(new: CheckedForm, *, vouched_by: UUID | None = None) -> Patient:
    """Return the record of this person, locked in the present transaction: a new one unless the number is known."""
    patient_id = _find_by_word(new, vouched_by) if new.identity is None else None
    patient_id = patient_id or _insert(new, vouched_by)
    known = Patient.id == patient_id if patient_id else Patient.identity_hash == new.identity_hash
    # A record that another one has just committed was not in sight of the insert; this statement sees it.
    return db.session.scalars(
        select(Patient).where(known).with_for_update().execution_options(populate_existing=True)
    ).one()


def is_named(patient: Patient, name: str) -> bool:
    """Tell whether a record is of somebody of this name."""
    return normalised_name(patient.name).casefold() == normalised_name(name).casefold()


def read_telephone(telephone: str) -> str:
    """Return a number as it is kept.

    Raises:
        Invalid: nobody can be called at it.
    """
    number = normalised_telephone(telephone)
    reason = why_not_telephone(number)
    if reason is not None:
        raise Invalid(fields={"telephone": [reason]})
    return number


def put_contact(patient: Patient, *, telephone: str | None, address: str | None) -> None:
    """Encrypt a telephone number and an address into a record; None leaves what is there."""
    if telephone is not None:
        for column, value in _telephone_columns(patient.id, telephone).items():
            setattr(patient, column, value)
    if address is not None:
        patient.address = _encrypted(patient.id, "address", address)
    patient.version += 1


def _find_by_word(new: CheckedForm, vouched_by: UUID | None) -> UUID | None:
    """Return whom a desk has vouched for under this name and telephone, or a moment ago: a form is sent twice."""
    key = f"{new.name}:{new.telephone}".encode()
    db.session.execute(select(func.pg_advisory_xact_lock(zlib.crc32(key))))  # two at once: the second finds the first
    same = (
        Patient.telephone_hash == telephone_hash(new.telephone)
        if new.telephone
        else and_(
            Patient.telephone_hash.is_(None),
            Patient.vouched_by_person_id == vouched_by,
            Patient.created_at > func.now() - _A_MOMENT,
        )
    )
    statement = select(Patient.id).where(
        Patient.identity_kind == IdentityKind.DESK_WORD, Patient.name == new.name, same
    )
    return db.session.scalars(statement.order_by(Patient.id).limit(1)).one_or_none()


def _insert(new: CheckedForm, vouched_by: UUID | None) -> UUID | None:
    patient_id, identity = new_id(), new.identity
    row: dict[str, Any] = {
        "id": patient_id,
        "name": new.name,
        "sex": (identity.sex if identity else None) or new.form.sex or Sex.UNKNOWN,
        "born_on": (identity.born_on if identity else None) or new.form.born_on,
        "identity_kind": new.form.identity_kind,
        "vouched_by_person_id": vouched_by,
    }
    if identity is not None:
        row |= {
            "identity_number": _encrypted(patient_id, "identity_number", identity.number),
            "identity_hash": new.identity_hash,
            "identity_masked": identity.masked,
        }
    if new.telephone:
        row |= _telephone_columns(patient_id, new.telephone)
    if new.form.address:
        row["address"] = _encrypted(patient_id, "address", new.form.address)
    statement = postgresql.insert(Patient).values(row).on_conflict_do_nothing(index_elements=["identity_hash"])
    return db.session.scalars(statement.returning(Patient.id)).one_or_none()


def _telephone_columns(patient_id: UUID, telephone: str) -> dict[str, Any]:
    return {
        "telephone": _encrypted(patient_id, "telephone", telephone),
        "telephone_hash": telephone_hash(telephone),
        "telephone_masked": masked_telephone(telephone),
    }


def _encrypted(patient_id: UUID, column: str, value: str) -> bytes:
    return encrypt(value, table="patients", column=column, row_id=patient_id)
