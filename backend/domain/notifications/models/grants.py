"""What people allow us to send them, as WeChat tells us, and the events that it has told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.notifications.rules.templates import TemplateKey
from backend.extensions import Base
from backend.foundation.columns import named_enum


class SubscriptionGrant(Base):
    """How often an account may be sent a template: one-time accepts, of which some are spent, or standing."""

    __tablename__ = "subscription_grants"
    __table_args__ = (CheckConstraint("used BETWEEN 0 AND granted", name="spent"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    template: Mapped[TemplateKey] = mapped_column(named_enum(TemplateKey), primary_key=True)
    standing: Mapped[bool] = mapped_column(server_default=text("false"), default=False)  # long-term (长期订阅)
    granted: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    used: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PushedEvent(Base):
    """An event that WeChat has pushed and that has been heeded: it pushes each up to three times."""

    __tablename__ = "pushed_events"

    fingerprint: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), index=True)
