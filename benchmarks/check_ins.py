"""Check-ins over HTTP: their rate against the bare INSERT, and their CPU against canned answers of the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from uuid import UUID

import orjson
from sqlalchemy import func, select

from backend.domain.attendance.models.taps import CheckIn
from backend.domain.attendance.rules.evidence import Outcome as TapOutcome
from backend.domain.attendance.rules.taps import CheckInKind
from backend.domain.attendance.service.nonces import issue_nonce
from backend.domain.audit.models import AuditEvent
from backend.domain.organisations.models import Site
from backend.extensions import db
from backend.foundation.actor import Actor
from benchmarks.bare_insert import insert_for
from benchmarks.county import LATITUDE, LONGITUDE, Doctor, keep_taps, person_id, send_doctors
from benchmarks.figures import Figure, verify
from benchmarks.house import House, Web
from benchmarks.http_client import Outcome, send_all

CLIENTS = 32
ROUNDS = 3
CHECK_INS = 3000  # a round
WARM_UP = 800
INSERT_SECONDS = 4


@dataclass(frozen=True)
class Round:
    """What one round of the three measured, CPU in microseconds a request."""

    inserts_a_second: float
    http: Outcome
    cpu: float
    canned_cpu: float
    load: float


def run(house: House) -> list[Figure]:
    """Measure in alternated rounds.

    Raises:
        Broken: a check-in was not recorded as it should have been.
    """
    with house.app.app_context():
        doctors = send_doctors(WARM_UP + ROUNDS * CHECK_INS)
        keep_taps(days_ago=range(2, 12))  # so that plans and indexes are those of a table in use
        house.tidy()
        site_id = db.session.scalars(select(Site.id).limit(1)).one()
        db.session.commit()
    with house.served() as web, house.served("benchmarks.canned:app") as canned:
        return _figures(list(_rounds(house, web, canned, doctors, site_id)))


def _rounds(house: House, web: Web, canned: Web, doctors: list[Doctor], site_id: UUID) -> Iterator[Round]:
    def requests(first: int, count: int) -> list[str]:
        with house.app.app_context():  # just before they are sent: a nonce serves for a minute
            return [_request(number, doctors[number]) for number in range(first, first + count)]

    for server in (web, canned):
        _answer(house, server, requests(0, WARM_UP))
    for first in range(WARM_UP, len(doctors), CHECK_INS):
        inserts = _insert(house, len(doctors), site_id, date(1900, 1, 1) + timedelta(days=first))
        http, cpu = _check_in(house, web, requests(first, CHECK_INS))
        _, canned_cpu = _answer(house, canned, requests(first, CHECK_INS))
        yield Round(inserts, http, cpu, canned_cpu, os.getloadavg()[0])


def _request(number: int, doctor: Doctor) -> str:
    location = {
        "longitude": float(LONGITUDE) + number % 97 * 1e-6,
        "latitude": float(LATITUDE),
        "accuracy_m": 20,
        "coordinate_system": "GCJ-02",
    }
    key = f"bench-{number:08d}"
    given = {
        "dispatch_id": str(doctor.dispatch_id),
        "kind": "in",
        "location": location,
        "nonce": issue_nonce(Actor(person_id=person_id(number)), key).nonce,
        "installation": f"installation-{number:08d}",
    }
    body = orjson.dumps(given).decode()
    head = (
        "POST /api/v1/check-ins HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {doctor.token}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", body])


def _insert(house: House, doctors: int, site_id: UUID, first_day: date) -> float:
    before = _counts(house)
    rows, rate = insert_for(
        INSERT_SECONDS,
        clients=CLIENTS,
        url=house.settings.database_url,
        doctors=doctors,
        site_id=site_id,
        first_day=first_day,
    )
    verify(expected=rows, found=_counts(house)[0] - before[0], of="rows of pgbench")
    return rate


def _check_in(house: House, web: Web, requests: list[str]) -> tuple[Outcome, float]:
    before = _counts(house)
    outcome, cpu = _answer(house, web, requests)
    rows, verified, audited = (now - then for now, then in zip(_counts(house), before, strict=True))
    verify(expected=len(requests), found=rows, of="rows of check_ins")
    verify(expected=len(requests), found=verified, of="dispatches with one effective tap that is verified")
    verify(expected=len(requests), found=audited, of="rows of audit_events")
    return outcome, cpu


def _answer(house: House, web: Web, requests: list[str]) -> tuple[Outcome, float]:
    before = web.cpu_seconds()
    outcome = send_all(web.port, requests, clients=CLIENTS, folder=house.folder)
    verify(expected=len(requests), found=outcome.statuses.get("201", 0), of="answers 201 Created")
    return outcome, (web.cpu_seconds() - before) / len(requests) * 1e6


def _counts(house: House) -> tuple[int, int, int]:
    """Return the rows of taps, the dispatches of which one came that counts and is verified, and the audit events."""
    came = (CheckIn.effective, CheckIn.kind == CheckInKind.IN, CheckIn.outcome == TapOutcome.VERIFIED)
    with house.app.app_context():
        taps, verified, audited = db.session.execute(
            select(
                select(func.count(CheckIn.id)).scalar_subquery(),
                select(func.count(func.distinct(CheckIn.dispatch_id)))
                .where(*came, CheckIn.idempotency_key.startswith("bench-"))
                .scalar_subquery(),
                select(func.count(AuditEvent.id)).scalar_subquery(),
            )
        ).one()
        return taps or 0, verified or 0, audited or 0


def _figures(rounds: list[Round]) -> list[Figure]:
    share = median(one.http.rate / one.inserts_a_second for one in rounds)
    times = median(one.cpu / one.canned_cpu for one in rounds)

    def middle(values: list[float]) -> str:
        return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"

    return [
        Figure("bare INSERTs a second, pgbench", middle([one.inserts_a_second for one in rounds])),
        Figure("check-ins a second over HTTP", middle([one.http.rate for one in rounds])),
        Figure("  of the bare INSERT", f"{share:.1%}", "≥ 10 %", share >= 0.10),
        Figure("  median, p99 of a request", f"{middle([one.http.median_ms for one in rounds])} ms, "
               f"{middle([one.http.p99_ms for one in rounds])} ms"),
        Figure("web CPU a check-in, µs", middle([one.cpu for one in rounds])),
        Figure("web CPU with canned answers, µs", middle([one.canned_cpu for one in rounds])),
        Figure("  times", f"{times:.2f}", "≤ 4", times <= 4),
        Figure("load average of the rounds", " ".join(f"{one.load:.1f}" for one in rounds)),
    ]  # fmt: skip
