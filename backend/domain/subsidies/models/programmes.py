"""Programmes, their items, the versions of the rules of each item, and budgets."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, DateTime, ForeignKey, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.organisations.models import Organisation
from backend.domain.organisations.rules.proposals import RuleStatus
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class SubsidyProgramme(Base):
    """What an organisation pays out of one purse: holds for the hospitals at and below it that send people."""

    __tablename__ = "subsidy_programmes"
    __table_args__ = (UniqueConstraint("organisation_id", "name"), CheckConstraint("name <> ''", name="name"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(Text)

    organisation: Mapped[Organisation] = relationship()
    items: Mapped[list[SubsidyItem]] = relationship(back_populates="programme", order_by="SubsidyItem.priority")


class SubsidyItem(Base):
    """A name under which money is paid. Of items with the same `exclusion` only one is paid for the same time:

    the one with the lower priority number where both would be; '' excludes nothing but itself.
    """

    __tablename__ = "subsidy_items"
    __table_args__ = (UniqueConstraint("programme_id", "name"), CheckConstraint("name <> ''", name="name"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_programmes.id"))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[ItemKind] = mapped_column(named_enum(ItemKind))
    exclusion: Mapped[str] = mapped_column(Text, server_default="")
    priority: Mapped[int] = mapped_column(server_default=text("0"), default=0)

    programme: Mapped[SubsidyProgramme] = relationship(back_populates="items")
    rules: Mapped[list[SubsidyRule]] = relationship(back_populates="item", order_by="SubsidyRule.during")


class SubsidyRule(Base):
    """One version of what an item pays, in whole months, with its document. The most specific audience wins:

    one recipient, else recipients of one level, else all. Sums are in fen; an amount for a day is even, so that half
    a day is whole fen. A trigger keeps what was approved; a later version only ends it.
    """

    __tablename__ = "subsidy_rules"
    __table_args__ = (
        CheckConstraint("amount_fen > 0 AND cap_fen > 0 AND cap_days > 0 AND minimum_days > 0", name="amounts"),
        CheckConstraint("days_a_week BETWEEN 1 AND 7", name="days_a_week"),
        CheckConstraint("interval_months BETWEEN 1 AND 12", name="interval"),
        CheckConstraint("document_title <> '' AND document_number <> ''", name="document"),
        CheckConstraint("level = '' OR recipient_id IS NULL", name="one_audience"),
        CheckConstraint(
            "extract(day FROM lower(during)) = 1 AND (upper_inf(during) OR extract(day FROM upper(during)) = 1) "
            "AND NOT isempty(during)",
            name="whole_months",
        ),
        CheckConstraint("(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("decided_by_person_id <> proposed_by_person_id", name="not_by_oneself"),
        ExcludeConstraint(
            ("item_id", "="),
            ("audience", "="),
            ("during", "&&"),
            where=text("status = 'approved'"),
            name="subsidy_rules_one_at_a_time_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_items.id"))
    level: Mapped[str] = mapped_column(Text, server_default="", default="")  # of the recipient, as written; '' any
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    audience: Mapped[str] = mapped_column(Text, Computed("coalesce(recipient_id::text, level)", persisted=True))
    during: Mapped[Range[date]] = mapped_column(DATERANGE)
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)  # for a day or a month; fares are what receipts say
    interval_months: Mapped[int | None]  # of fares
    cap_fen: Mapped[int | None] = mapped_column(BigInteger)  # at most so much a month, of fares an interval
    cap_days: Mapped[int | None]  # at most so many days a month
    minimum_days: Mapped[int | None]  # served in the month, else nothing
    days_a_week: Mapped[int | None]  # to be kept in each week that ends in the month, else nothing
    needs_evaluation: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    document_title: Mapped[str] = mapped_column(Text)  # 依据文件
    document_number: Mapped[str] = mapped_column(Text)  # 文号
    status: Mapped[RuleStatus] = mapped_column(named_enum(RuleStatus), server_default="proposed")
    proposed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    item: Mapped[SubsidyItem] = relationship(back_populates="rules")
    recipient: Mapped[Organisation | None] = relationship()
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=proposed_by_person_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_person_id)


class SubsidyBudget(Base):
    """What a programme may spend in a year: of the claims of that year's months."""

    __tablename__ = "subsidy_budgets"
    __table_args__ = (
        UniqueConstraint("programme_id", "year"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        CheckConstraint("document_title <> '' AND document_number <> ''", name="document"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("subsidy_programmes.id"))
    year: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    set_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    programme: Mapped[SubsidyProgramme] = relationship()
