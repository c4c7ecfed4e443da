"""A killed supervisor leaves nothing that is in the way of the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.privileges import tied

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that says when it is up."""
    with subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def end_leftovers(copy: Path) -> int:
    """Run what the next start runs first; return how many it ended."""
    code = "from dev import leftovers; leftovers.PATIENCE_SECONDS = 0.5; print(leftovers.end())"
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_the_next_start_ends_what_the_last_one_left(copy: Path) -> None:
    with running(SLEEPER, BANGFU_RUN_OF=str(copy)) as left:
        assert end_leftovers(copy) == 1

        assert left.wait(timeout=10) == -signal.SIGTERM


def test_what_does_not_listen_is_killed(copy: Path) -> None:
    with running(STUBBORN, BANGFU_RUN_OF=str(copy)) as left:
        assert end_leftovers(copy) == 1

        assert left.wait(timeout=10) == -signal.SIGKILL


def test_the_processes_of_another_checkout_are_left_alone(copy: Path) -> None:
    with running(SLEEPER, BANGFU_RUN_OF=f"{copy}-of-a-colleague") as theirs:
        assert end_leftovers(copy) == 0

        assert theirs.poll() is None


def test_a_tied_process_ends_with_a_parent_that_was_killed() -> None:
    parent_code = (
        "import subprocess, sys, time; "
        f"child = subprocess.Popen({tied(SLEEPER)!r}, stdout=subprocess.PIPE); "
        "child.stdout.readline(); print(child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())

        parent.kill()
        parent.wait()

        while is_running(child):
            time.sleep(0.01)


def is_running(number: int) -> bool:
    """Tell whether a process is there and no zombie: nobody may be there to bury it."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
