"""The tablets that show a site's rotating code, and how far evidence was weighed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.domain.organisations.models import Site
from backend.extensions import Base
from backend.foundation.ids import new_id


class SiteTablet(Base):
    """A tablet at a site that shows its rotating code; it has a credential of its own and sees nothing else."""

    __tablename__ = "site_tablets"
    __table_args__ = (UniqueConstraint("credential_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    credential_hash: Mapped[bytes] = mapped_column(LargeBinary)
    registered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    last_seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    site: Mapped[Site] = relationship()


class Watermark(Base):
    """Up to which instant of arrival a sweep has done its work."""

    __tablename__ = "watermarks"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    reached_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
