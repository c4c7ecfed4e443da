"""Bank accounts, payment runs, the payment to each person of a run, and the answers of the bank."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation
from backend.domain.subsidies.models.claims import SubsidyClaim
from backend.domain.subsidies.rules.statuses import PaymentStatus, RunStatus
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class BankAccount(Base):
    """Where somebody is paid; the number is encrypted, screens show the masked one."""

    __tablename__ = "bank_accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), unique=True)
    bank: Mapped[str] = mapped_column(Text)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_masked: Mapped[str] = mapped_column(Text)
    changed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)


class PaymentRun(Base):
    """What a hospital pays at once (发放批次): prepared by one person, released by another, settled by the bank."""

    __tablename__ = "payment_runs"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "number"),
        CheckConstraint("total_fen > 0 AND payments_count > 0", name="amounts"),
        CheckConstraint("decided_by_person_id <> prepared_by_person_id", name="not_by_oneself"),
        CheckConstraint("(status = 'prepared') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int]
    number: Mapped[int]  # of the year: 2026-003
    status: Mapped[RunStatus] = mapped_column(
        named_enum(RunStatus), server_default="prepared", default=RunStatus.PREPARED
    )
    total_fen: Mapped[int] = mapped_column(BigInteger)
    payments_count: Mapped[int]
    file_hash: Mapped[str] = mapped_column(
        Text, server_default="", default=""
    )  # SHA-256 of the full CSV, once released
    workbook_hash: Mapped[str] = mapped_column(Text, server_default="", default="")  # of the full .xlsx
    prepared_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    prepared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    refusal_reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    organisation: Mapped[Organisation] = relationship()
    prepared_by: Mapped[Person] = relationship(foreign_keys=prepared_by_person_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_person_id)
    payments: Mapped[list[Payment]] = relationship(back_populates="run", order_by="Payment.position")


class Payment(Base):
    """What one person gets in a run: all their approved claims together, those that take back too."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        UniqueConstraint("run_id", "person_id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(status IN ('paid', 'failed')) = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        CheckConstraint("status <> 'failed' OR failure_reason <> ''", name="failed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("payment_runs.id"))
    position: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    payee: Mapped[str] = mapped_column(Text, server_default="", default="")  # as they were called when prepared
    staff_number: Mapped[str] = mapped_column(Text, server_default="", default="")
    bank: Mapped[str] = mapped_column(Text)
    account: Mapped[bytes] = mapped_column(LargeBinary)  # the number as it was when prepared, encrypted
    account_masked: Mapped[str] = mapped_column(Text)
    status: Mapped[PaymentStatus] = mapped_column(
        named_enum(PaymentStatus), server_default="waiting", default=PaymentStatus.WAITING
    )
    paid_on: Mapped[date | None]
    bank_reference: Mapped[str] = mapped_column(Text, server_default="", default="")
    failure_reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))

    run: Mapped[PaymentRun] = relationship(back_populates="payments")
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    claims: Mapped[list[PaidClaim]] = relationship(order_by="PaidClaim.claim_id")


class PaidClaim(Base):
    """A claim in a payment, with its sum then; stays when the payment failed and the claim goes into another."""

    __tablename__ = "payment_claims"

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_claims.id"), primary_key=True, index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    claim: Mapped[SubsidyClaim] = relationship()


class BankAnswer(Base):
    """An answer of the bank that was taken, by what it says: the same again changes nothing."""

    __tablename__ = "bank_answers"
    __table_args__ = (UniqueConstraint("run_id", "fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("payment_runs.id"))
    fingerprint: Mapped[str] = mapped_column(Text)  # of its lines, whatever file they came in
    paid_count: Mapped[int]
    failed_count: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    taken_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))

    taken_by: Mapped[Person] = relationship()
