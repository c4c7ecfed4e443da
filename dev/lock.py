"""At most one run, and at most one set-up, of a checkout at a time; the kernel frees a lock with its process."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from dev.places import LOCAL
from dev.refusal import Refusal

PATIENCE_SECONDS = 15.0


@contextmanager
def only_run() -> Iterator[None]:
    """Hold the run's lock; a run that is just stopping is waited for.

    Raises:
        Refusal: this checkout runs already.
    """
    with _open("run.lock") as lock:
        deadline = time.monotonic() + PATIENCE_SECONDS
        waiting = False
        while not _try(lock):
            if time.monotonic() > deadline:
                raise Refusal("Bangfu runs already from this folder: stop that run first (Ctrl-C in its terminal).")
            if not waiting:
                print("Another run of this folder is there; waiting for it to stop …", flush=True)
                waiting = True
            time.sleep(0.2)
        yield


@contextmanager
def only_setup() -> Iterator[None]:
    """Hold the set-up's lock, waiting for another set-up to end."""
    with _open("setup.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _open(name: str) -> IO[str]:
    LOCAL.mkdir(exist_ok=True)
    return (LOCAL / name).open("a")


def _try(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
