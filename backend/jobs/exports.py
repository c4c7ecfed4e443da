"""Files that people ask for, each made by the domain that knows what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from backend.domain.activities.service.exports import write_records_of
from backend.domain.attendance.service.exports import write_month_of
from backend.domain.careers.service.exports import write_promotion_of
from backend.domain.exports import service
from backend.domain.exports.rules import ExportKind
from backend.domain.exports.service import Maker
from backend.domain.subsidies.service.exports import write_claims_of

MAKERS: Mapping[ExportKind, Maker] = {
    ExportKind.TIMESHEET: write_month_of,
    ExportKind.ACTIVITY: write_records_of,
    ExportKind.SUBSIDY: write_claims_of,
    ExportKind.PROMOTION: write_promotion_of,
}


def make_export(export_id: str) -> None:
    """Make the file of an export that somebody asked for."""
    service.make_export(UUID(export_id), MAKERS)


def sweep_exports() -> None:
    """Take up exports that stand still, and drop old files."""
    service.sweep_exports()
