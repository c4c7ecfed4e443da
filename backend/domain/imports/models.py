"""Imports of spreadsheets: the file (encrypted, dropped when done), where it stands, and what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.accounts.models import Person
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.rules.status import ImportStatus
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import named_enum
from backend.foundation.ids import new_id


class SpreadsheetImport(Base):
    """One file that an organisation imports, on whose authority the role says."""

    __tablename__ = "spreadsheet_imports"
    __table_args__ = (
        Index(None, "organisation_id", "uploaded_at"),
        Index(
            "spreadsheet_imports_open_idx",
            "beat_at",
            postgresql_where=text("status IN ('uploaded', 'checking', 'checked', 'applying')"),
        ),
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ImportKind] = mapped_column(named_enum(ImportKind))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    uploaded_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    confirmed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(named_enum(Role))  # of who uploaded, then of who confirmed
    filename: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    status: Mapped[ImportStatus] = mapped_column(named_enum(ImportStatus), server_default="uploaded")
    done: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    total: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    attempts: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    beat_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())  # sign of life
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    withdrawal_reason: Mapped[str] = mapped_column(Text, server_default="", default="")

    uploaded_by: Mapped[Person | None] = relationship(foreign_keys=uploaded_by_person_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_person_id)
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=withdrawn_by_person_id)

    @property
    def percent(self) -> int:
        """How far the running check or import is."""
        return min(100, self.done * 100 // self.total) if self.total else 0
