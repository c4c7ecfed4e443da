"""How long a large old ledger takes to import, and how much memory above idle, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, peak_megabytes, verify
from benchmarks.house import House
from benchmarks.large_ledger import write_large_ledger
from benchmarks.large_roster import write_large_roster
from dev.places import ROOT

ROWS = 100_000
PEOPLE = 2_000
MAXIMUM_SECONDS = 60
MAXIMUM_MEGABYTES = 400


def run(house: House) -> list[Figure]:
    """Import a ledger of people of a roster, then the same file again.

    Raises:
        Broken: not every row became a record, or one did the second time.
    """
    roster, file = house.folder / "roster.xlsx", house.folder / "ledger.xlsx"
    write_large_roster(roster, people=PEOPLE, dispatches=2 * PEOPLE)
    write_large_ledger(file, rows=ROWS, people=PEOPLE)
    _apart("roster", roster, house.environment)
    first, again = (_apart("ledger", file, house.environment) for _ in range(2))
    for measured, counted in ((first, "created"), (again, "unchanged")):
        verify(expected=ROWS, found=measured["counts"]["activities"][counted], of=f"records {counted}")
    return [
        Figure(f"ledger of {ROWS:,} rows, {PEOPLE:,} people"),
        *_figures("new", first),
        *_figures("the same again", again),
    ]


def _figures(name: str, measured: Mapping[str, Any]) -> list[Figure]:
    seconds, megabytes = measured["seconds"], measured["megabytes"]
    return [
        Figure(f"  {name}, seconds", f"{seconds:.1f}", f"≤ {MAXIMUM_SECONDS}", seconds <= MAXIMUM_SECONDS),
        Figure(
            f"  {name}, MB above idle", f"{megabytes:.0f}", f"≤ {MAXIMUM_MEGABYTES}", megabytes <= MAXIMUM_MEGABYTES
        ),
    ]


def _apart(kind: str, file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger", kind, str(file)],
        env=dict(environment),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    measured: dict[str, Any] = json.loads(child.stdout)
    return measured


def _measure(kind: str, file: Path) -> dict[str, Any]:
    from sqlalchemy import text  # noqa: PLC0415  (what is idle includes what the application imports)

    from backend.app import create_app  # noqa: PLC0415
    from backend.domain.imports.rules.kinds import ImportKind  # noqa: PLC0415
    from backend.domain.imports.service import IMPORTERS, File  # noqa: PLC0415
    from backend.extensions import db  # noqa: PLC0415
    from backend.foundation.actor import SYSTEM  # noqa: PLC0415

    with create_app().app_context():
        db.session.execute(text("SELECT 1"))
        idle = peak_megabytes()
        started = time.perf_counter()
        report = IMPORTERS[ImportKind(kind)].apply(File(SYSTEM, file.read_bytes(), file.name), lambda done, total: None)
        seconds = time.perf_counter() - started
        assert not report.refused, report.findings.errors[:3]
        return {
            "seconds": seconds,
            "megabytes": peak_megabytes() - idle,
            "counts": report.counts_as_json(),
        }


if __name__ == "__main__":
    json.dump(_measure(sys.argv[1], Path(sys.argv[2])), sys.stdout)
