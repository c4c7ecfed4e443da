"""A measured figure beside its target, and the table that is printed of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """What was measured, in words, with what was aimed at; `met` is None where nothing was."""

    what: str
    reached: str = ""
    target: str = ""
    met: bool | None = None


class Broken(Exception):
    """What was measured did not do its work right, so that its speed means nothing."""


def verify(*, expected: int, found: int, of: str) -> None:
    """Compare two counts after a run.

    Raises:
        Broken: they differ.
    """
    if expected != found:
        raise Broken(f"{of}: {expected} expected, {found} found")


def print_table(figures: Iterable[Figure]) -> None:
    """Print figures as aligned columns."""
    rows = [("what", "reached", "target", "")] + [
        (figure.what, figure.reached, figure.target, {True: "met", False: "short", None: ""}[figure.met])
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def peak_megabytes() -> float:
    """Return the most memory that this process has held since it began to run its program.

    From /proc: what getrusage calls the peak begins with that of the process which started this one.
    """
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
