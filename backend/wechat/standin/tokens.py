"""Access tokens as `stable_token` gives them out."""

from __future__ import annotations

import secrets
from datetime import date

from backend.wechat.standin.clock import MovableClock
from backend.wechat.standin.refusal import Refusal

LIFE = 7200
OVERLAP = 300  # seconds before the end at which a new one is given out; the old one works until then
FORCED_A_DAY = 20
BETWEEN_FORCED = 30  # seconds within which forcing again changes nothing


class Tokens:
    """The tokens of one app. The caller holds the lock."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._current = ""
        self._forced_at = float("-inf")
        self._forced: tuple[date, int] = (clock.today(), 0)

    def give(self, *, force: bool) -> tuple[str, int]:
        """Return the current token and its remaining seconds.

        Raises:
            Refusal: 45009, more than twenty forced refreshes today.
        """
        now = self._clock.now()
        if force and now - self._forced_at >= BETWEEN_FORCED:
            self._count_forced()
            self._ends.pop(self._current, None)
            self._forced_at = now
            self._renew()
        elif self._ends.get(self._current, 0) - now <= OVERLAP:
            self._renew()
        return self._current, int(self._ends[self._current] - now)

    def check(self, token: str) -> None:
        """Let a valid token pass.

        Raises:
            Refusal: 41001 none, 40001 unknown or replaced by force, 42001 expired.
        """
        if not token:
            raise Refusal(41001)
        if token not in self._ends:
            raise Refusal(40001)
        if self._ends[token] <= self._clock.now():
            raise Refusal(42001)

    def _renew(self) -> None:
        self._current = secrets.token_urlsafe(96)
        self._ends[self._current] = self._clock.now() + LIFE

    def _count_forced(self) -> None:
        today = self._clock.today()
        used = self._forced[1] if self._forced[0] == today else 0
        if used >= FORCED_A_DAY:
            raise Refusal(45009)
        self._forced = (today, used + 1)
