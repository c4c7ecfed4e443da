"""The processes' words on one terminal: whole lines, each with the name of who said it."""

from __future__ import annotations

import sys
from typing import TypedDict

WIDTH = 10


class Piece(TypedDict):
    """What circus hands over: some bytes that a process wrote."""

    data: bytes
    pid: int
    name: str


class Prefixed:
    """Collects pieces until they make lines."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rest: dict[tuple[int, str], bytes] = {}

    def __call__(self, piece: Piece) -> None:
        key = (piece["pid"], piece["name"])
        *lines, rest = (self._rest.pop(key, b"") + piece["data"]).split(b"\n")
        if rest:
            self._rest[key] = rest
        for line in lines:
            say(self._name, line.decode(errors="replace").rstrip())

    def close(self) -> None:
        for rest in self._rest.values():
            say(self._name, rest.decode(errors="replace"))
        self._rest.clear()


def say(name: str, text: str) -> None:
    """Print one line; a closed terminal is no reason to stop."""
    try:
        print(f"{name:<{WIDTH}}| {text}", file=sys.stdout, flush=True)
    except (BrokenPipeError, OSError):
        return
