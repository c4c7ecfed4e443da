"""The one clock: aware UTC instants, and the local day of Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_lived: ContextVar[datetime | None] = ContextVar("lived", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _lived.get() or datetime.now(UTC)


def today() -> date:
    """Return the present local day."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Return the instant in Shanghai's time."""
    return instant.astimezone(SHANGHAI)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Let it be an instant within: so the demo's past goes through the same services as any present.

    The audit trail has the database's clock, which this does not reach: it tells when something was really written.
    """
    token = _lived.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _lived.reset(token)
