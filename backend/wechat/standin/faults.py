"""Faults that the stand-in is told to show."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("errcode", "http", "html", "slow", "reset", "accepted_then_timeout", "accepted_then_reset")
ANY_PATH = "*"


@dataclass
class Fault:
    """What happens to the next `times` calls of a path, or to all until cleared."""

    kind: str
    path: str = ANY_PATH
    errcode: int = -1
    status: int = 503
    seconds: float = 30.0
    times: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1")


class Faults:
    """The faults in force, the oldest first. The caller holds the lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, path: str) -> Fault | None:
        """Return the fault for a call of this path, counting it."""
        for fault in self._faults:
            if fault.path in (ANY_PATH, path):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._faults.remove(fault)
                return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]
