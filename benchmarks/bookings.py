"""Bookings over HTTP: their rate against the endpoint's own statements, spread over many clinics and for one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

import orjson
from sqlalchemy import func, select

from backend.domain.accounts.rules import compose_token
from backend.domain.audit.models import AuditEvent
from backend.domain.clinics.models.bookings import Booking
from backend.domain.clinics.models.clinics import ClinicPlace
from backend.domain.clinics.rules.planning import PlaceState
from backend.domain.notifications.models.notices import InboxItem, OutboxMessage
from backend.extensions import db
from benchmarks.bare_booking import book_by_pgbench
from benchmarks.figures import Figure, verify
from benchmarks.house import House, Web
from benchmarks.http_client import Outcome, send_all
from benchmarks.villagers import CLINICS, PATIENTS, SESSIONS, id_of, plan_clinics, settle

CLIENTS = 32
ROUNDS = 3
SPREAD_OVER, PLACES = 1000, 100
WARM_UP, SPREAD, HOT = 800, 3000, 1500  # requests a round
EACH = 250  # of pgbench's clients
EASY_APPOINTMENTS = 43  # a second, at best, on a machine like this; see docs/performance.md
_A_ROUND = SPREAD + HOT + CLIENTS * EACH


@dataclass(frozen=True)
class Round:
    """What one round measured."""

    bare: float
    spread: Outcome
    hot: Outcome
    cpu: float  # microseconds of the web server a spread booking
    database_cpu: float
    load: float


def run(house: House) -> list[Figure]:
    """Measure in alternated rounds.

    Raises:
        Broken: a booking was not made as it should have been, or one too many.
    """
    with house.app.app_context():
        secret = settle(WARM_UP + ROUNDS * _A_ROUND)
        plan_clinics(range(SPREAD_OVER), PLACES)
        plan_clinics(range(SPREAD_OVER, SPREAD_OVER + ROUNDS), HOT + 5)
        house.tidy()
    with house.served() as web:
        return _figures(list(_rounds(house, web, secret)))


def _rounds(house: House, web: Web, secret: str) -> Iterator[Round]:
    def book(numbers: Iterable[int], clinic_of: Callable[[int], int]) -> Outcome:
        requests = [_request(secret, number, clinic_of(number)) for number in numbers]
        with _verified(house, len(requests)):
            outcome = send_all(web.port, requests, clients=CLIENTS, folder=house.folder)
            verify(expected=len(requests), found=outcome.statuses.get("201", 0), of="answers 201 Created")
        return outcome

    book(range(WARM_UP), lambda number: number % SPREAD_OVER)
    house.tidy()  # else the plans are those of tables that nobody has booked in, which are read through
    for turn in range(ROUNDS):
        first = WARM_UP + turn * _A_ROUND
        with _verified(house, CLIENTS * EACH):
            bare = book_by_pgbench(
                house.settings.database_url, house.folder, first=first, each=EACH, clients=CLIENTS, clinics=SPREAD_OVER
            )
        first += CLIENTS * EACH
        before = web.cpu_seconds(), house.database.cpu_seconds()
        spread = book(range(first, first + SPREAD), lambda number: number % SPREAD_OVER)
        after = web.cpu_seconds(), house.database.cpu_seconds()
        cpu, database_cpu = ((now - then) / SPREAD * 1e6 for now, then in zip(after, before, strict=True))
        first += SPREAD
        hot = book(range(first, first + HOT), lambda _number, turn=turn: SPREAD_OVER + turn)  # type: ignore[misc]
        yield Round(bare, spread, hot, cpu, database_cpu, os.getloadavg()[0])


def _request(secret: str, number: int, clinic: int) -> str:
    given = {"clinic_id": id_of(CLINICS, clinic), "patient_id": id_of(PATIENTS, number)}
    body = orjson.dumps(given).decode()
    head = (
        "POST /api/v1/bookings HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {compose_token(id_of(SESSIONS, number), secret)}",
        f"Idempotency-Key: bench-{number:08d}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", body])


class _verified:
    """That so many bookings are made within, each with a place of its own and all that it leaves."""

    def __init__(self, house: House, count: int) -> None:
        self._house, self._count = house, count

    def __enter__(self) -> None:
        self._before = _counts(self._house)

    def __exit__(self, *raised: object) -> None:
        if raised[0] is None:
            after = _counts(self._house)
            for of, found in after.items():
                verify(expected=self._count, found=found - self._before[of], of=of)


def _counts(house: House) -> dict[str, int]:
    counted = {
        "bookings": select(func.count(Booking.id)),
        "places that a booking holds": select(func.count(Booking.place_id.distinct())),
        "patients who hold one": select(func.count(Booking.patient_id.distinct())),
        "places that are booked": select(func.count(ClinicPlace.id)).where(ClinicPlace.state == PlaceState.BOOKED),
        "items of inboxes": select(func.count(InboxItem.id)),
        "messages that are owed": select(func.count(OutboxMessage.id)),
        "audit events": select(func.count(AuditEvent.id)),
    }
    with house.app.app_context():
        return {of: db.session.scalar(statement) or 0 for of, statement in counted.items()}


def _figures(rounds: list[Round]) -> list[Figure]:
    share = median(one.spread.rate / one.bare for one in rounds)
    evenness = median(one.hot.rate / one.spread.rate for one in rounds)
    times = median(one.hot.rate for one in rounds) / EASY_APPOINTMENTS

    def middle(values: list[float]) -> str:
        return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"

    return [
        Figure("bookings a second by pgbench, its statements alone", middle([one.bare for one in rounds])),
        Figure("bookings a second over HTTP, 1,000 clinics", middle([one.spread.rate for one in rounds])),
        Figure("  of pgbench's", f"{share:.1%}", "≥ 12 %", share >= 0.12),
        Figure("bookings a second over HTTP, one clinic", middle([one.hot.rate for one in rounds])),
        Figure("  of those spread", f"{evenness:.2f}", "≥ 0.75", evenness >= 0.75),
        Figure("  times Easy!Appointments (35–43 a second)", f"{times:.1f}", "≥ 12", times >= 12),
        Figure("  median, p99 of a request", f"{middle([one.hot.median_ms for one in rounds])} ms, "
               f"{middle([one.hot.p99_ms for one in rounds])} ms"),
        Figure("web CPU a booking, µs", middle([one.cpu for one in rounds])),
        Figure("database CPU a booking, µs", middle([one.database_cpu for one in rounds])),
        Figure("load average of the rounds", " ".join(f"{one.load:.1f}" for one in rounds)),
    ]  # fmt: skip
