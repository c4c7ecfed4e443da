"""The one clock: aware UTC instants, and the local day of Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present local day."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Return the instant in Shanghai's time."""
    return instant.astimezone(SHANGHAI)
