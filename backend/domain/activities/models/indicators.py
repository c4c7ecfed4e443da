"""Indicators of whole organisations (业务指标) by month, each with its source; never summed from activities."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.activities.rules.indicators import Indicator
from backend.domain.organisations.models import Organisation
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class InstitutionIndicator(Base):
    """What an organisation reports of itself for one month: person-times, or fen. No row: not reported."""

    __tablename__ = "institution_indicators"
    __table_args__ = (
        UniqueConstraint("organisation_id", "month", "indicator"),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("source <> ''", name="source"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]  # its first day
    indicator: Mapped[Indicator] = mapped_column(named_enum(Indicator))
    value: Mapped[int] = mapped_column(BigInteger)
    at_least: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    about: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    source: Mapped[str] = mapped_column(Text)
    entered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    organisation: Mapped[Organisation] = relationship()
    entered_by: Mapped[Person | None] = relationship()
