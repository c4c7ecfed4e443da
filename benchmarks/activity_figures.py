"""A year of activities by organisation and kind beside the year before, from the roll-up and from 2 million records."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from backend.database import ENGINE_OPTIONS
from backend.domain.activities.queries.figure_rows import Wanted, figures_statement
from backend.domain.activities.rules.figures import By, Period
from backend.domain.activities.service.rolling import fold_figures
from backend.foundation.actor import Actor, Role
from benchmarks.activity_county import BUREAU, write_records
from benchmarks.figures import Broken, Figure, verify
from benchmarks.house import House
from dev.postgres import binary

RECORDS = 2_000_000
ROUNDS, WRITING_ROUNDS, SECONDS, CLIENTS = 5, 5, 8, 8
LEAST, LEAST_KEPT = 40.0, 0.80
_YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
_SCRIPT = Path(__file__).with_name("activity_record.sql")
_COVERING = """
CREATE INDEX raw_figures_idx ON activity_records (occurred_on, recipient_id, kind)
INCLUDE (person_id, status, quantity, quantity_at_least, quantity_about, person_times, person_times_at_least,
    person_times_about)
"""


def _said(name: str, of: str) -> str:
    flags = (
        f"coalesce(bool_or({name}_{flag}) FILTER (WHERE {of} AND {name} IS NOT NULL), false)"
        for flag in ("at_least", "about")
    )
    return f"sum({name}) FILTER (WHERE {of}), {', '.join(flags)}"


_NOW, _BEFORE = "counted AND now", "counted AND NOT now"
RAW = f"""
SELECT r.recipient_id, r.kind, count(*) FILTER (WHERE {_NOW}), count(*) FILTER (WHERE now AND status = 'imported'),
    count(*) FILTER (WHERE now AND NOT counted), count(*) FILTER (WHERE {_BEFORE}),
    {_said("quantity", _NOW)}, {_said("person_times", _NOW)},
    {_said("quantity", _BEFORE)}, {_said("person_times", _BEFORE)}, o.name
FROM activity_records r
JOIN organisations o ON o.id = r.recipient_id
JOIN people p ON p.id = r.person_id,
LATERAL (SELECT r.occurred_on >= '2025-01-01' AS now, r.status IN ('countersigned', 'imported') AS counted) AS x
WHERE r.occurred_on BETWEEN '2024-01-01' AND '2025-12-31' AND r.status IN ('countersigned', 'imported', 'submitted')
GROUP BY r.recipient_id, r.kind, o.name
HAVING count(*) FILTER (WHERE now) > 0 OR count(*) FILTER (WHERE counted) > 0
"""  # noqa: S608  (names of our own)
Run = Callable[[], Any]


@dataclass(frozen=True)
class Both:
    """The product's statement and the raw one, on a connection of psycopg's own."""

    connection: psycopg.Connection
    sql: str
    values: dict[str, Any]

    def product(self) -> psycopg.Cursor:
        return self.connection.execute(self.sql, self.values)

    def raw(self) -> psycopg.Cursor:
        return self.connection.execute(RAW)


def run(house: House) -> list[Figure]:
    """Write the records, compare both statements, then write more with the triggers on and off.

    Raises:
        Broken: the figures are not those of the raw join, before or after the writing.
    """
    url = house.settings.database_url
    as_the_product = {"options": ENGINE_OPTIONS["connect_args"]["options"], "autocommit": True}
    with psycopg.connect(url.replace("+psycopg", ""), **as_the_product) as connection, house.app.app_context():
        write_records(connection, RECORDS)
        begun = time.perf_counter()
        changes = fold_figures()
        folding = time.perf_counter() - begun
        house.tidy()
        both = Both(connection, *_compiled())
        _verify_equal(both)
        reading = _read(both)
        connection.execute("DROP INDEX raw_figures_idx")
        writing = _write(connection, url)
        _verify_equal(both)  # the tail holds what was written, and takes part
    return [*reading, *writing, Figure(f"  folding {changes:,} rows of the tail, s", f"{folding:.0f}")]


def _compiled() -> tuple[str, dict[str, Any]]:
    actor = Actor(role=Role.BUREAU, organisation_id=BUREAU)
    statement = figures_statement(actor, Wanted(_YEAR, By.ORGANISATION_AND_KIND))
    compiled = statement.compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
    return compiled.string, dict(compiled.params)


def _verify_equal(both: Both) -> None:
    ours, raw = ({(row[0], row[1]): row[2:] for row in ask().fetchall()} for ask in (both.product, both.raw))
    verify(expected=len(raw), found=len(ours), of="organisations and kinds")
    for key, expected in raw.items():
        if tuple(ours[key]) != tuple(expected):
            raise Broken(f"{key}: {expected} counted, {ours[key]} told")


def _read(both: Both) -> list[Figure]:
    """Compare with the raw join as the table stands, then with one that has an index made for it alone."""
    both.connection.execute("VACUUM ANALYZE activity_records")
    ratio, product, raw = _race(both)
    both.connection.execute(_COVERING)
    both.connection.execute("VACUUM ANALYZE activity_records")
    covered = _race(both)
    return [
        Figure(
            f"a year by organisation and kind with the year before, of {RECORDS:,} records, times the raw join's speed",
            f"{ratio:.0f}",
            f"≥ {LEAST:g}",
            ratio >= LEAST,
        ),
        Figure("  ms, the roll-up and its tail / the raw join", f"{product * 1e3:.0f} / {raw * 1e3:.0f}"),
        Figure("  times that of a raw join with an index of its own", f"{covered[0]:.0f}"),
        Figure("  in CPU of the database, that raw join in one process", f"{_cpu(both):.0f}"),
    ]


def _race(both: Both) -> tuple[float, float, float]:
    """Return how many times as fast the product's statement is, and the seconds of both."""
    product, raw = [], []
    for _ in range(ROUNDS):
        raw.append(_seconds(both.raw))
        product.append(median(_seconds(both.product) for _ in range(3)))
    ratio = median(slow / fast for slow, fast in zip(raw, product, strict=True))
    return ratio, median(product), median(raw)


