"""When a record was handed in so long after the day that it is marked for good."""

from __future__ import annotations

from datetime import date


def is_late(occurred_on: date, submitted_on: date, late_after_days: int) -> bool:
    """Tell whether a record is handed in more than this many days after what it tells of."""
    return (submitted_on - occurred_on).days > late_after_days
