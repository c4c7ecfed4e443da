"""The attendance of the day beside records, for any number of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from backend.domain.activities.rules.presence import Presence, presence_on
from backend.domain.attendance.concluding import read_days
from backend.domain.attendance.rules.timesheets import Standing


def presence_of(pairs: Collection[tuple[UUID, date]]) -> dict[tuple[UUID, date], Presence]:
    """Return whether somebody was there on each of these days, each a day of a dispatch, in one statement."""
    standings: dict[tuple[UUID, date], list[Standing]] = defaultdict(list)
    for line in read_days(set(pairs)):
        standings[line.dispatch_id, line.duty_on].append(line.standing)
    return {pair: presence_on(standings[pair]) for pair in set(pairs)}
