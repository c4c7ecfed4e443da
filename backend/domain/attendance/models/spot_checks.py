"""Spot checks: who was asked when, and what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.attendance.rules.spot_checks import (
    AnswerMeans,
    SpotCheckKind,
    SpotCheckOrigin,
    SpotCheckReview,
    SpotCheckStatus,
)
from backend.domain.attendance.rules.taps import Verdict
from backend.domain.dispatch.models import Dispatch
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class SpotCheck(Base):
    """One "where are you now" (查岗) to somebody on duty."""

    __tablename__ = "spot_checks"
    __table_args__ = (
        Index(
            "spot_checks_open_key",
            "person_id",
            unique=True,
            postgresql_where=text("status IN ('sent', 'delivered')"),
        ),
        Index("spot_checks_planned_idx", "planned_at", postgresql_where=text("status = 'planned'")),
        Index(None, "dispatch_id", "planned_at"),
        CheckConstraint("status <> 'missed' OR delivered_at IS NOT NULL", name="missed_was_delivered"),
        CheckConstraint("(sent_at IS NULL) = (deliver_by IS NULL)", name="sent"),
        CheckConstraint("(delivered_at IS NULL) = (answer_by IS NULL)", name="delivered"),
        CheckConstraint("(answered_at IS NULL) = (answer_means IS NULL)", name="answered"),
        CheckConstraint("(review IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_by_person_id <> person_id", name="not_by_oneself"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[SpotCheckKind] = mapped_column(named_enum(SpotCheckKind))
    origin: Mapped[SpotCheckOrigin] = mapped_column(named_enum(SpotCheckOrigin))
    ordered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    status: Mapped[SpotCheckStatus] = mapped_column(named_enum(SpotCheckStatus))
    planned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deliver_by: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # after which it is undelivered
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer_by: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answer_means: Mapped[AnswerMeans | None] = mapped_column(named_enum(AnswerMeans))
    verdict: Mapped[Verdict | None] = mapped_column(named_enum(Verdict))
    distance_m: Mapped[float | None] = mapped_column(Float)
    accuracy_m: Mapped[float | None] = mapped_column(Float)
    location: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # of a landline call
    note: Mapped[str] = mapped_column(Text, server_default="")
    explanation: Mapped[str] = mapped_column(Text, server_default="")
    review: Mapped[SpotCheckReview | None] = mapped_column(named_enum(SpotCheckReview))
    review_reason: Mapped[str] = mapped_column(Text, server_default="")
    reviewed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    dispatch: Mapped[Dispatch] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
