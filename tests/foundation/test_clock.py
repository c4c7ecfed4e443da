"""The one clock, and who may turn it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.foundation import clock
from backend.foundation.clock import SHANGHAI
from dev.places import ROOT

LAST_YEAR = datetime(2025, 3, 1, 0, 30, tzinfo=SHANGHAI)


def test_within_an_instant_it_is_that_instant_and_afterwards_the_present_again() -> None:
    with clock.as_of(LAST_YEAR):
        assert clock.now() == LAST_YEAR
        assert clock.now().tzinfo is UTC
        assert clock.today() == LAST_YEAR.date()

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_error_within_does_not_leave_the_clock_turned_back() -> None:
    with pytest.raises(ValueError, match="wrong"), clock.as_of(LAST_YEAR):
        raise ValueError("wrong")

    assert clock.now() > LAST_YEAR + timedelta(days=1)


def test_nobody_but_the_demo_turns_it_back() -> None:
    sources = (ROOT / "backend").rglob("*.py")
    users = {path.parent.name for path in sources if "as_of(" in path.read_text(encoding="utf-8")}

    assert users == {"foundation", "demo"}
