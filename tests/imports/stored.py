"""What the database holds after an import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from backend.domain.accounts.models import Person, RoleHolding
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch.models import Dispatch, DutyPattern, Rotation
from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.service import Report
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.domain.organisations.models import Organisation, Site
from backend.extensions import db
from backend.foundation import clock

Refused = Callable[..., list[tuple[str, str, int | None, str]]]


TODAY = clock.today()


def get_person(staff_number: str = "A1", code: str = "9901") -> Person:
    statement = select(Person).join(Person.organisation)
    return db.session.scalars(statement.where(Person.staff_number == staff_number, Organisation.code == code)).one()


def get_dispatch(staff_number: str = "A1") -> Dispatch:
    return db.session.scalars(select(Dispatch).join(Dispatch.person).where(Person.staff_number == staff_number)).one()


def rows(report: Report, kind: SheetKind) -> tuple[int, int, int]:
    counts = report.counts[kind]
    return counts.created, counts.changed, counts.unchanged


def everything() -> dict[str, Any]:
    """Return how many rows each table has that an import may write to."""
    tables = (Organisation, Site, Person, RoleHolding, Rotation, Dispatch, DutyPattern, InboxItem, OutboxMessage)
    return {
        **{model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) for model in tables},
        "events": db.session.scalar(select(func.count()).select_from(AuditEvent)),
    }
