"""The labelled set: how honest people tap in the mountains, and how others pretend. Numbers are of taps, seed fixed.

Each function tells the days of one traveller, or of a pair, and yields their presses. What is assumed of phones is in
`presses.py`; nobody knows the true shares, so the set says how a rule does on a case, not how often a case occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from backend.domain.attendance.rules.taps import CheckInKind, Fix
from backend.domain.organisations.rules.places import distance_m
from backend.foundation.clock import SHANGHAI
from benchmarks.evidence.presses import (
    Clock,
    NonceUse,
    Press,
    Traveller,
    anywhere,
    mocked_fix,
    moved,
    network_fix,
    satellite_fix,
)

DAYS = tuple(date(2026, 9, day) for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14))
HONEST = ("valley", "network", "offline", "by car", "new phone", "code")
_MORNING, _NOON, _AFTERNOON, _EVENING = time(7, 50), time(12, 5), time(13, 55), time(17, 40)
_DUTIES = (
    (_MORNING, CheckInKind.IN),
    (_NOON, CheckInKind.OUT),
    (_AFTERNOON, CheckInKind.IN),
    (_EVENING, CheckInKind.OUT),
)


def _around(random: Random, day: date, at: time, minutes: float = 9) -> datetime:
    return datetime.combine(day, at, SHANGHAI) + timedelta(minutes=random.uniform(-minutes, minutes))


def _presses(random: Random, who: Traveller, case: str, fix: Callable[[], Fix | None]) -> Iterator[Press]:
    for day in DAYS:
        for at, kind in _DUTIES:
            yield Press(case=case, traveller=who, at=_around(random, day, at), kind=kind, fix=fix())


def valley(random: Random, who: Traveller) -> Iterator[Press]:
    """Satellites between mountains."""
    yield from _presses(random, who, "valley", lambda: satellite_fix(random, who.sites[0]))


def network(random: Random, who: Traveller) -> Iterator[Press]:
    """Indoors: a handful of stored points that come back every day."""
    points = [network_fix(random, who.sites[0]) for _ in range(5)]
    yield from _presses(random, who, "network", lambda: random.choice(points))


def offline(random: Random, who: Traveller) -> Iterator[Press]:
    """No network at the site: sent when there is one, from phones whose clocks are right, wrong or turned.

    One in five tells the place that it remembers.
    """
    remembered = satellite_fix(random, who.sites[0])
    ahead = random.choice([0, 20, -40, 0, 20, -40, 3_600, -7_200, 540, None])
    for press in _presses(random, who, "offline", lambda: satellite_fix(random, who.sites[0])):
        drift = random.uniform(-5, 5)
        turned = 86_400 if random.random() < 0.02 else 0  # somebody set the clock before it was sent
        clock = Clock(ahead, (ahead or 0) + drift, (ahead or 0) + drift + turned)
        fix = remembered if random.random() < 0.2 else press.fix
        yield replace(press, clock=clock, fix=fix, sent_after=timedelta(hours=random.uniform(1, 50)))


def by_car(random: Random, who: Traveller) -> Iterator[Press]:
    """Mornings at one site, afternoons at another: over noon one drives, on mountain roads or a motorway."""
    first, second = who.sites
    straight, by_motorway = distance_m(first, second) / 1000, random.random() < 0.3
    for day in DAYS:
        left = _around(random, day, time(11, 40))
        detour, speed = ((1.1, 1.25), (90, 118)) if by_motorway else ((1.3, 1.8), (35, 75))
        hours = straight * random.uniform(*detour) / random.uniform(*speed)
        arrived = left + timedelta(hours=hours)
        yield Press(case="by car", traveller=who, at=_around(random, day, _MORNING), fix=satellite_fix(random, first))
        yield Press(case="by car", traveller=who, at=left, kind=CheckInKind.OUT, fix=satellite_fix(random, first))
        yield Press(case="by car", traveller=who, at=arrived, fix=satellite_fix(random, second))


def new_phone(random: Random, who: Traveller) -> Iterator[Press]:
    """Another phone from some day on."""
    changed = random.choice(DAYS[2:-2])
    for press in _presses(random, who, "new phone", lambda: satellite_fix(random, who.sites[0])):
        yield replace(press, phone=f"new-{who.phone}" if press.at.date() >= changed else "")


def code(random: Random, who: Traveller) -> Iterator[Press]:
    """Location switched off, and the code of the tablet in front of them."""
    for press in _presses(random, who, "code", lambda: None):
        yield replace(press, code_age=timedelta(seconds=random.uniform(0, 25)))


def from_home(random: Random, who: Traveller) -> Iterator[Press]:
    """In town, and not at the site: two kilometres to twenty away, and honest about it."""
    home = moved(who.sites[0], random.uniform(2_000, 20_000), anywhere(random))
    yield from _presses(random, who, "from home", lambda: satellite_fix(random, home))


def near_by(random: Random, who: Traveller) -> Iterator[Press]:
    """In the village, and not at the site: half a kilometre to a whole one away."""
    home = moved(who.sites[0], random.uniform(500, 1_000), anywhere(random))
    yield from _presses(random, who, "near by", lambda: satellite_fix(random, home))


def mocked(random: Random, who: Traveller) -> Iterator[Press]:
    """A mocked place: one point for all days."""
    fix = mocked_fix(random, who.sites[0])
    yield from _presses(random, who, "mocked", lambda: fix)


def mocked_with_jitter(random: Random, who: Traveller) -> Iterator[Press]:
    """A mocked place by an application that shakes it a little."""
    yield from _presses(random, who, "mocked with jitter", lambda: satellite_fix(random, who.sites[0]))


def replayed(random: Random, who: Traveller) -> Iterator[Press]:
    """A request of another day sent again: with its nonce, with none, or with one that was fetched minutes before."""
    uses = (NonceUse.OF_ANOTHER_KEY, NonceUse.NONE, NonceUse.HELD)
    for press in _presses(random, who, "replayed", lambda: satellite_fix(random, who.sites[0])):
        yield replace(press, nonce=random.choice(uses))


def buddies(random: Random, one: Traveller, other: Traveller) -> Iterator[Press]:
    """One at the site brings the other's tap from their own phone."""
    for press in _presses(random, one, "buddies", lambda: satellite_fix(random, one.sites[0])):
        yield press
        after = timedelta(minutes=random.uniform(1, 4))
        fix = satellite_fix(random, one.sites[0])
        yield replace(press, traveller=other, at=press.at + after, fix=fix, phone=one.phone)


