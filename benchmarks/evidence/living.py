"""Living the set: everybody is sent out, every press reaches the very service at its instant, each night is weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from uuid import UUID

import time_machine
from sqlalchemy import select

from backend.domain.attendance.errors.taps import SiteCodeInvalid, TapInFuture
from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Outcome
from backend.domain.attendance.rules.taps import PhoneClock
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.attendance.service.site_codes import code_shown
from backend.domain.attendance.service.taps import Tap, record_tap
from backend.domain.attendance.service.weighing import weigh_again
from backend.domain.organisations.models import Organisation, Site
from backend.domain.organisations.rules.kinds import OrganisationKind
from backend.domain.organisations.rules.places import Point
from backend.extensions import db
from backend.foundation.actor import Actor, Role
from backend.foundation.clock import SHANGHAI
from benchmarks.evidence.cases import ALONE, DAYS, IN_PAIRS, WITH_TWO_SITES
from benchmarks.evidence.presses import NonceUse, Press, Traveller, moved
from tests.support.factories import make_dispatch, make_organisation, make_person, make_site, make_tablet

SEED = 20260902
_MIDST = Point(103.2, 27.3)


@dataclass(frozen=True)
class Lived:
    """What became of a press: outcome and reasons as they stand in the end; None where it was refused."""

    press: Press
    outcome: Outcome | None
    reasons: frozenset[str]


def live() -> list[Lived]:
    """Let everybody live their days; the same in every run."""
    random = Random(SEED)  # noqa: S311  (a set that is the same each time)
    with time_machine.travel(datetime.combine(DAYS[0], time(0), SHANGHAI), tick=False) as traveller:
        presses = sorted(_presses(random), key=lambda press: press.sent_at)
        tap_ids: list[UUID | None] = []
        for day, of_day in groupby(presses, key=lambda press: press.sent_at.astimezone(SHANGHAI).date()):
            tap_ids += [_send(traveller, press) for press in of_day]
            traveller.move_to(datetime.combine(day + timedelta(days=1), time(2, 30), SHANGHAI))
            weigh_again()
    rows = {row.id: row for row in db.session.scalars(select(CheckIn).execution_options(populate_existing=True))}
    return [_lived(press, rows[tap_id] if tap_id else None) for press, tap_id in zip(presses, tap_ids, strict=True)]


def _lived(press: Press, row: CheckIn | None) -> Lived:
    return Lived(press, row.outcome if row else None, frozenset(row.reasons if row else ()))


def _presses(random: Random) -> Iterator[Press]:
    world = _World(random)
    for case, people in ALONE.items():
        for _ in range(people):
            yield from case(random, world.traveller(sites=2 if case in WITH_TWO_SITES else 1))
    for pair, times in IN_PAIRS.items():
        for _ in range(times):
            one = world.traveller()
            yield from pair(random, one, world.traveller(at=one))


class _World:
    """A county hospital, and a township hospital for everybody whom it sends."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._hospital = make_organisation("云岭县人民医院", kind=OrganisationKind.COUNTY_HOSPITAL)
        self._sites: dict[UUID, list[Site]] = {}
        self._recipients: dict[UUID, Organisation] = {}

    def traveller(self, *, sites: int = 1, at: Traveller | None = None) -> Traveller:
        """Send somebody out, to sites of their own or to those of another."""
        if at is None:
            recipient = make_organisation()
            first = moved(_MIDST, self._random.uniform(0, 30_000), self._random.uniform(0, 6.28))
            second = moved(first, self._random.uniform(30_000, 90_000), self._random.uniform(0, 6.28))
            places = [_site(recipient, name, point) for name, point in (("院本部", first), ("分院", second))[:sites]]
        else:
            recipient, places = self._recipients[at.dispatch_id], self._sites[at.dispatch_id]
        person = make_person(self._hospital)
        dispatch = make_dispatch(person, recipient, starts_on=date(2026, 8, 1), sites=places)
        self._sites[dispatch.id], self._recipients[dispatch.id] = places, recipient
        points = tuple(Point(float(site.longitude), float(site.latitude)) for site in places)
        return Traveller(person.id, dispatch.id, points, make_tablet(places[0]).id)


def _site(recipient: Organisation, name: str, point: Point) -> Site:
    return make_site(recipient, name, longitude=f"{point.longitude:.6f}", latitude=f"{point.latitude:.6f}")


def _send(traveller: time_machine.Traveller, press: Press) -> UUID | None:
    """Send a press at its instant; None where it was refused."""
    who = press.traveller
    actor, key = (
        Actor(person_id=who.person_id, role=Role.STAFF, channel="phone"),
        f"{who.person_id}-{press.at:%d%H%M%S}",
    )
    asked_at = {NonceUse.HELD: timedelta(minutes=3)}.get(press.nonce, timedelta(0))
    traveller.move_to(press.at - asked_at)
    nonce = issue_nonce(actor, key if press.nonce is not NonceUse.OF_ANOTHER_KEY else f"{key}-before").nonce
    traveller.move_to(press.sent_at)
    tap = Tap(
        dispatch_id=who.dispatch_id,
        kind=press.kind,
        key=key,
        fix=press.fix,
        denied=press.fix is None,
        phone=_clock(press),
        nonce=None if press.nonce is NonceUse.NONE else nonce,
        installation=press.phone or who.phone,
        code=code_shown(who.tablet_id, press.at - press.code_age) if press.code_age is not None else None,
    )
    try:
        return record_tap(actor, tap).id
    except (SiteCodeInvalid, TapInFuture):
        return None


def _clock(press: Press) -> PhoneClock | None:
    clock = press.clock
    if clock is None:
        return None
    seen = press.at - timedelta(minutes=25)
    ahead_then = timedelta(seconds=clock.ahead_when_seen or 0)
    return PhoneClock(
        tapped_at=press.at + timedelta(seconds=clock.ahead_when_tapped),
        sent_at=press.sent_at + timedelta(seconds=clock.ahead_when_sent),
        last_server_time=None if clock.ahead_when_seen is None else seen,
        last_server_seen_at=None if clock.ahead_when_seen is None else seen + ahead_then,
    )
