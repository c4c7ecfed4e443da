"""How long a large roster takes to import, and how much memory above idle, in a process of its own."""

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
from benchmarks.large_roster import write_large_roster
from dev.places import ROOT

PEOPLE = 20_000
DISPATCHES = 40_000
MAXIMUM_SECONDS = 60
MAXIMUM_MEGABYTES = 400


def run(house: House) -> list[Figure]:
    """Import into the empty database, then the same file again.

    Raises:
        Broken: not every dispatch was created, or one was changed by the second time.
    """
    file = house.folder / "roster.xlsx"
    write_large_roster(file, people=PEOPLE, dispatches=DISPATCHES)
    first, again = (_measure_apart(file, house.environment) for _ in range(2))
    for measured, counted in ((first, "created"), (again, "unchanged")):
        verify(expected=DISPATCHES, found=measured["dispatches"][counted], of=f"dispatches {counted}")
    return [
        Figure(f"roster of {PEOPLE:,} people, {DISPATCHES:,} dispatches"),
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


def _measure_apart(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.roster_import", str(file)],
        env=dict(environment),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    measured: dict[str, Any] = json.loads(child.stdout)
    return measured


def _measure(file: Path) -> dict[str, Any]:
    from sqlalchemy import text  # noqa: PLC0415  (what is idle includes what the application imports)

    from backend.app import create_app  # noqa: PLC0415
    from backend.domain.imports.service import apply_roster  # noqa: PLC0415
    from backend.extensions import db  # noqa: PLC0415
    from backend.foundation.actor import SYSTEM  # noqa: PLC0415

    with create_app().app_context():
        db.session.execute(text("SELECT 1"))
        idle = peak_megabytes()
        started = time.perf_counter()
        report = apply_roster(SYSTEM, file.read_bytes())
        seconds = time.perf_counter() - started
        assert not report.refused, report.findings.errors[:3]
        return {
            "seconds": seconds,
            "megabytes": peak_megabytes() - idle,
            "dispatches": report.as_json()["counts"]["dispatches"],
        }


if __name__ == "__main__":
    json.dump(_measure(Path(sys.argv[1])), sys.stdout)
