"""Importing spreadsheets: check, preview, confirm, apply; and the documents around them.

From the console, for each kind in `registry.IMPORTERS`: `start_import` → (job) → `queries.get_import` shows progress,
then the report → `confirm_import` → (job) → the report of what was done. From the command line: the check and the
apply of the kind itself, as `check_roster` and `apply_roster`.
"""

from backend.domain.imports.service.documents import (
    findings_workbook,
    indicators_template,
    ledger_template,
    roster_template,
)
from backend.domain.imports.service.files import File
from backend.domain.imports.service.indicators import apply_indicators, check_indicators
from backend.domain.imports.service.ledgers import apply_ledger, check_ledger
from backend.domain.imports.service.registry import IMPORTERS
from backend.domain.imports.service.report import Progress, Report
from backend.domain.imports.service.rosters import apply_roster, check_roster
from backend.domain.imports.service.uploads import (
    apply_import,
    check_import,
    confirm_import,
    start_import,
    sweep_imports,
)
from backend.domain.imports.service.withdrawals import withdraw_import

__all__ = [
    "IMPORTERS",
    "File",
    "Progress",
    "Report",
    "apply_import",
    "apply_indicators",
    "apply_ledger",
    "apply_roster",
    "check_import",
    "check_indicators",
    "check_ledger",
    "check_roster",
    "confirm_import",
    "findings_workbook",
    "indicators_template",
    "ledger_template",
    "roster_template",
    "start_import",
    "sweep_imports",
    "withdraw_import",
]
