"""Reading what was done. Who may read it is decided by those above, who know the organisations."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from backend.domain.audit.models import AuditEvent, AuditSeal
from backend.extensions import db
from backend.foundation.paging import Page, fetch_page


def events_about(subject_type: str, subject_id: UUID) -> list[AuditEvent]:
    """Return what was done to one thing, the latest first: for whoever may read the thing itself."""
    statement = select(AuditEvent).where(AuditEvent.subject_type == subject_type, AuditEvent.subject_id == subject_id)
    return list(db.session.scalars(statement.order_by(AuditEvent.id.desc()).limit(200)))


def list_events(
    within: ColumnElement[bool], *, action: str = "", page: int = 1, page_size: int = 100
) -> Page[AuditEvent]:
    """Return the events that meet a condition, the latest first."""
    statement = select(AuditEvent).where(within)
    if action:
        statement = statement.where(AuditEvent.action == action)
    return fetch_page(statement.order_by(AuditEvent.id.desc()), page=page, page_size=page_size)


def find_last_seal() -> AuditSeal | None:
    """Return the head of the chain of seals."""
    return db.session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).first()


def count_unsealed() -> int:
    """Return how many events wait for their seal."""
    covered = select(func.coalesce(func.max(AuditSeal.last_event_id), 0)).scalar_subquery()
    return db.session.scalar(select(func.count()).where(AuditEvent.id > covered)) or 0
