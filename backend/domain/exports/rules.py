"""What can be exported, and where an export stands."""

from __future__ import annotations

from enum import StrEnum


class ExportKind(StrEnum):
    """What the file holds; each domain that exports has a maker for its own (backend/jobs/exports.py)."""

    TIMESHEET = "timesheet"  # a month of everybody in sight
    ACTIVITY = "activity"  # the records of a list, as it was narrowed
    SUBSIDY = "subsidy"  # the claims of a list, as it was narrowed
    PROMOTION = "promotion"  # a hospital's people for a title, with the columns of the periodic assessment


class ExportStatus(StrEnum):
    """Where an export stands; FHIR Task's words."""

    REQUESTED = "requested"
    COMPLETED = "completed"
    FAILED = "failed"