def _cpu(both: Both) -> float:
    """Return how many times the CPU of the product's statement the raw join takes, which others on the machine leave.

    The kernel's count of one backend: workers beside it would not be in it.
    """
    both.connection.execute("SET max_parallel_workers_per_gather = 0")
    count = Path(f"/proc/{both.connection.info.backend_pid}/schedstat")

    def used(act: Run) -> int:
        begun = int(count.read_text().split()[0])
        act()
        return int(count.read_text().split()[0]) - begun

    ratio = median(used(both.raw) / median(used(both.product) for _ in range(3)) for _ in range(3))
    both.connection.execute("RESET max_parallel_workers_per_gather")
    return ratio


def _write(connection: psycopg.Connection, url: str) -> list[Figure]:
    rates: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    for _ in range(WRITING_ROUNDS):
        for state, reached in rates.items():
            for event in ("insert", "update", "delete"):
                connection.execute(f"ALTER TABLE activity_records {state} TRIGGER activity_records_figures_{event}")
            begun, before = _moment(connection), _tail(connection)
            rows, rate = _records_for(SECONDS, url)
            reached.append(rate)
            verify(expected=rows * (state == "ENABLE"), found=_tail(connection) - before, of="rows of the tail")
            if state == "DISABLE":
                connection.execute("DELETE FROM activity_records WHERE created_at >= %s", [begun])
    kept = median(on / off for off, on in zip(rates["DISABLE"], rates["ENABLE"], strict=True))
    told = " / ".join(f"{median(rates[state]):.0f}" for state in ("ENABLE", "DISABLE"))
    return [
        Figure(
            "writing a record that is handed in, with the roll-up, of the rate without",
            f"{kept:.0%}",
            f"≥ {LEAST_KEPT:.0%}",
            kept >= LEAST_KEPT,
        ),
        Figure("  a second, with / without", told),
    ]


def _tail(connection: psycopg.Connection) -> int:
    rows = connection.execute("SELECT count(*) FROM activity_figure_changes").fetchall()
    count: int = rows[0][0]
    return count


def _moment(connection: psycopg.Connection) -> datetime:
    rows = connection.execute("SELECT now()").fetchall()
    moment: datetime = rows[0][0]
    return moment


def _records_for(seconds: int, url: str) -> tuple[int, float]:
    address = make_url(url)
    done = subprocess.run(
        [
            *(binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={_SCRIPT}", f"--time={seconds}"),
            *(f"--client={CLIENTS}", "--jobs=2"),
            *("--host", str(address.host), "--port", str(address.port), "--username", str(address.username)),
            str(address.database),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = re.search(r"transactions actually processed: (\d+)", done.stdout)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not rows or not rate:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return int(rows[1]), float(rate[1])


def _seconds(act: Run) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
