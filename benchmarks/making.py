"""The job that makes an export, in a process of its own, whose peak of memory is its own too."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from uuid import UUID

from benchmarks.figures import Figure, peak_megabytes
from benchmarks.house import House
from dev.places import ROOT

_MAXIMUM_MEGABYTES = 60


@dataclass(frozen=True)
class Made:
    """What making an export took; megabytes above those of the idle process."""

    rows: int
    seconds: float
    megabytes: float
    file_megabytes: float

    def figures(self, what: str) -> list[Figure]:
        """Return what it took as figures."""
        is_met = self.megabytes <= _MAXIMUM_MEGABYTES
        return [
            Figure(f"{what}, MB above idle", f"{self.megabytes:.0f}", f"≤ {_MAXIMUM_MEGABYTES}", is_met),
            Figure("  its seconds / MB of the file", f"{self.seconds:.1f} / {self.file_megabytes:.1f}"),
        ]


def make_apart(export_id: UUID, house: House) -> Made:
    """Make an export that was asked for as a worker does."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.making", str(export_id)],
        env=house.environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    return Made(**json.loads(child.stdout))


def _make(export_id: UUID) -> Made:
    from sqlalchemy import func, select, text  # noqa: PLC0415  (what is idle includes what the application imports)

    from backend.app import create_app  # noqa: PLC0415
    from backend.domain.exports.models import Export, ExportPiece  # noqa: PLC0415
    from backend.extensions import db  # noqa: PLC0415
    from backend.jobs.exports import make_export  # noqa: PLC0415

    with create_app().app_context():
        db.session.execute(text("SELECT 1"))
        idle = peak_megabytes()
        begun = time.perf_counter()
        make_export(str(export_id))
        seconds = time.perf_counter() - begun
        peak = peak_megabytes()
        size = select(func.sum(func.octet_length(ExportPiece.content))).where(ExportPiece.export_id == export_id)
        return Made(
            rows=db.session.get_one(Export, export_id).rows or 0,
            seconds=seconds,
            megabytes=peak - idle,
            file_megabytes=(db.session.scalar(size) or 0) / 1024**2,
        )


if __name__ == "__main__":
    print(json.dumps(asdict(_make(UUID(sys.argv[1])))))
