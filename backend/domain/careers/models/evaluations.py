"""Evaluations (鉴定) and their parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.careers.rules.evaluations import EvaluationStatus, Grade, Part
from backend.domain.dispatch.models import Dispatch
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class Evaluation(Base):
    """The evaluation of one dispatch; completed it keeps the days and the workload that it was signed with.

    `grade` is the supporting hospital's; `facts` are what the form shows of the record, frozen on completion.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL) "
            "AND (completed_at IS NULL) = (verification_code IS NULL) "
            "AND (status <> 'completed' OR grade IS NOT NULL)",
            name="completed",
        ),
        CheckConstraint("status <> 'objected' OR objection <> ''", name="objected"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[EvaluationStatus] = mapped_column(named_enum(EvaluationStatus), server_default="self")
    education: Mapped[str] = mapped_column(Text, server_default="", default="")
    specialty: Mapped[str] = mapped_column(Text, server_default="", default="")
    title_applied: Mapped[str] = mapped_column(Text, server_default="", default="")  # 拟申报职称
    grade: Mapped[Grade | None] = mapped_column(named_enum(Grade))
    return_reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    objection: Mapped[str] = mapped_column(Text, server_default="", default="")
    objection_answer: Mapped[str] = mapped_column(Text, server_default="", default="")
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    signed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by the person; NULL on objection
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verification_code: Mapped[str | None] = mapped_column(Text, unique=True)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    dispatch: Mapped[Dispatch] = relationship()
    person: Mapped[Person] = relationship()
    parts: Mapped[list[EvaluationPart]] = relationship(order_by="EvaluationPart.signed_at")


class EvaluationPart(Base):
    """What one of those who take part wrote and signed."""

    __tablename__ = "evaluation_parts"
    __table_args__ = (CheckConstraint("opinion <> ''", name="opinion"),)

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluations.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(named_enum(Part), primary_key=True)
    opinion: Mapped[str] = mapped_column(Text)
    grade: Mapped[Grade | None] = mapped_column(named_enum(Grade))
    signer_name: Mapped[str] = mapped_column(Text)  # on the paper: of the department's head, say
    signed_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    signed_as: Mapped[Role | None] = mapped_column(named_enum(Role))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    signed_by: Mapped[Person] = relationship()
