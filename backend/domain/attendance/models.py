"""Taps as rows: each one is kept, one of a dispatch, duty day, shift and kind is effective."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Float, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.attendance.rules import CheckInKind, Verdict
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
    note: Mapped[str] = mapped_column(Text, server_default="")
    idempotency_key: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)

    dispatch: Mapped[Dispatch] = relationship()
    site: Mapped[Site | None] = relationship()
