"""What can be imported from a spreadsheet, and whose right it is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from backend.domain.access.rules import Resource


class ImportKind(StrEnum):
    """What a file brings."""

    ROSTER = "roster"
    LEDGER = "ledger"
    INDICATORS = "indicators"


KIND_LABELS: Mapping[ImportKind, str] = {
    ImportKind.ROSTER: "名册",
    ImportKind.LEDGER: "工作台账",
    ImportKind.INDICATORS: "业务指标",
}
RESOURCES: Mapping[ImportKind, Resource] = {
    ImportKind.ROSTER: Resource.ROSTER_IMPORT,
    ImportKind.LEDGER: Resource.LEDGER_IMPORT,
    ImportKind.INDICATORS: Resource.INDICATOR,
}
