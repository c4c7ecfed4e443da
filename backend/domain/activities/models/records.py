"""Records of activities (工作日志), edition by edition, and the files that prove them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.activities.rules.amounts import Amount
from backend.domain.activities.rules.kinds import ActivityKind, Proof
from backend.domain.activities.rules.statuses import RecordStatus
from backend.domain.attachments.models import Attachment
from backend.domain.dispatch.models import Dispatch
from backend.domain.organisations.models import Department, Organisation
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import any_of, named_enum
from backend.foundation.ids import new_id


class ActivityRecord(Base):
    """One edition of what somebody did on one day at one recipient; a trigger keeps what was countersigned.

    `quantity` is in the unit of the kind, `person_times` in 人次; NULL was not reported, which is never 0.
    """

    __tablename__ = "activity_records"
    __table_args__ = (
        CheckConstraint("quantity >= 0 AND person_times >= 0", name="amounts"),
        CheckConstraint("supporting_id <> recipient_id", name="two_hospitals"),
        CheckConstraint("(status IN ('imported', 'withdrawn')) = (source_hash IS NOT NULL)", name="source"),
        CheckConstraint("dispatch_id IS NOT NULL OR source_hash IS NOT NULL", name="within_dispatch"),
        CheckConstraint(
            "(status IN ('countersigned', 'superseded')) = (countersigned_at IS NOT NULL)", name="countersigned"
        ),
        CheckConstraint("countersigned_by_person_id <> person_id", name="not_by_oneself"),
        CheckConstraint("status NOT IN ('submitted', 'countersigned') OR submitted_at IS NOT NULL", name="submitted"),
        UniqueConstraint("series_id", "edition"),
        UniqueConstraint("person_id", "idempotency_key"),
        Index(
            "activity_records_open_key",
            "series_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'submitted', 'returned')"),
        ),
        Index(
            "activity_records_countersigned_key",
            "series_id",
            unique=True,
            postgresql_where=text("status = 'countersigned'"),
        ),
        Index(
            "activity_records_source_key",
            "source_hash",
            unique=True,
            postgresql_where=text("status = 'imported'"),
        ),
        Index("activity_records_waiting_idx", "recipient_id", postgresql_where=text("status = 'submitted'")),
        Index(None, "recipient_id", "occurred_on"),
        Index(None, "supporting_id", "occurred_on"),
        Index(None, "person_id", "occurred_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    series_id: Mapped[UUID]  # the first edition's id
    edition: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Without a CHECK: another kind is another entry in the table of kinds, and no migration.
    kind: Mapped[ActivityKind] = mapped_column(any_of(ActivityKind))
    occurred_on: Mapped[date]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    supporting_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))  # the recipient's
    dispatch_id: Mapped[UUID | None] = mapped_column(ForeignKey("dispatches.id"), index=True)
    title: Mapped[str] = mapped_column(Text, server_default="", default="")
    quantity: Mapped[int | None]
    quantity_at_least: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    quantity_about: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    person_times: Mapped[int | None]
    person_times_at_least: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    person_times_about: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    clinical: Mapped[bytes | None] = mapped_column(LargeBinary)  # the fields about a patient, JSON, encrypted
    status: Mapped[RecordStatus] = mapped_column(named_enum(RecordStatus), server_default="draft")
    held_reason: Mapped[str] = mapped_column(Text, server_default="", default="")  # why handing in did not work, a code
    is_late: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # for good
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # the first time
    returned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    return_reason: Mapped[str] = mapped_column(Text, server_default="", default="")
    countersigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    countersigned_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    countersigned_as: Mapped[Role | None] = mapped_column(named_enum(Role, "countersigned_as"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("spreadsheet_imports.id"), index=True)
    source: Mapped[str] = mapped_column(Text, server_default="", default="")  # file, sheet and row of an old ledger
    source_hash: Mapped[bytes | None] = mapped_column(LargeBinary)  # of what the row said: an import can be repeated
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    supporting: Mapped[Organisation] = relationship(foreign_keys=supporting_id)
    recipient: Mapped[Organisation] = relationship(foreign_keys=recipient_id)
    department: Mapped[Department | None] = relationship()
    dispatch: Mapped[Dispatch | None] = relationship()
    returned_by: Mapped[Person | None] = relationship(foreign_keys=returned_by_person_id)
    countersigned_by: Mapped[Person | None] = relationship(foreign_keys=countersigned_by_person_id)
    files: Mapped[list[ActivityFile]] = relationship(
        back_populates="record", order_by="ActivityFile.position", cascade="all, delete-orphan"
    )

    @property
    def amount(self) -> Amount:
        """The quantity as it was said."""
        return Amount(self.quantity, at_least=self.quantity_at_least, about=self.quantity_about)

    @property
    def reached(self) -> Amount:
        """How many people it reached, in 人次, as it was said."""
        return Amount(self.person_times, at_least=self.person_times_at_least, about=self.person_times_about)


class ActivityFile(Base):
    """A file that proves a record, and what was found when time, place and picture were compared with it.

    Editions of one record share their files.
    """

    __tablename__ = "activity_files"
    __table_args__ = (Index(None, "attachment_id"),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey("activity_records.id", ondelete="CASCADE"), primary_key=True)
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachments.id"), primary_key=True)
    proof: Mapped[Proof] = mapped_column(named_enum(Proof))
    position: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)

    record: Mapped[ActivityRecord] = relationship(back_populates="files")
    attachment: Mapped[Attachment] = relationship()
