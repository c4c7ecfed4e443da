"""What is due, from the terms of a rule and the inputs that a line keeps: whole fen, days in halves, no rounding.

`drafting.py` says the same in SQL for thousands at once; `tests/subsidies/test_history.py` holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from backend.domain.attendance.rules.timesheets import days_text
from backend.domain.subsidies.rules.programmes import ItemKind
from backend.domain.subsidies.rules.terms import RuleTerms
from backend.foundation.money import yuan


class Withheld(StrEnum):
    """Why a line pays nothing."""

    NO_DAYS = "no_days"
    TOO_FEW_DAYS = "too_few_days"
    WEEKS_NOT_KEPT = "weeks_not_kept"
    NO_RECEIPTS = "no_receipts"
    EVALUATION_MISSING = "evaluation_missing"
    ALREADY_PAID = "already_paid"  # the same time, in another claim
    EXCLUDED = "excluded"  # by another item of the same claim


WITHHELD_LABELS: Mapping[Withheld, str] = {
    Withheld.NO_DAYS: "本月没有实际出勤",
    Withheld.TOO_FEW_DAYS: "出勤天数不足",
    Withheld.WEEKS_NOT_KEPT: "有的周没有达到每周天数",
    Withheld.NO_RECEIPTS: "没有待报的票据",
    Withheld.EVALUATION_MISSING: "派驻鉴定合格后补发",
    Withheld.ALREADY_PAID: "同一时间已在另一申领中发放",
    Withheld.EXCLUDED: "与另一项目不能同时享受",
}


@dataclass(frozen=True)
class Due:
    """A sum in fen, and why there is none; never both."""

    amount_fen: int
    withheld: Withheld | None = None


Inputs = Mapping[str, Any]
"""What a line keeps. `served`: half days. `weeks`: of each its `from`, `working` days, `leave` and `served` halves.

