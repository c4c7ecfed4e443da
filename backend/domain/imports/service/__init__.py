"""Importing rosters: check, preview, confirm, apply; and the documents around them.

From the console: `start_roster_import` → (job) → `queries.get_roster_import` shows progress, then the report →
`confirm_roster_import` → (job) → the report of what was done. From the command line: `check_roster`, `apply_roster`.
"""

from backend.domain.imports.service.documents import findings_workbook, roster_template
from backend.domain.imports.service.rosters import Progress, Report, apply_roster, check_roster
from backend.domain.imports.service.uploads import (
    apply_import,
    check_import,
    confirm_roster_import,
    start_roster_import,
    sweep_imports,
)

__all__ = [
    "Progress",
    "Report",
    "apply_import",
    "apply_roster",
    "check_import",
    "check_roster",
    "confirm_roster_import",
    "findings_workbook",
    "roster_template",
    "start_roster_import",
    "sweep_imports",
]
