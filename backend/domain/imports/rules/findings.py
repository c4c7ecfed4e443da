"""What is wrong or odd in a file: each with a stable code, its place, and a Chinese sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAXIMUM_ERRORS_KEPT = 500
MAXIMUM_WARNINGS_KEPT = 200


class CellProblem(Exception):
    """What is wrong with the value of one cell."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or odd; row as Excel counts, column as Excel's letter."""

    code: str
    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    header: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is stored and shown."""
        return {
            "code": self.code,
            "message": self.message,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
        }

    def sentence(self) -> str:
        """Return place and message in one Chinese sentence."""
        place = f"工作表“{self.sheet}”" if self.sheet else ""
        if self.row is not None:
            place += f"第{self.row}行"
        if self.column:
            place += f"{self.column}列" + (f"（{self.header}）" if self.header else "")
        return f"{place}：{self.message}" if place else self.message


@dataclass
class Findings:
    """All findings of one check; all are counted, the first are kept."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    error_count: int = 0
    warning_count: int = 0

    def error(self, finding: Finding) -> None:
        """Note what stands in the way of the import."""
        self.error_count += 1
        if len(self.errors) < MAXIMUM_ERRORS_KEPT:
            self.errors.append(finding)

    def warn(self, finding: Finding) -> None:
        """Note what somebody should look at."""
        self.warning_count += 1
        if len(self.warnings) < MAXIMUM_WARNINGS_KEPT:
            self.warnings.append(finding)
