"""The one table of what can be imported: how each kind of file is checked, applied, and made to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.service.documents import indicators_template, ledger_template, roster_template
from backend.domain.imports.service.files import File
from backend.domain.imports.service.indicators import apply_indicators, check_indicators
from backend.domain.imports.service.ledgers import apply_ledger, check_ledger
from backend.domain.imports.service.report import Progress, Report
from backend.domain.imports.service.rosters import apply_roster, check_roster


@dataclass(frozen=True)
class Importer:
    """How one kind of file is checked, applied, and made to fill in."""

    check: Callable[[File, Progress], Report]
    apply: Callable[[File, Progress], Report]
    template: Callable[[], bytes]


IMPORTERS: Mapping[ImportKind, Importer] = {
    ImportKind.ROSTER: Importer(
        check=lambda file, progress: check_roster(file.actor, file.content, progress),
        apply=lambda file, progress: apply_roster(file.actor, file.content, progress),
        template=roster_template,
    ),
    ImportKind.INDICATORS: Importer(check=check_indicators, apply=apply_indicators, template=indicators_template),
    ImportKind.LEDGER: Importer(check=check_ledger, apply=apply_ledger, template=ledger_template),
}
