"""What organisations have reported of themselves so far."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.domain.activities.models.indicators import InstitutionIndicator
from backend.domain.activities.rules.indicators import Indicator
from backend.domain.imports.queries.existing import among
from backend.extensions import db

Key = tuple[UUID, date, Indicator]


def load_indicators(
    organisation_ids: Collection[UUID], months: Collection[date], *, lock: bool
) -> dict[Key, InstitutionIndicator]:
    """Return the indicators of these organisations and months; `lock`: as for an UPDATE."""
    statement = select(InstitutionIndicator).where(
        among(InstitutionIndicator.organisation_id, organisation_ids), among(InstitutionIndicator.month, months)
    )
    if lock:
        statement = statement.order_by(InstitutionIndicator.id).with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True))
    return {(one.organisation_id, one.month, one.indicator): one for one in found}