`evaluated`, where the rule asks for it. `receipts`: of each `id`, `number`, `spent_on`, `amount_fen`; `window`: the
first day of the interval, and the day after it. `already_paid`: true where another claim pays for the time;
`excluded_by`: the name of the item that excludes this one.
"""


def amount_due(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> Due:
    """Return what is due; a condition that is not met withholds all of it."""
    withheld = _why_not(kind, terms, inputs)
    if withheld is not None:
        return Due(0, withheld)
    return Due(_capped(_before_cap(kind, terms, inputs), terms.cap_fen))


def halves_needed(days_a_week: int, working_days: int, leave_halves: int) -> int:
    """Return the half days to be served in a week: n fifths of its working days less leave, in whole days, up."""
    halves = max(0, 2 * working_days - leave_halves)
    return 2 * -(-days_a_week * halves // 10)


def window_of(first_month: date, interval_months: int, month: date) -> tuple[date, date]:
    """Return the interval that a month lies in, counted from the first month: its first day, and the day after it."""
    passed = (month.year - first_month.year) * 12 + month.month - first_month.month
    begins = first_month.year * 12 + first_month.month - 1 + passed // interval_months * interval_months
    ends = begins + interval_months
    return date(begins // 12, begins % 12 + 1, 1), date(ends // 12, ends % 12 + 1, 1)


def withheld_text(inputs: Inputs, withheld: str) -> str:
    """Return in Chinese why a line pays nothing."""
    label = WITHHELD_LABELS[Withheld(withheld)]
    excluded_by = inputs.get("excluded_by")
    return f"已按“{excluded_by}”发放，不能同时享受" if withheld == Withheld.EXCLUDED and excluded_by else label


def arithmetic(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> str:
    """Return how the sum came about, as a sentence: 21.5 天 × 10.00 元 = 215.00 元."""
    due = amount_due(kind, terms, inputs)
    if due.withheld is not None:
        return f"{withheld_text(inputs, due.withheld)}：0.00 元"
    before = _before_cap(kind, terms, inputs)
    capped = f"，封顶 {yuan(due.amount_fen)} 元" if due.amount_fen < before else ""
    return f"{_reckoning(kind, terms, inputs)}{capped}"


def reversal_arithmetic(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> str:
    """Return what a reversal takes back, as a sentence."""
    return f"冲回：{arithmetic(kind, terms, inputs)}"


def steps_of(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> list[tuple[str, str]]:
    """Return the arithmetic step by step, each with its label, for who asks why."""
    steps: list[tuple[str, str]] = []
    if kind is not ItemKind.RETURN_FARE:
        steps.append(("实际出勤", f"{days_text(inputs['served'])} 天"))
    if terms.minimum_days is not None:
        steps.append(("至少出勤", f"{terms.minimum_days} 天"))
    steps += [_week_step(terms.days_a_week, week) for week in inputs.get("weeks", ()) if terms.days_a_week]
    if terms.needs_evaluation:
        steps.append(("派驻鉴定", "合格" if inputs.get("evaluated") else "未完成"))
    steps += [(f"票据 {one['number']}", f"{yuan(one['amount_fen'])} 元") for one in inputs.get("receipts", ())]
    due = amount_due(kind, terms, inputs)
    if due.withheld is None:
        steps.append(("计算", _reckoning(kind, terms, inputs)))
        if terms.cap_fen is not None:
            steps.append(("封顶", f"{yuan(terms.cap_fen)} 元"))
    else:
        steps.append(("不发放原因", withheld_text(inputs, due.withheld)))
    return [*steps, ("应发", f"{yuan(due.amount_fen)} 元")]


def _why_not(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> Withheld | None:
    if kind is ItemKind.RETURN_FARE:
        unmet = None if inputs.get("receipts") else Withheld.NO_RECEIPTS
    else:
        unmet = _days_not_met(terms, inputs)
    if unmet is not None:
        return unmet
    if terms.needs_evaluation and not inputs.get("evaluated"):
        return Withheld.EVALUATION_MISSING
    if inputs.get("already_paid"):
        return Withheld.ALREADY_PAID
    return Withheld.EXCLUDED if inputs.get("excluded_by") else None


def _days_not_met(terms: RuleTerms, inputs: Inputs) -> Withheld | None:
    served = inputs["served"]
    if served == 0:
        return Withheld.NO_DAYS
    if terms.minimum_days is not None and served < 2 * terms.minimum_days:
        return Withheld.TOO_FEW_DAYS
    weeks: Sequence[Mapping[str, Any]] = inputs.get("weeks", ())
    if terms.days_a_week is not None and not all(_is_kept(terms.days_a_week, week) for week in weeks):
        return Withheld.WEEKS_NOT_KEPT
    return None


def _is_kept(days_a_week: int, week: Mapping[str, Any]) -> bool:
    return bool(week["served"] >= halves_needed(days_a_week, week["working"], week["leave"]))


def _before_cap(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> int:
    if kind is ItemKind.RETURN_FARE:
        return sum(one["amount_fen"] for one in inputs["receipts"])
    assert terms.amount_fen is not None  # noqa: S101  (a rule of days or months names its sum)
    if kind is ItemKind.PER_MONTH:
        return terms.amount_fen
    return _paid_halves(terms, inputs) * terms.amount_fen // 2


def _paid_halves(terms: RuleTerms, inputs: Inputs) -> int:
    served: int = inputs["served"]
    return served if terms.cap_days is None else min(served, 2 * terms.cap_days)


def _capped(amount_fen: int, cap_fen: int | None) -> int:
    return amount_fen if cap_fen is None else min(amount_fen, cap_fen)


def _reckoning(kind: ItemKind, terms: RuleTerms, inputs: Inputs) -> str:
    total = yuan(_before_cap(kind, terms, inputs))
    if kind is ItemKind.RETURN_FARE:
        sums = [yuan(one["amount_fen"]) for one in inputs["receipts"]]
        return f"票据 {' + '.join(sums)} = {total} 元" if len(sums) > 1 else f"票据 {total} 元"
    if kind is ItemKind.PER_MONTH:
        return f"1 个月 × {total} 元 = {total} 元"
    paid = _paid_halves(terms, inputs)
    limited = (
        f"（实到 {days_text(inputs['served'])} 天，最多计 {terms.cap_days} 天）" if paid < inputs["served"] else ""
    )
    return f"{days_text(paid)} 天{limited} × {yuan(terms.amount_fen or 0)} 元 = {total} 元"


def _week_step(days_a_week: int, week: Mapping[str, Any]) -> tuple[str, str]:
    needed = halves_needed(days_a_week, week["working"], week["leave"])
    return f"{week['from']} 起的一周", f"应到 {days_text(needed)} 天，实到 {days_text(week['served'])} 天"
