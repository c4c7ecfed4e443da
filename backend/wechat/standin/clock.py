"""The stand-in's clock: real time, moved forward on demand, so that five minutes need not be waited for."""

from __future__ import annotations

import time
from datetime import date, datetime

from backend.foundation.clock import SHANGHAI


class MovableClock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def today(self) -> date:
        """Return the day in China, by which WeChat's daily quotas run."""
        return datetime.fromtimestamp(self.now(), SHANGHAI).date()

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
