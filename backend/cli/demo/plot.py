"""What is to happen in the demo's story, each at its instant."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime

from backend.cli.demo.cast import Cast
from backend.cli.demo.days import Press, Whim
from backend.domain.dispatch.rules import Shift
from backend.foundation import clock


class Plot:
    """Events in the order of their instants; one may bring about others. Beside them what becomes of single taps."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now = clock.now()
        self._taps: dict[Press, Whim] = {}
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = itertools.count()

    def at(self, when: datetime, event: Callable[[], object]) -> None:
        """Let something happen at an instant."""
        heapq.heappush(self._events, (when, next(self._numbers), event))

    def tap(self, number: int, day: date, shift: Shift, whim: Whim) -> None:
        """Let a doctor's arrival for a shift become something else than an honest tap inside."""
        self._taps[Press(self.cast.dispatch(number).person.staff_number, day, shift)] = whim

    def whim_of(self, press: Press) -> Whim:
        """Return what becomes of a press of the button before today."""
        return self._taps.get(press, Whim.INSIDE)

    def happen(self) -> None:
        """Let everything happen; early in a month, what would come later happens now."""
        while self._events:
            when, _, event = heapq.heappop(self._events)
            with clock.as_of(min(when, self.now)):
                event()
