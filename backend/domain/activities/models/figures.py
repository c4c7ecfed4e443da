"""The roll-up of activity records, by month and by year, and the tail of changes that it does not hold yet.

Triggers on activity_records write the tail, a statement at a time: what entered the figures, less what left them.
A figure is the roll-up and the tail together, read in one statement.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.activities.rules.kinds import ActivityKind
from backend.extensions import Base
from backend.foundation.columns import any_of


class Measures:
    """What is counted; each can be added up. `records` are countersigned or imported, `waiting` are neither yet."""

    records: Mapped[int]
    imported: Mapped[int]  # of the records
    waiting: Mapped[int]  # beside the records
    quantity: Mapped[int] = mapped_column(BigInteger)
    quantity_reported: Mapped[int]  # records that report one: none is not 0
    quantity_at_least: Mapped[int]
    quantity_about: Mapped[int]
    person_times: Mapped[int] = mapped_column(BigInteger)
    person_times_reported: Mapped[int]
    person_times_at_least: Mapped[int]
    person_times_about: Mapped[int]


class FigureChange(Measures, Base):
    """What one statement changed in a month's figures; written by triggers, taken away by the fold, never changed."""

    __tablename__ = "activity_figure_changes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    month: Mapped[date]  # its first day
    recipient_id: Mapped[UUID]
    supporting_id: Mapped[UUID]
    kind: Mapped[ActivityKind] = mapped_column(any_of(ActivityKind))


class MonthlyFigures(Measures, Base):
    """The figures of a month, a pair of hospitals and a kind."""

    __tablename__ = "activity_figures_monthly"
    __table_args__ = (Index(None, "recipient_id", "month"), Index(None, "supporting_id", "month"))

    month: Mapped[date] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    supporting_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[ActivityKind] = mapped_column(any_of(ActivityKind), primary_key=True)


class YearlyFigures(Measures, Base):
    """The figures of a year, a pair of hospitals and a kind, beside those of the year before.

    The same as its months, in a twelfth of the rows: figures are always shown with those of the year before.
    """

    __tablename__ = "activity_figures_yearly"
    __table_args__ = (Index(None, "recipient_id", "year"), Index(None, "supporting_id", "year"))

    year: Mapped[date] = mapped_column(primary_key=True)  # its first day
    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    supporting_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[ActivityKind] = mapped_column(any_of(ActivityKind), primary_key=True)
    before_records: Mapped[int]
    before_quantity: Mapped[int] = mapped_column(BigInteger)
    before_quantity_reported: Mapped[int]
    before_quantity_at_least: Mapped[int]
    before_quantity_about: Mapped[int]
    before_person_times: Mapped[int] = mapped_column(BigInteger)
    before_person_times_reported: Mapped[int]
    before_person_times_at_least: Mapped[int]
    before_person_times_about: Mapped[int]
