"""What a dispatch claims in the course of its days: a change of weekdays begins another span."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from backend.domain.dispatch.rules import DispatchKind, WeeklyPattern, days_between
from backend.domain.imports.rules.findings import Findings
from backend.domain.imports.rules.rows import DispatchRow


class Span(NamedTuple):
    """Weekday halves claimed from a day to before another."""

    starts_on: date
    ends_before: date
    pattern: WeeklyPattern


def spans_of(
    row: DispatchRow,
    before: list[Span],
    ends_on: date,
    *,
    old_end: date,
    not_before: date,
    findings: Findings,
) -> list[Span] | None:
    """Return what a dispatch will claim, None when that cannot be.

    `before`: what it claims until now, to its `old_end`. New weekdays begin with `not_before`, what lies before stays.
    """
    pattern = row.pattern or (None if before else _pattern_unless_told(row, ends_on))
    if pattern is None and not before:
        message = "定期坐诊必须写明星期，如“三、五”或“周三上午、周五下午”。"
        findings.error(row.finding("weekdays_missing", message, "pattern"))
        return None
    if pattern is None or (before and pattern == before[-1].pattern):
        return with_end_moved(before, old_end, ends_on)
    if not_before > ends_on:
        message = "这次派驻已结束并有签到，不能再改星期。请恢复原来的内容。"
        findings.error(row.finding("served_already", message, "pattern"))
        return None
    first_week = days_between(not_before, min(ends_on, not_before + timedelta(days=6)))
    if not any(pattern.shifts_on(day) for day in first_week):
        message = "派驻期间没有所写的星期，请核对日期和星期。"
        findings.error(row.finding("no_duty_day", message, "pattern"))
        return None
    return [*clipped(before, not_before), Span(not_before, ends_on + timedelta(days=1), pattern)]


def _pattern_unless_told(row: DispatchRow, ends_on: date) -> WeeklyPattern | None:
    if row.kind is DispatchKind.POSTED:
        return WeeklyPattern.every_day()
    return WeeklyPattern.of([row.starts_on.isoweekday()]) if row.starts_on == ends_on else None


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