def buddies_apart(random: Random, one: Traveller, other: Traveller) -> Iterator[Press]:
    """The same, where WeChat keeps the storage of two accounts on one phone apart."""
    for press in buddies(random, one, other):
        yield replace(press, case="buddies, WeChat apart", phone="")


def relayed_code(random: Random, who: Traveller) -> Iterator[Press]:
    """Location switched off, and a code that a colleague photographed and sent."""
    for press in _presses(random, who, "relayed code", lambda: None):
        yield replace(press, code_age=timedelta(seconds=random.uniform(10, 120)))


def relayed_code_from_home(random: Random, who: Traveller) -> Iterator[Press]:
    """The same with location switched on."""
    for press in from_home(random, who):
        age = timedelta(seconds=random.uniform(0, 25))
        yield replace(press, case="relayed code, place told", code_age=age)


def two_places(random: Random, who: Traveller) -> Iterator[Press]:
    """At one site, and minutes later, by a mocked place, at another."""
    first, second = who.sites
    for day in DAYS:
        left = _around(random, day, time(11, 40))
        arrived = left + timedelta(minutes=random.uniform(3, 25))
        here, there = satellite_fix(random, first), satellite_fix(random, second)
        yield Press(case="two places", traveller=who, at=left, kind=CheckInKind.OUT, fix=here)
        yield Press(case="two places", traveller=who, at=arrived, fix=there)


def turned_clock(random: Random, who: Traveller) -> Iterator[Press]:
    """Late for work: the phone's clock set back, an offline tap made, the clock set right, the tap sent."""
    for press in _presses(random, who, "turned clock", lambda: satellite_fix(random, who.sites[0])):
        if press.kind is CheckInKind.IN:
            clock = Clock(0, -random.uniform(1_200, 7_200), random.choice([0, -3_600]))
            yield replace(press, clock=clock, sent_after=timedelta(minutes=random.uniform(2, 30)))


ALONE: dict[Callable[[Random, Traveller], Iterator[Press]], int] = {
    valley: 40,
    network: 20,
    offline: 20,
    by_car: 12,
    new_phone: 8,
    code: 8,
    from_home: 8,
    near_by: 12,
    mocked: 12,
    mocked_with_jitter: 8,
    replayed: 8,
    relayed_code: 8,
    relayed_code_from_home: 6,
    two_places: 12,
    turned_clock: 10,
}
"""How many people of each case."""

IN_PAIRS: dict[Callable[[Random, Traveller, Traveller], Iterator[Press]], int] = {buddies: 8, buddies_apart: 6}
"""How many pairs."""

WITH_TWO_SITES = frozenset({by_car, two_places})
