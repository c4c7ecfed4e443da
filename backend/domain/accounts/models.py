"""People and the roles they hold, WeChat accounts, passwords, sessions, and requests to be bound anew."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.rules import BindingKind, BindingStatus, SessionKind, Sex
from backend.domain.organisations.models import Department, Organisation
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Person(Base):
    """Someone on a roster, keyed by staff number (工号) within the employer."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("organisation_id", "staff_number"),
        Index(
            "people_telephone_key",
            "telephone_hash",
            unique=True,
            postgresql_where=text("disabled_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    staff_number: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sex: Mapped[Sex] = mapped_column(named_enum(Sex), server_default=Sex.UNKNOWN)
    born_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(Text, server_default="")
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    telephone_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    telephone_masked: Mapped[str] = mapped_column(Text, server_default="")
    identity_tail_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # keyed by person: 10,000 values only
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    organisation: Mapped[Organisation] = relationship()
    department: Mapped[Department | None] = relationship()
    roles: Mapped[list[RoleHolding]] = relationship(back_populates="person", foreign_keys="RoleHolding.person_id")


class RoleHolding(Base):
    """A role that a person holds in one organisation; the right to sign for a director has dates (授权代签)."""

    __tablename__ = "role_holdings"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role"),
        CheckConstraint("(role = 'delegate') = (during IS NOT NULL)", name="dated"),
        CheckConstraint("NOT isempty(during)", name="days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(named_enum(Role))
    during: Mapped[Range[date] | None] = mapped_column(DATERANGE)
    given_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=person_id)
    organisation: Mapped[Organisation] = relationship()


class Account(Base):
    """A WeChat identity; without a person it is a patient's."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("wechat_app_id", "openid"),
        Index("accounts_person_key", "person_id", unique=True, postgresql_where=text("person_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wechat_app_id: Mapped[str] = mapped_column(Text)
    openid: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    bound_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    person: Mapped[Person | None] = relationship()


class BindingRequest(Base):
    """A request to be bound anew, from a new WeChat or with a new telephone; medical affairs decides."""

    __tablename__ = "binding_requests"
    __table_args__ = (
        Index(
            "binding_requests_one_open_key",
            "account_id",
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
        CheckConstraint("(status = 'requested') = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[BindingKind] = mapped_column(named_enum(BindingKind))
    telephone_hash: Mapped[bytes] = mapped_column(LargeBinary)
    telephone_masked: Mapped[str] = mapped_column(Text)
    status: Mapped[BindingStatus] = mapped_column(named_enum(BindingStatus), server_default="requested")
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, server_default="")

    account: Mapped[Account] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class Password(Base):
    """The console password of a person, as Argon2id."""

    __tablename__ = "passwords"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    argon2: Mapped[str] = mapped_column(Text)
    must_change: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Session(Base):
    """One log-in, with its current role; only hashes of its tokens are kept.

    A refresh rotates both tokens in place. A refresh token that names the session but is not the present one has
    been used before: the whole session ends.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("account_id IS NOT NULL OR person_id IS NOT NULL", name="somebody"),
        CheckConstraint("(role IS NULL) = (organisation_id IS NULL)", name="role_in_organisation"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[SessionKind] = mapped_column(named_enum(SessionKind))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role | None] = mapped_column(named_enum(Role))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    access_hash: Mapped[bytes] = mapped_column(LargeBinary)
    access_expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    refresh_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    refresh_expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    end_reason: Mapped[str] = mapped_column(Text, server_default="")
