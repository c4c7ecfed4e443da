"""The ceiling: pgbench running the bare INSERT into check_ins, on the same table, rows and durability."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import make_url

from dev.postgres import binary

_SCRIPT = Path(__file__).with_name("bare_insert.sql")


def insert_for(
    seconds: int, *, clients: int, url: str, doctors: int, site_id: UUID, first_day: date
) -> tuple[int, float]:
    """Insert for so long, prepared; return the rows written and how many a second."""
    address = make_url(url)
    values = {"i": "0", "doctors": str(doctors), "site": str(site_id), "first_day": str(first_day)}
    done = subprocess.run(
        [
            *(binary("pgbench"), "--no-vacuum", "--protocol=prepared", f"--file={_SCRIPT}", f"--time={seconds}"),
            *(f"--client={clients}", "--jobs=2", *(f"--define={name}={value}" for name, value in values.items())),
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
