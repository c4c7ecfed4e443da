"""Amounts as they were said: 20, 20余 (a lower bound), 约30; blank is not reported, which is never 0."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Amount:
    """A whole number, and how it was said; None was not reported."""

    value: int | None = None
    at_least: bool = False  # 20余, 20多
    about: bool = False  # 约30, 30左右

    def label(self, unit: str) -> str:
        """Return it in Chinese, as it was said."""
        if self.value is None:
            return "未报"
        return f"{'约' if self.about else ''}{self.value}{'余' if self.at_least else ''}{unit}"


NOT_REPORTED = Amount()


def has_footnote(said: str) -> bool:
    """Tell whether something raised or encircled stands in what was said: 36① and 5² are no 361 and 52."""
    return any(unicodedata.category(mark) == "No" for mark in said)


def exactly(value: int) -> Amount:
    """Return an amount that was counted."""
    return Amount(value)


def summed(amounts: list[Amount]) -> Amount:
    """Return the sum of what was reported, not reported where nothing was; a lower bound stays one."""
    reported = [amount for amount in amounts if amount.value is not None]
    if not reported:
        return NOT_REPORTED
    return Amount(
        sum(amount.value or 0 for amount in reported),
        at_least=any(amount.at_least for amount in reported),
        about=any(amount.about for amount in reported),
    )
