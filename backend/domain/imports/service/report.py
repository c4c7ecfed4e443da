"""What a check found, or an import did, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.domain.imports.rules.columns import SheetKind
from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.formats import TITLES
from backend.domain.imports.service.plan import Counts

Progress = Callable[[int, int], None]
"""Told from time to time how much is done, of how much."""


@dataclass(frozen=True)
class Report:
    """What a check found, or an import did."""

    findings: Findings
    counts: Mapping[SheetKind, Counts]
    totals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return self.findings.error_count > 0

    def as_json(self) -> dict[str, Any]:
        """Return what is stored and shown.

        totals: of a ledger, by kind {label, rows, quantity, person_times}, the amounts in words ·
        counts: {sheet: {created, changed, unchanged}} of the sheets of its kind ·
        errors, warnings: the first 500 / 200, each {code, message, sheet, row, column, header} ·
        error_count, warning_count: of all.
        """
        return {
            "totals": self.totals,
            "counts": self.counts_as_json(),
            "errors": [finding.as_json() for finding in self.findings.errors],
            "error_count": self.findings.error_count,
            "warnings": [finding.as_json() for finding in self.findings.warnings],
            "warning_count": self.findings.warning_count,
        }

    def counts_as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by sheet."""
        return {kind.value: counts.as_json() for kind, counts in self.counts.items()}

    def summary(self) -> str:
        """Return the counts in one Chinese line."""
        return "；".join(
            f"{TITLES[kind]} 新增{counts.created} 变更{counts.changed} 不变{counts.unchanged}"
            for kind, counts in self.counts.items()
        )


class Work:
    """Counts rows that were read, compared and written; told to `progress` as parts of a whole."""

    def __init__(self, progress: Progress, *, steps: int) -> None:
        self._progress = progress
        self._steps = steps
        self._done = 0
        self._rows = 0

    def expect(self, rows: int) -> None:
        """Take note of how many rows there are, headers and blank ones included."""
        self._rows = rows
        self._progress(0, rows * self._steps)

    def has_read(self, rows: int) -> None:
        """Take note of how many rows of them matter."""
        self._rows = self._done = rows
        self._progress(rows, rows * self._steps)

    def tick(self, rows: int) -> None:
        """Count rows read, compared or written; a row that is written to several tables counts in each."""
        self._done = min(self._done + rows, self._rows * self._steps)
        self._progress(self._done, self._rows * self._steps)
