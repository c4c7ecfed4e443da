"""Leave that was earned (奖励假): what is left of each credit once the leave that was asked for is taken from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Credit:
    """Half days that may be taken until a day, that day included."""

    expires_on: date
    halves: int


@dataclass(frozen=True)
class Use:
    """Half days of leave that end on a day."""

    ends_on: date
    halves: int


@dataclass(frozen=True)
class Account:
    """What is left of each credit, in their order; `short` is what no credit covers."""

    left: tuple[int, ...]
    short: int

    def available(self, credits: Sequence[Credit], on: date) -> int:
        """Return the half days that may still be taken from a day on."""
        return sum(left for credit, left in zip(credits, self.left, strict=True) if credit.expires_on >= on)


def account_of(credits: Sequence[Credit], uses: Collection[Use]) -> Account:
    """Take leave from credits that hold on its last day, those that expire first before others.

    The latest leave chooses first: fewest credits hold that long, so that whatever can be covered is.
    """
    left = [credit.halves for credit in credits]
    soonest = sorted(range(len(credits)), key=lambda number: credits[number].expires_on)
    short = 0
    for use in sorted(uses, key=lambda one: one.ends_on, reverse=True):
        wanted = use.halves
        for number in soonest:
            if credits[number].expires_on >= use.ends_on:
                taken = min(left[number], wanted)
                left[number] -= taken
                wanted -= taken
        short += wanted
    return Account(tuple(left), short)
