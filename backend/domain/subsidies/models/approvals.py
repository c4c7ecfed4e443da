"""The chain of approvals of a hospital, and what its people decided."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.subsidies.rules.statuses import Decision
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class ApprovalChain(Base):
    """The steps that a claim goes through, in an organisation and all below it from a day on; never changed."""

    __tablename__ = "approval_chains"
    __table_args__ = (
        UniqueConstraint("organisation_id", "effective_on"),
        CheckConstraint("document_title <> '' AND document_number <> ''", name="document"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    effective_on: Mapped[date]
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    set_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    steps: Mapped[list[ApprovalStep]] = relationship(order_by="ApprovalStep.position", cascade="all, delete-orphan")


class ApprovalStep(Base):
    """One step: who decides, and from which sum on it is needed at all."""

    __tablename__ = "approval_steps"
    __table_args__ = (CheckConstraint("position > 0 AND minimum_fen >= 0 AND label <> ''", name="step"),)

    chain_id: Mapped[UUID] = mapped_column(ForeignKey("approval_chains.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)  # 经办, 科室, 财务, 分管院长, 院长
    role: Mapped[Role] = mapped_column(named_enum(Role))
    minimum_fen: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)


class SubsidyDecision(Base):
    """What one approver said of a claim in one round: nobody on their own, nobody twice."""

    __tablename__ = "subsidy_decisions"
    __table_args__ = (
        UniqueConstraint("claim_id", "round", "step"),
        UniqueConstraint("claim_id", "round", "decided_by_person_id"),
        CheckConstraint("decided_by_person_id <> claimant_id", name="not_by_oneself"),
        CheckConstraint("decision = 'approved' OR reason <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_claims.id"))
    claimant_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    round: Mapped[int]
    step: Mapped[int]
    step_label: Mapped[str] = mapped_column(Text)
    decision: Mapped[Decision] = mapped_column(named_enum(Decision))
    total_fen: Mapped[int] = mapped_column(BigInteger)  # what was seen and decided on
    decided_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    decided_as: Mapped[Role] = mapped_column(named_enum(Role))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text, server_default="", default="")

    decided_by: Mapped[Person] = relationship(foreign_keys=decided_by_person_id)
