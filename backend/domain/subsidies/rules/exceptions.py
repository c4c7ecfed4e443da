"""What about a claim needs an eye before it is approved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backend.domain.subsidies.rules.amounts import Withheld
from backend.foundation.money import yuan

QUIET: Final = (Withheld.EXCLUDED, Withheld.NO_RECEIPTS)
"""Codes of lines that pay nothing which are as expected: another item pays, or nobody travelled."""
_FIFTHS: Final = 5


class ClaimException(StrEnum):
    """Kinds of what needs an eye."""

    DIFFERENCE = "difference"
    WITHHELD = "withheld"
    SCAN_MISSING = "scan_missing"
    BUDGET = "budget"
    CHANGED = "changed"
    EXPLAINED = "explained"


@dataclass(frozen=True)
class Noted:
    """One thing about a claim, in Chinese."""

    code: ClaimException
    text: str


def is_changed(total_fen: int, last_month_fen: int | None) -> bool:
    """Tell whether a total is more than a fifth above or below that of the month before, where there was one."""
    return last_month_fen is not None and abs(total_fen - last_month_fen) * _FIFTHS > abs(last_month_fen)


def note_difference(amounts_fen: Iterable[int]) -> Noted:
    """Say what a claim holds of earlier months."""
    return Noted(ClaimException.DIFFERENCE, f"含以前月份差额{_signed(sum(amounts_fen))}元")


def note_change(total_fen: int, last_month_fen: int) -> Noted:
    """Say how far a claim is from the one of the month before."""
    return Noted(
        ClaimException.CHANGED, f"比上月{_signed(total_fen - last_month_fen)}元（上月{yuan(last_month_fen)}元）"
    )


def note_budget(programme: str, year: int, left_fen: int) -> Noted:
    """Say that the budget does not suffice."""
    return Noted(ClaimException.BUDGET, f"{programme}{year}年预算只剩{yuan(left_fen)}元")


SCAN_NOTED: Final = Noted(ClaimException.SCAN_MISSING, "缺签字盖章的考勤表扫描件")
EXPLANATION_NOTED: Final = Noted(ClaimException.EXPLAINED, "本人附有说明")


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{yuan(fen)}"
