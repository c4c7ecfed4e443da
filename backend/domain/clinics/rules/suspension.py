"""When somebody who did not come may not book by phone for a while (爽约暂停预约)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class SuspensionTerms:
    """What a document settles: so many no-shows within so many days suspend for so many; None: nothing is settled."""

    noshows: int | None
    within_days: int | None
    for_days: int | None


@dataclass(frozen=True)
class NoShow:
    """A no-show that counts: its day, and the local day on which the desk said so.

    One that was excused upon appeal does not count, nor one at a clinic that was closed.
    """

    held_on: date
    marked_on: date


def suspended_until(noshows: Iterable[NoShow], terms: SuspensionTerms) -> date | None:
    """Return the first day on which the phone may book again, None if it was never suspended.

    A suspension begins on the day of the mark that fills the number, when the one concerned is told; the days of the
    clinics themselves are what must lie within the window.
    """
    if terms.noshows is None or terms.within_days is None or terms.for_days is None:
        return None
    latest: date | None = None
    by_day = sorted(noshows, key=lambda one: one.held_on)
    for number, last in enumerate(by_day):
        since = last.held_on - timedelta(days=terms.within_days)
        counted = [one for one in by_day[: number + 1] if one.held_on > since]
        if len(counted) >= terms.noshows:
            until = max(one.marked_on for one in counted) + timedelta(days=terms.for_days)
            latest = until if latest is None else max(latest, until)
    return latest
