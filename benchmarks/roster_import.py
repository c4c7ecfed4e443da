"""How long a roster of 20,000 people and 40,000 dispatches takes, and how much memory above idle.

`run` measures in a process of its own, against the migrated, empty database that the environment names.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.large_roster import write_large_roster

PEOPLE = 20_000
DISPATCHES = 40_000
MAXIMUM_SECONDS = 60
MAXIMUM_MEGABYTES = 400


def run(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Print a line for the first import, a line for the same file again, and return what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.xlsx"
        write_large_roster(file, people=PEOPLE, dispatches=DISPATCHES)
        first, again = (_measure_apart(file, {**os.environ, **(environment or {})}) for _ in range(2))
    for name, measured in (("new", first), ("unchanged", again)):
        print(
            f"roster import, {PEOPLE} people, {DISPATCHES} dispatches, {name}: "
            f"{measured['seconds']:.1f} s of {MAXIMUM_SECONDS}, "
            f"{measured['megabytes']:.0f} MB above idle of {MAXIMUM_MEGABYTES}; load {os.getloadavg()[0]:.1f}"
        )
    assert first["dispatches"] == {"created": DISPATCHES, "changed": 0, "unchanged": 0}, first
    assert again["dispatches"] == {"created": 0, "changed": 0, "unchanged": DISPATCHES}, again
    return {"new": first, "unchanged": again}


def _measure_apart(file: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.roster_import", str(file)],
        env=dict(environment),
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
        idle = _peak_megabytes()
        started = time.perf_counter()
        report = apply_roster(SYSTEM, file.read_bytes())
        seconds = time.perf_counter() - started
        assert not report.refused, report.findings.errors[:3]
        return {
            "seconds": seconds,
            "megabytes": _peak_megabytes() - idle,
            "dispatches": report.as_json()["counts"]["dispatches"],
        }


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    json.dump(_measure(Path(sys.argv[1])), sys.stdout)
