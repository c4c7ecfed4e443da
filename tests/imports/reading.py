"""Reading a workbook in a test."""

from __future__ import annotations

from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.rows import Roster
from backend.domain.imports.rules.workbook import read_roster


def read(content: bytes) -> tuple[Roster, Findings]:
    findings = Findings()
    return read_roster(content, findings), findings


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.errors]
