"""Exports, and their files in pieces: neither making nor fetching one holds all of it in memory."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.exports.rules import ExportKind, ExportStatus
from backend.extensions import Base
from backend.foundation.actor import Role
from backend.foundation.columns import any_of, named_enum
from backend.foundation.ids import new_id


class Export(Base):
    """A file of what somebody may read in one role, made by a job and dropped after some days."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint("(status = 'completed') = (pieces IS NOT NULL)", name="pieces"),
        Index("exports_waiting_idx", "requested_at", postgresql_where=text("status = 'requested'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ExportKind] = mapped_column(any_of(ExportKind))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    name: Mapped[str] = mapped_column(Text)  # of the file, without its ending
    requested_by_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role] = mapped_column(named_enum(Role))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    status: Mapped[ExportStatus] = mapped_column(named_enum(ExportStatus), server_default="requested")
    rows: Mapped[int | None]  # written so far
    pieces: Mapped[int | None]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ExportPiece(Base):
    """One piece of a file, counted from 0."""

    __tablename__ = "export_pieces"

    export_id: Mapped[UUID] = mapped_column(ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted, bound to its export and its place in the file
