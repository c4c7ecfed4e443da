"""What a dispatch claims in the course of its days: a change of weekdays begins another span."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from backend.domain.dispatch.rules import WeeklyPattern


class Span(NamedTuple):
    """Weekday halves claimed from a day to before another."""

    starts_on: date
    ends_before: date
    pattern: WeeklyPattern


def clipped(spans: list[Span], before: date) -> list[Span]:
    """Return what is left of spans before a day."""
    return [_ending(span, min(span.ends_before, before)) for span in spans if span.starts_on < before]


def with_end_moved(spans: list[Span], old_end: date, new_end: date) -> list[Span]:
    """Return the spans of a dispatch whose last day moves; one that did not reach to the old end stays as it is."""
    day_after = new_end + timedelta(days=1)
    if new_end < old_end:
        return clipped(spans, day_after)
    last = spans[-1]
    return [*spans[:-1], _ending(last, day_after)] if last.ends_before == old_end + timedelta(days=1) else spans


def _ending(span: Span, ends_before: date) -> Span:
    return Span(span.starts_on, ends_before, span.pattern)
