"""What only several taps tell together: a speed that nobody has, one phone for two people, the very same place again.

Late taps are weighed for the phone only. When they were made is the phone's word, and without network a phone may tell
a place that it remembers: neither must make an honest tap suspect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.domain.organisations.rules.places import Point, distance_m

FASTEST_M_S = 110 / 3.6
"""110 km/h as the crow flies. China's motorways allow 120, and even a straight one is a tenth longer than the straight
line; whoever comes by a fast train between two taps is asked once."""

LEAST_METRES = 2_000
"""Beyond what both fixes say of their accuracy. In a valley a fix is off by hundreds of metres without saying so."""

COARSEST_METRES = 200
"""A coarser fix is a mobile tower's, which may be kilometres off: it says nothing about speed."""

FIX_AGE = timedelta(seconds=60)
"""What is added to the time between two taps: a fix may be as old as its nonce."""

TRAVEL_WINDOW = timedelta(hours=12)
"""Within which two taps are compared; in twice the time everybody can be anywhere in a province."""

SHARING_WINDOW = timedelta(hours=24)
"""Within which one installation must not bring the taps of two people. A phone that changes hands does so for longer,
and whoever lends theirs out on a day says so."""

FINEST_METRES = 15
"""Repeated coordinates are weighed up to this accuracy. A satellite fix scatters by metres and so never comes back to
the centimetre; a network's answer is a stored point, is coarser, and comes back honestly."""

REPEATED_DAYS = 3
"""On how many days the very same place must be told. Fixes that scatter by five metres and are told to a tenth of one
meet by chance on two days for one person in sixteen a month (sixty taps), on three for one in eighteen thousand."""

REPEAT_WINDOW_DAYS = 30


@dataclass(frozen=True)
class Sighting:
    """Where and when a phone said to be, online: GCJ-02 degrees, the accuracy that it claims in metres."""

    check_in_id: UUID
    point: Point
    accuracy_m: float
    tapped_at: datetime


def is_impossible(one: Sighting, other: Sighting) -> bool:
    """Tell whether nobody could have come from the one to the other."""
    metres = distance_m(one.point, other.point) - one.accuracy_m - other.accuracy_m
    seconds = (abs(other.tapped_at - one.tapped_at) + FIX_AGE).total_seconds()
    return metres >= LEAST_METRES and metres / seconds > FASTEST_M_S
