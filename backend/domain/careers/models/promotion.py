"""Rules of promotion, service that the product did not see, refusals to go, and certificates of service."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.attachments.models import Attachment
from backend.domain.careers.rules.promotion import ServiceMeasure
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class PromotionRule(Base):
    """What an organisation and all below it ask of service before a title; every rule that holds must be met.

    So local rules only add to the law's. A later version of the same name ends the one before.
    """

    __tablename__ = "promotion_rules"
    __table_args__ = (
        CheckConstraint("name <> '' AND title <> ''", name="name"),
        CheckConstraint("required_days > 0 AND minimum_dispatch_days > 0", name="days"),
        CheckConstraint("document_title <> '' AND document_number <> ''", name="document"),
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during)", name="during"),
        CheckConstraint("(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("decided_by_person_id <> proposed_by_person_id", name="not_by_oneself"),
        ExcludeConstraint(
            ("organisation_id", "="),
            ("title", "="),
            ("name", "="),
            ("during", "&&"),
            where=text("status = 'approved'"),
            name="promotion_rules_one_at_a_time_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str] = mapped_column(Text)  # that is applied for: 副主任医师
    name: Mapped[str] = mapped_column(Text)  # what the rule is called on screens: 医师法第四十六条
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    measure: Mapped[ServiceMeasure] = mapped_column(named_enum(ServiceMeasure))
    required_days: Mapped[int]
    minimum_dispatch_days: Mapped[int | None]  # shorter dispatches do not count
    days_a_week: Mapped[int | None]  # weeks in which fewer were served do not count
    needs_evaluation: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    refusal_blocks_months: Mapped[int | None]  # after a recorded refusal to go
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    status: Mapped[RuleStatus] = mapped_column(named_enum(RuleStatus, "promotionrulestatus"), server_default="proposed")
    proposed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    organisation: Mapped[Organisation] = relationship()
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=proposed_by_person_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_person_id)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None while no end is known."""
        return self.during.upper - timedelta(days=1) if self.during.upper is not None else None


class EarlierService(Base):
    """Service before the product, or elsewhere, that the personnel office entered from a paper."""

    __tablename__ = "earlier_services"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("served_days BETWEEN 1 AND ends_on - starts_on + 1", name="days"),
        CheckConstraint("organisation_name <> '' AND document_title <> ''", name="source"),
        ExcludeConstraint(
            ("person_id", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=text("withdrawn_at IS NULL"),
            name="earlier_services_once_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organisation_name: Mapped[str] = mapped_column(Text)  # where
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    served_days: Mapped[int]
    evaluation_passed: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text, server_default="", default="")
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"), unique=True)
    entered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    attachment: Mapped[Attachment | None] = relationship()


class ServiceRefusal(Base):
    """Somebody who was asked to go refused; it is recorded, and what follows is a rule's."""

    __tablename__ = "service_refusals"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    refused_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    entered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ServiceCertificate(Base):
    """A certificate of service for a title, with the rules and the arithmetic as they were when it was issued."""

    __tablename__ = "service_certificates"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason = '')", name="revoked"),
        Index(None, "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))  # that issues it: the employer
    title: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    verification_code: Mapped[str] = mapped_column(Text, unique=True)
    issued_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoke_reason: Mapped[str] = mapped_column(Text, server_default="", default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    organisation: Mapped[Organisation] = relationship()
    issued_by: Mapped[Person] = relationship(foreign_keys=issued_by_person_id)
