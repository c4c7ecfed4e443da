"""Two claims of one person on a weekday half, and two leaders of one team, found before the database refuses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from backend.domain.dispatch.rules import SHIFT_LABELS, SHIFTS, WEEKDAY_LABELS, WeeklyPattern
from backend.domain.imports.rules.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a dispatch takes of whom, from a day to before another; `row` None: the file does not speak of it."""

    who: Hashable  # a person; or a team at a recipient
    dispatch: Hashable
    starts_on: date
    ends_before: date
    halves: int = 1  # a bit for each weekday half; always the same one where halves do not matter
    row: Row | None = None
    known_as: str = ""
    is_new: bool = False  # new or changed: what stands already cannot collide among itself

    @property
    def called(self) -> str:
        """What a message calls it."""
        return self.row.where if self.row is not None else self.known_as


def halves_of(pattern: WeeklyPattern) -> int:
    """Return a pattern as a bit for each (weekday − 1) × 3 + shift."""
    bits = 0
    for low, high in pattern.as_numbers():
        bits |= (1 << high) - (1 << low)
    return bits


def label_of_first(halves: int) -> str:
    """Return the first weekday half in Chinese: 周三上午."""
    number = (halves & -halves).bit_length() - 1
    return f"周{WEEKDAY_LABELS[number // 3]}{SHIFT_LABELS[SHIFTS[number % 3]]}"


def colliding_claims(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Yield each pair of claims on the same half in the same days, by different dispatches, at least one of them new.

    The first of a pair has a row; where both have one, it is the later in the file.
    """
    by_who: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_who[claim.who].append(claim)
    for together in by_who.values():
        together.sort(key=lambda claim: claim.starts_on)
        for index, first in enumerate(together):
            for second in together[index + 1 :]:
                if second.starts_on >= first.ends_before:
                    break
                overlap = first.halves & second.halves and first.dispatch != second.dispatch
                if overlap and (first.is_new or second.is_new):
                    yield _in_order(first, second)


def _in_order(first: Claim, second: Claim) -> tuple[Claim, Claim]:
    if first.row is None or (second.row is not None and second.row.number > first.row.number):
        return second, first
    return first, second
