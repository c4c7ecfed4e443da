"""Doing many things at the same time, as people do: each in a thread, with a connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from backend.foundation.errors import BangfuError

T = TypeVar("T")


def at_once(app: Flask, acts: Sequence[Callable[[], T]], *, threads: int = 6) -> list[T | str]:
    """Do all of it at the same time; return what came of each, or the code of its refusal."""

    def one(act: Callable[[], T]) -> T | str:
        with app.app_context():
            try:
                return act()
            except BangfuError as error:
                return error.code

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, acts))


def counted(outcomes: Iterable[object]) -> Counter[str]:
    """Count outcomes by the code of the refusal, or as "done"."""
    return Counter(one if isinstance(one, str) else "done" for one in outcomes)
