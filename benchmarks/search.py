"""Finding clinics among 5,000: the product's page of 50 against the ORM's rows dumped by marshmallow, the same rows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPConnection
from statistics import median
from typing import Any

import orjson
from sqlalchemy import text

from backend.extensions import db
from backend.foundation import clock
from benchmarks.county import send_doctors
from benchmarks.figures import Broken, Figure, verify
from benchmarks.house import House, Web
from benchmarks.http_client import Outcome, send_all

DOCTORS, DAYS = 100, 50
CLIENTS = 8
ROUNDS = 3
WARM_UP = 60
SEARCHES = 300  # a round
PRODUCT, PLAIN = "/api/v1/clinics", "/plain/clinics"

# Three periods a clinic, each with six places, of which a third is booked; townships have two departments.
_ROWS = (
    """
INSERT INTO departments (id, organisation_id, name)
SELECT uuidv7(), o.id, n.name FROM organisations o, (VALUES ('内科'), ('外科')) AS n (name) WHERE o.code LIKE 'T%'
""",
    """
INSERT INTO clinics (id, person_id, supporting_id, recipient_id, site_id, department_id, held_on, starts_at, ends_at,
    release_at, overflow_at, phone_until, cancel_until, fee_fen, note)
SELECT uuidv7(), d.person_id, d.supporting_id, d.recipient_id, s.site_id,
    (SELECT id FROM departments p WHERE p.organisation_id = d.recipient_id ORDER BY p.name LIMIT 1), day,
    day + time '08:00', day + time '11:00', now() - interval '1 hour', day + time '07:00' - interval '1 day',
    day + time '07:00', day + time '06:00', 1500, '请带上以前的片子'
FROM dispatches d JOIN dispatch_sites s ON s.dispatch_id = d.id, generate_series(1, :days) AS n,
    LATERAL (SELECT CAST(:today AS date) + n AS day) AS days
""",
    """
INSERT INTO clinic_periods (id, clinic_id, starts_at, ends_at)
SELECT uuidv7(), c.id, c.starts_at + n * interval '1 hour', c.starts_at + (n + 1) * interval '1 hour'
FROM clinics c, generate_series(0, 2) AS n
""",
    """
INSERT INTO clinic_places (id, clinic_id, period_id, number, channel, state)
SELECT uuidv7(), p.clinic_id, p.id, row_number() OVER (PARTITION BY p.clinic_id ORDER BY p.starts_at, n),
    (ARRAY['phone', 'phone', 'phone', 'referral', 'family_doctor', 'desk'])[n],
    CASE WHEN n % 3 = 0 THEN 'booked' ELSE 'free' END
FROM clinic_periods p, generate_series(1, 6) AS n
""",
)


@dataclass(frozen=True)
class Round:
    """What one round measured of both."""

    product: Outcome
    plain: Outcome
    load: float


def run(house: House) -> list[Figure]:
    """Ask both for pages of the same 50 rows, in alternated rounds.

    Raises:
        Broken: they do not answer the same.
    """
    today = clock.today()
    with house.app.app_context():
        send_doctors(DOCTORS)
        db.session.execute(text("SET LOCAL timezone TO 'Asia/Shanghai'"))  # in which hours of a day are told
        for rows in _ROWS:
            db.session.execute(text(rows), _values(rows, today))
        db.session.commit()
        house.tidy()
    first = _path(today, 1)  # what nearly everybody reads; later pages cost the plain list much more
    with house.served("benchmarks.plain_search:app") as web:
        _compare(web, [_path(today, page) for page in (1, 2, 50, 100)])
        for path in (PRODUCT, PLAIN):
            _search(house, web, path, first, WARM_UP)
        rounds = [
            Round(
                _search(house, web, PRODUCT, first, SEARCHES),
                _search(house, web, PLAIN, first, SEARCHES),
                os.getloadavg()[0],
            )
            for _ in range(ROUNDS)
        ]
    return _figures(rounds)


def _values(statement: str, today: date) -> dict[str, Any]:
    return {name: value for name, value in {"days": DAYS, "today": today}.items() if f":{name}" in statement}


def _path(today: date, page: int) -> str:
    return f"?day_from={today}&day_to={today + timedelta(days=60)}&page={page}&page_size=50"


def _compare(web: Web, queries: list[str]) -> None:
    for query in queries:
        product, plain = (_answer(web, path + query) for path in (PRODUCT, PLAIN))
        verify(expected=50, found=len(product["items"]), of="clinics of a page")
        verify(expected=DOCTORS * DAYS, found=product["total"], of="clinics in all")
        if product != plain:
            raise Broken(f"the answers to {query} differ")


def _answer(web: Web, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", web.port)
    try:
        connection.request("GET", path)
        return orjson.loads(connection.getresponse().read())
    finally:
        connection.close()


def _search(house: House, web: Web, path: str, query: str, count: int) -> Outcome:
    requests = [f"GET {path}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * count
    outcome = send_all(web.port, requests, clients=CLIENTS, folder=house.folder)
    verify(expected=count, found=outcome.statuses.get("200", 0), of="answers 200 OK")
    return outcome


def _figures(rounds: list[Round]) -> list[Figure]:
    times = median(one.product.rate / one.plain.rate for one in rounds)

    def middle(values: list[float]) -> str:
        return f"{median(values):,.1f} ({min(values):,.1f}–{max(values):,.1f})"

    return [
        Figure(f"searches a second, 50 of {DOCTORS * DAYS:,} clinics", middle([one.product.rate for one in rounds])),
        Figure("the same by ORM and marshmallow", middle([one.plain.rate for one in rounds])),
        Figure("  times", f"{times:.1f}", "≥ 4", times >= 4),
        Figure("  median of a request, ms", f"{middle([one.product.median_ms for one in rounds])}, "
               f"plain {middle([one.plain.median_ms for one in rounds])}"),
        Figure("load average of the rounds", " ".join(f"{one.load:.1f}" for one in rounds)),
    ]  # fmt: skip
