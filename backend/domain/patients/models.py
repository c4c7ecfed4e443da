"""Patients, one record a person however many relatives add them, and the accounts that act for them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.rules import Sex
from backend.domain.patients.rules import IdentityKind, Relation
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Patient(Base):
    """A person who is treated (就诊人); number, telephone and address are encrypted, bound to this row.

    A person is known by the keyed hash of the number of their paper; one whom the desk vouches for has none.
    """

    __tablename__ = "patients"
    __table_args__ = (
        CheckConstraint("(identity_kind = 'desk_word') = (identity_hash IS NULL)", name="identity"),
        CheckConstraint("(identity_hash IS NULL) = (identity_number IS NULL)", name="number"),
        CheckConstraint("identity_kind <> 'desk_word' OR vouched_by_person_id IS NOT NULL", name="vouched"),
        CheckConstraint("(telephone IS NULL) = (telephone_hash IS NULL)", name="telephone"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text, index=True)
    sex: Mapped[Sex] = mapped_column(named_enum(Sex), server_default=Sex.UNKNOWN)
    born_on: Mapped[date | None]
    identity_kind: Mapped[IdentityKind] = mapped_column(named_enum(IdentityKind))
    identity_number: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    identity_masked: Mapped[str] = mapped_column(Text, server_default="")
    telephone: Mapped[bytes | None] = mapped_column(LargeBinary)
    telephone_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    telephone_masked: Mapped[str] = mapped_column(Text, server_default="")
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    vouched_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)


class PatientLink(Base):
    """An account that may book for a patient, from when they agreed until it is ended."""

    __tablename__ = "patient_links"
    __table_args__ = (
        Index(
            "patient_links_live_key",
            "account_id",
            "patient_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), index=True)
    relation: Mapped[Relation] = mapped_column(named_enum(Relation))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    patient: Mapped[Patient] = relationship()
