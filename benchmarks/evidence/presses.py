"""What the synthetic set is made of: one press of the button each, with who means what by it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from uuid import UUID

from backend.domain.attendance.rules.taps import CheckInKind, Fix
from backend.domain.organisations.rules.places import Point

_METRES_PER_DEGREE = 111_194.9


class NonceUse(StrEnum):
    """What the phone sends for a nonce."""

    FRESH = "fresh"
    NONE = "none"
    OF_ANOTHER_KEY = "of another key"
    HELD = "held for minutes"


@dataclass(frozen=True)
class Clock:
    """The clock of a phone that tapped without network: seconds ahead when it last saw the server, tapped and sent."""

    ahead_when_seen: float | None  # None: it has never seen the server
    ahead_when_tapped: float
    ahead_when_sent: float


@dataclass(frozen=True, kw_only=True)
class Press:
    """One press: `case` names the label that it counts under."""

    case: str
    traveller: Traveller
    at: datetime
    kind: CheckInKind = CheckInKind.IN
    fix: Fix | None
    phone: str = ""  # its own unless told otherwise
    nonce: NonceUse = NonceUse.FRESH
    clock: Clock | None = None
    sent_after: timedelta = timedelta(0)
    code_age: timedelta | None = None  # how long ago the code that comes with it was shown

    @property
    def sent_at(self) -> datetime:
        return self.at + self.sent_after


@dataclass(frozen=True)
class Traveller:
    """Somebody who is sent out: to one site or two."""

    person_id: UUID
    dispatch_id: UUID
    sites: tuple[Point, ...]
    tablet_id: UUID  # at the first of them

    @property
    def phone(self) -> str:
        return f"phone-of-{self.person_id.hex}"


def moved(point: Point, metres: float, angle: float) -> Point:
    """Return the place so many metres away."""
    north, east = metres * math.sin(angle), metres * math.cos(angle)
    latitude = point.latitude + north / _METRES_PER_DEGREE
    longitude = point.longitude + east / _METRES_PER_DEGREE / math.cos(math.radians(point.latitude))
    return Point(longitude, latitude)


def anywhere(random: Random) -> float:
    """Return a direction."""
    return random.uniform(0, 2 * math.pi)


def satellite_fix(random: Random, there: Point) -> Fix:
    """Return what a receiver in a valley tells of a place.

    Multipath shifts it by some tens of metres, noise by some more; six of a hundred are reflections that are hundreds
    of metres off and claim far less.
    """
    point = moved(there, random.gauss(0, 25), anywhere(random))
    point = moved(point, random.gauss(0, 6), anywhere(random))
    if random.random() < 0.06:
        point = moved(point, random.uniform(150, 700), anywhere(random))
        return Fix(point, random.uniform(30, 120))
    return Fix(point, min(80, max(5, random.lognormvariate(math.log(18), 0.5))))


def network_fix(random: Random, there: Point) -> Fix:
    """Return a stored point of a network's: told again, to the centimetre, whenever the same stations are heard."""
    point = moved(there, abs(random.gauss(0, 60)), anywhere(random))
    return Fix(point, max(12, random.lognormvariate(math.log(40), 0.5)))


def mocked_fix(random: Random, there: Point) -> Fix:
    """Return what an application for mocking tells: a chosen point, and a good accuracy."""
    return Fix(moved(there, random.uniform(0, 60), anywhere(random)), random.uniform(3, 10))
