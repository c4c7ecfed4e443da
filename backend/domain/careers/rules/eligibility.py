"""Whether somebody may apply for a title: what each rule that holds asks, what was served, what is missing by when.

Every rule that holds at the hospital or above it must be met, so that a local rule only adds to the law's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.careers.rules.service_days import (
    EXCLUDED_LABELS,
    Conditions,
    Excluded,
    Segment,
    Standing,
    Stay,
    count_service,
    hopeful,
)


@dataclass(frozen=True)
class Demand:
    """What one rule asks before a title."""

    title: str
    name: str
    set_by: str  # the organisation whose rule it is
    document: str
    required_days: int
    conditions: Conditions
    refusal_blocks_months: int | None = None


@dataclass(frozen=True)
class Missing:
    """What still stands in the way, and the day by which it can be met at the earliest; None where nobody can tell."""

    code: str
    text: str
    by: date | None = None


@dataclass(frozen=True)
class Finding:
    """What somebody's service comes to under one rule."""

    demand: Demand
    segments: tuple[Segment, ...]
    blocked_until: date | None = None  # after a refusal to go

    @property
    def counted(self) -> int:
        """Return the halves that count."""
        return sum(segment.counted for segment in self.segments)

    @property
    def short(self) -> int:
        """Return the halves that are still needed."""
        return max(0, 2 * self.demand.required_days - self.counted)

    @property
    def is_met(self) -> bool:
        return self.short == 0 and self.blocked_until is None


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may apply for a title on a day, by every rule that holds for them."""

    title: str
    on: date
    findings: tuple[Finding, ...]

    @property
    def is_eligible(self) -> bool:
        return all(finding.is_met for finding in self.findings)

    @property
    def tightest(self) -> Finding:
        """Return the rule under which most is missing: its figures stand for the title in a list."""
        return max(self.findings, key=lambda found: (not found.is_met, found.short, found.demand.required_days))


def judge_title(
    title: str, demands: Iterable[Demand], stays: Sequence[Stay], refusals: Iterable[date], on: date
) -> Verdict:
    """Judge a title on a day by all rules that hold; there is at least one."""
    refused = [day for day in refusals if day <= on]
    return Verdict(title, on, tuple(_judge(demand, stays, refused, on) for demand in demands))


def _judge(demand: Demand, stays: Sequence[Stay], refused: Sequence[date], on: date) -> Finding:
    segments = tuple(count_service(demand.conditions, stays, on))
    until = max((months_later(day, demand.refusal_blocks_months or 0) for day in refused), default=on)
    return Finding(demand, segments, until if until > on else None)


def earliest_day(demand: Demand, stays: Sequence[Stay], on: date) -> date | None:
    """Return the first day, from a day on, by which the days asked for can be served under what is planned now.

    It is the best case: `hopeful` says what is taken for granted. None if what is planned is not enough.
    """
    planned = [hopeful(stay, on) for stay in stays]
    last = max((stay.ends_on for stay in planned), default=on)
    days = range((max(last, on) - on).days + 1)

    def is_enough(later: int) -> bool:
        segments = count_service(demand.conditions, planned, on + timedelta(days=later))
        return sum(segment.counted for segment in segments) >= 2 * demand.required_days

    found = bisect_left(days, True, key=is_enough)
    return on + timedelta(days=found) if found < len(days) else None


def what_is_missing(verdict: Verdict, stays: Sequence[Stay]) -> list[Missing]:
    """Return what stands in the way of a title, each thing once; nothing where nothing does."""
    missing: dict[str, Missing] = {}
    for finding in verdict.findings:
        if not finding.is_met:
            for item in (*_days_missing(finding, stays, verdict.on), *_papers_missing(finding)):
                missing.setdefault(item.text, item)
    return list(missing.values())


def earliest_for(verdict: Verdict, missing: Iterable[Missing]) -> date | None:
    """Return the first day on which all that can be foretold is met; None if it is met, or nobody can tell."""
    days = [item.by for item in missing if item.code in (DAYS, REFUSAL)]
    return None if not days or None in days else max(day for day in days if day is not None)


DAYS, REFUSAL, TIMESHEETS, EVALUATION, PAPER = "days", "refusal", "timesheets", "evaluation", "paper"
MISSING_LABELS = {
    DAYS: "天数不足",
    TIMESHEETS: "考勤表未会签",
    EVALUATION: "缺鉴定",
    PAPER: "缺证明材料",
    REFUSAL: "拒绝派驻期内",
}


def codes_missing(verdict: Verdict) -> set[str]:
    """Return the kinds of what is missing, without looking ahead: what a list is filtered by."""
    unmet = [finding for finding in verdict.findings if not finding.is_met]
    codes = {item.code for finding in unmet for item in _papers_missing(finding)}
    return (
        codes
        | {DAYS for finding in unmet if finding.short}
        | {REFUSAL for finding in unmet if finding.blocked_until is not None}
    )


def _days_missing(finding: Finding, stays: Sequence[Stay], on: date) -> Iterable[Missing]:
    demand = finding.demand
    if finding.short:
        by = earliest_day(demand, stays, on)
        advice = "" if by else "，现有派驻安排不够，须另行派驻"
        yield Missing(DAYS, f"{demand.name}：还差{days_text(finding.short)}天{advice}", by)
    if finding.blocked_until is not None:
        months = demand.refusal_blocks_months
        yield Missing(REFUSAL, f"{demand.name}：拒绝派驻后{months}个月内不得申报", finding.blocked_until)


def _papers_missing(finding: Finding) -> Iterable[Missing]:
    if not finding.short:
        return
    for segment in finding.segments:
        where = f"{segment.stay.place}（{segment.stay.starts_on}至{segment.stay.ends_on}）"
        if Excluded.UNSIGNED in segment.excluded:
            days = days_text(segment.excluded[Excluded.UNSIGNED])
            yield Missing(TIMESHEETS, f"{where}：{days}天的考勤表未会签")
        if Excluded.NO_EVALUATION in segment.excluded:
            yield Missing(EVALUATION, f"{where}：{_why_not_evaluated(segment.stay)}，该段不计入")
        if Excluded.NO_PAPER in segment.excluded:
            yield Missing(PAPER, f"{where}：缺证明材料，该段不计入")


def _why_not_evaluated(stay: Stay) -> str:
    if stay.is_earlier:
        return "材料未载明鉴定合格"
    return "鉴定未达到合格" if stay.evaluation is Standing.FAILED else "鉴定未完成"


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def arithmetic_of(segment: Segment) -> str:
    """Return how the days of a stay come about: 184天 − 暂停派驻10天 − 请假3天 = 171天."""
    less = "".join(f" − {EXCLUDED_LABELS[reason]}{days_text(halves)}天" for reason, halves in segment.excluded.items())
    return f"{segment.days}天{less} = {days_text(segment.counted)}天"


def total_of(finding: Finding) -> str:
    """Return how the stays add up, and what that means: 171天 + 200天 = 371天 ≥ 365天，符合."""
    parts = [f"{days_text(segment.counted)}天" for segment in finding.segments if segment.counted]
    total = f"{days_text(finding.counted)}天"
    required = finding.demand.required_days
    sums = f"{' + '.join(parts)} = {total}" if len(parts) > 1 else total
    if finding.short:
        return f"{sums} ＜ {required}天，还差{days_text(finding.short)}天"
    return f"{sums} ≥ {required}天，天数符合"
