"""Taps as rows: each one is kept, one of a dispatch, duty day, shift and kind is effective."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.attendance.rules.evidence import Confirmation, Judgement, Outcome
from backend.domain.attendance.rules.taps import CheckInKind, Verdict
from backend.domain.dispatch.models import Dispatch
from backend.domain.dispatch.rules import Shift
from backend.domain.organisations.models import Site
from backend.extensions import Base
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class CheckIn(Base):
    """One tap, arriving or leaving, with what the server made of it.

    The raw place is encrypted and dropped after a set number of days; its keyed fingerprint, the distance and the
    verdict stay.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        Index(
            "check_ins_effective_key",
            "dispatch_id",
            "duty_on",
            "shift",
            "kind",
            unique=True,
            postgresql_where=text("effective"),
        ),
        Index("check_ins_idempotency_key", "person_id", "idempotency_key", unique=True),
        Index("check_ins_received_idx", "received_at", postgresql_using="brin"),
        Index(
            "check_ins_code_key",
            "dispatch_id",
            "duty_on",
            "shift",
            "kind",
            unique=True,
            postgresql_where=text("site_tablet_id IS NOT NULL"),
        ),
        Index(
            "check_ins_exceptions_idx",
            "duty_on",
            "dispatch_id",
            postgresql_where=text("effective AND outcome <> 'verified'"),
        ),
        CheckConstraint("distance_m >= 0 AND accuracy_m >= 0", name="metres"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dispatch_id: Mapped[UUID] = mapped_column(ForeignKey("dispatches.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[CheckInKind] = mapped_column(named_enum(CheckInKind))
    duty_on: Mapped[date]
    shift: Mapped[Shift] = mapped_column(named_enum(Shift))
    effective: Mapped[bool]
    tapped_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # what the server takes it to be
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # the server's clock
    phone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the phone's, of an offline tap
    late: Mapped[bool]
    verdict: Mapped[Verdict] = mapped_column(named_enum(Verdict))
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    distance_m: Mapped[float | None] = mapped_column(Float)
    accuracy_m: Mapped[float | None] = mapped_column(Float)
    location: Mapped[bytes | None] = mapped_column(LargeBinary)
    location_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[Outcome] = mapped_column(named_enum(Outcome))
    installation_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # which copy of the mini-program
    site_tablet_id: Mapped[UUID | None] = mapped_column(ForeignKey("site_tablets.id"))  # whose rotating code was read
    note: Mapped[str] = mapped_column(Text, server_default="")
    idempotency_key: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)

    dispatch: Mapped[Dispatch] = relationship()
    site: Mapped[Site | None] = relationship()
    review: Mapped[CheckInReview | None] = relationship(back_populates="check_in")


class CheckInReview(Base):
    """What the one concerned, the recipient and the supporting hospital said about a tap."""

    __tablename__ = "check_in_reviews"
    __table_args__ = (
        CheckConstraint("(explanation = '') = (explained_at IS NULL)", name="explained"),
        CheckConstraint(
            "(confirmation IS NULL) = (confirmed_at IS NULL) "
            "AND (confirmation IS NULL) = (confirmed_by_person_id IS NULL)",
            name="confirmed",
        ),
        CheckConstraint(
            "(judgement IS NULL) = (judged_at IS NULL) AND (judgement IS NULL) = (judged_by_person_id IS NULL)",
            name="judged",
        ),
    )

    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_ins.id"), primary_key=True)
    explanation: Mapped[str] = mapped_column(Text, server_default="")
    explained_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmation: Mapped[Confirmation | None] = mapped_column(named_enum(Confirmation))
    confirmed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    judgement: Mapped[Judgement | None] = mapped_column(named_enum(Judgement))
    judgement_reason: Mapped[str] = mapped_column(Text, server_default="")
    judged_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    judged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    check_in: Mapped[CheckIn] = relationship(back_populates="review")
