"""The sheets of each kind of file."""

from __future__ import annotations

from collections.abc import Mapping

from backend.domain.imports.rules.columns import Formats, SheetKind
from backend.domain.imports.rules.indicator_sheet import INDICATOR_FORMATS
from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.rules.ledger_sheet import LEDGER_FORMATS
from backend.domain.imports.rules.sheets import FORMATS

FORMATS_OF: Mapping[ImportKind, Formats] = {
    ImportKind.ROSTER: FORMATS,
    ImportKind.LEDGER: LEDGER_FORMATS,
    ImportKind.INDICATORS: INDICATOR_FORMATS,
}
TITLES: Mapping[SheetKind, str] = {
    kind: sheet.title for formats in FORMATS_OF.values() for kind, sheet in formats.items()
}
