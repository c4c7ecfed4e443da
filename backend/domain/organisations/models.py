"""Organisations as a tree, their departments and sites, agreements, and settings with dates of effect."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Numeric, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Organisation(Base):
    """A bureau, hospital, centre or village clinic, keyed by its official code (机构代码)."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_own_parent"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[OrganisationKind] = mapped_column(named_enum(OrganisationKind))
    level: Mapped[str] = mapped_column(Text, server_default="")  # as written: 三级甲等, 二级, …
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    address: Mapped[str] = mapped_column(Text, server_default="")
    telephone: Mapped[str] = mapped_column(Text, server_default="")

    departments: Mapped[list[Department]] = relationship(back_populates="organisation", order_by="Department.name")
    sites: Mapped[list[Site]] = relationship(back_populates="organisation", order_by="Site.name")


class Department(Base):
    """A department of an organisation."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(Text)

    organisation: Mapped[Organisation] = relationship(back_populates="departments")


class Site(Base):
    """A place (派驻点) at which one checks in: a point in GCJ-02 degrees and a radius in metres."""

    __tablename__ = "sites"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54", name="in_china"),
        CheckConstraint("radius_m BETWEEN 20 AND 5000", name="radius"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(Text)
    longitude: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    latitude: Mapped[Decimal] = mapped_column(Numeric(8, 6))
    radius_m: Mapped[int]

    organisation: Mapped[Organisation] = relationship(back_populates="sites")


class Agreement(Base):
    """A signed pair (对口支援协议): who supports whom, in which period."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("supporting_id <> recipient_id", name="two_parties"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        ExcludeConstraint(
            ("supporting_id", "="),
            ("recipient_id", "="),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="agreements_one_at_a_time_excl",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    supporting: Mapped[Organisation] = relationship(foreign_keys=supporting_id)
    recipient: Mapped[Organisation] = relationship(foreign_keys=recipient_id)


class Setting(Base):
    """The value of a setting in an organisation and all below it, from a day on, with its document."""

    __tablename__ = "settings"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key", "effective_on"),
        CheckConstraint("(document_title = '') = (document_number = '')", name="document_whole"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    key: Mapped[str] = mapped_column(Text)
    value: Mapped[Any] = mapped_column(JSONB)  # null: from this day on the setting no longer holds here
    effective_on: Mapped[date]
    document_title: Mapped[str] = mapped_column(Text, server_default="")  # 依据文件
    document_number: Mapped[str] = mapped_column(Text, server_default="")  # 文号
    set_by_person_id: Mapped[UUID | None]
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CalendarYear(Base):
    """The working calendar of a year that the State Council has published and our library does not know yet.

    `free_days` are the weekdays that are holidays, `worked_days` the Saturdays and Sundays that are worked (调休).
    """

    __tablename__ = "calendar_years"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))  # holds here and below
    year: Mapped[int]
    free_days: Mapped[list[date]] = mapped_column(ARRAY(Date))
    worked_days: Mapped[list[date]] = mapped_column(ARRAY(Date))
    document_title: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(Text)
    entered_by_person_id: Mapped[UUID | None]
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
