"""Processes of an earlier run that outlived it: found by the mark in their environment, ended before the next.

The kernel ends the supervisor's children with it (see `dev.privileges`), but not their children.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from dev.places import LOCAL, ROOT

RUN_MARK = "BANGFU_RUN_OF"  # the checkout
PROCESS_MARK = "BANGFU_PROCESS"  # which of its processes
PATIENCE_SECONDS = 8.0


def mark(process: str) -> dict[str, str]:
    """Return the environment by which a process and its descendants are known as ours."""
    return {RUN_MARK: str(ROOT), PROCESS_MARK: process}


def end(process: str | None = None) -> int:
    """End what is left of one process of this checkout, or of all; return how many there were."""
    found = _find(process)
    for number in found:
        _signal(number, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(map(_is_alive, found)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for number in filter(_is_alive, found):
        _signal(number, signal.SIGKILL)
    return len(found)


def _find(process: str | None) -> list[int]:
    wanted = {f"{RUN_MARK}={ROOT}"} | ({f"{PROCESS_MARK}={process}"} if process else set())
    found = [number for number in _numbers() if wanted <= _environment(number)]
    postmaster = _postmaster()
    if postmaster is not None and process in (None, "postgres") and postmaster not in found:
        found.append(postmaster)
    return found


def _numbers() -> list[int]:
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid()
    ]


def _environment(number: int) -> set[str]:
    try:
        content = Path(f"/proc/{number}/environ").read_bytes()
    except OSError:  # gone, or another user's
        return set()
    return set(content.decode(errors="replace").split("\0"))


def _postmaster() -> int | None:
    """PostgreSQL runs as another user than root, whose environment even root may be kept from reading."""
    directory = LOCAL / "postgres"
    try:
        number = int((directory / "postmaster.pid").read_text().split("\n")[0])
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return number if str(directory).encode() in command else None


def _is_alive(number: int) -> bool:
    try:
        status = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")  # a zombie holds no port


def _signal(number: int, which: signal.Signals) -> None:
    try:
        os.kill(number, which)
    except ProcessLookupError:
        return
