"""The terms of a rule: which of them fit which kind of item, what they say in words, and which months they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.subsidies.rules.programmes import ItemKind
from backend.foundation.money import yuan

_SINGLE_SUM_FEN = 100_000_000  # a million yuan for one person and month is a slip of the pen
_FOREIGN: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.PER_DAY: ("interval_months",),
    ItemKind.PER_MONTH: ("interval_months", "cap_fen", "cap_days"),
    ItemKind.RETURN_FARE: ("amount_fen", "cap_days", "minimum_days", "days_a_week", "needs_evaluation"),
}


@dataclass(frozen=True, kw_only=True)
class RuleTerms:
    """What a version of a rule pays and under which conditions; as the columns of `subsidy_rules`."""

    amount_fen: int | None = None
    interval_months: int | None = None
    cap_fen: int | None = None
    cap_days: int | None = None
    minimum_days: int | None = None
    days_a_week: int | None = None
    needs_evaluation: bool = False


def why_not_terms(kind: ItemKind, terms: RuleTerms) -> tuple[str, str] | None:
    """Say which field is wrong for this kind of item, and why in Chinese; None when the terms hold together."""
    for field in _FOREIGN[kind]:
        if getattr(terms, field):
            return field, "这种名目没有这一项，请留空。"
    if kind is ItemKind.RETURN_FARE:
        if terms.interval_months is None or not 1 <= terms.interval_months <= 12:
            return "interval_months", "请填写每几个月报销一次，1到12个月。"
    else:
        wrong = _why_not_amount(kind, terms.amount_fen)
        if wrong is not None:
            return "amount_fen", wrong
    return _why_not_limits(terms)


def _why_not_amount(kind: ItemKind, amount_fen: int | None) -> str | None:
    if amount_fen is None or amount_fen <= 0:
        return "请填写大于0的金额。"
    if amount_fen > _SINGLE_SUM_FEN:
        return "金额过大，请核对。"
    if kind is ItemKind.PER_DAY and amount_fen % 2:
        return "每天的金额要能平分成两个半天，请填写双数的分，例如 10.00 或 10.02。"
    return None


def _why_not_limits(terms: RuleTerms) -> tuple[str, str] | None:
    if terms.cap_fen is not None and not 0 < terms.cap_fen <= _SINGLE_SUM_FEN:
        return "cap_fen", "请填写大于0的金额。"
    for field in ("cap_days", "minimum_days"):
        days = getattr(terms, field)
        if days is not None and not 1 <= days <= 31:
            return field, "请填写1到31之间的天数。"
    if terms.cap_days is not None and terms.minimum_days is not None and terms.cap_days < terms.minimum_days:
        return "cap_days", "最多计发的天数不能少于最少到岗的天数。"
    if terms.days_a_week is not None and not 1 <= terms.days_a_week <= 7:
        return "days_a_week", "请填写1到7之间的天数。"
    return None


def why_not_months(start: date, until: date | None) -> tuple[str, str] | None:
    """Say which field is wrong and why when these are no whole months; None when they are."""
    if start.day != 1:
        return "starts_on", "规则按整月生效，请选择月份。"
    if until is not None and (until.day != 1 or until <= start):
        return "until", "结束月份不能早于起始月份。"
    return None


def why_not_document(title: str, number: str) -> tuple[str, str] | None:
    """Say what is missing of the document: no document, no sum."""
    if not title.strip():
        return "document_title", "补贴规则须有依据，请填写依据文件。"
    return None if number.strip() else ("document_number", "补贴规则须有依据，请填写文号。")


def sum_text(kind: ItemKind, terms: RuleTerms) -> str:
    """Return what is paid: 每天 10.00 元."""
    if kind is ItemKind.RETURN_FARE:
        months = terms.interval_months or 1
        return f"每 {months} 个月报销一次往返路费" if months > 1 else "每月报销一次往返路费"
    return f"每{'天' if kind is ItemKind.PER_DAY else '月'} {yuan(terms.amount_fen or 0)} 元"


def condition_texts(kind: ItemKind, terms: RuleTerms) -> tuple[str, ...]:
    """Return under which conditions and up to what it is paid, a sentence each."""
    texts = []
    if kind is ItemKind.PER_DAY:
        texts.append("按会签考勤表的实际到岗计发，半天计半天")
    if kind is ItemKind.RETURN_FARE:
        texts.append("凭票据据实报销")
    if terms.cap_days is not None:
        texts.append(f"每月最多计 {terms.cap_days} 天")
    if terms.cap_fen is not None:
        texts.append(f"每{'次' if kind is ItemKind.RETURN_FARE else '月'}最多 {yuan(terms.cap_fen)} 元")
    if terms.minimum_days is not None:
        texts.append(f"当月实际到岗不少于 {terms.minimum_days} 天")
    if terms.days_a_week is not None:
        texts.append(f"在当月结束的每一周，到岗不少于 {terms.days_a_week} 天（按当周工作日折算，请假相应减少）")
    if terms.needs_evaluation:
        texts.append("派驻鉴定合格后发放")
    return tuple(texts)


@dataclass(frozen=True)
class Months:
    """Whole months: from a first day of a month up to, not with, another; without end where `until` is None."""

    start: date
    until: date | None

    def overlaps(self, other: Months) -> bool:
        """Tell whether some month lies in both."""
        return (other.until is None or self.start < other.until) and (self.until is None or other.start < self.until)

    def text(self) -> str:
        """Return them in words: 2026年1月起, or 2026年1月至2026年6月 with the last month."""
        if self.until is None:
            return f"{self.start.year}年{self.start.month}月起"
        last = date(self.until.year - (self.until.month == 1), (self.until.month - 2) % 12 + 1, 1)
        if last == self.start:
            return f"{last.year}年{last.month}月"
        return f"{self.start.year}年{self.start.month}月至{last.year}年{last.month}月"


def ended_by(existing: Months, later: Months) -> Months | None:
    """Return what stays of an approved version when this one is approved; None where they must not meet.

    One that begins later ends the one before. Whatever else they have in common would change months of a version
    that stands, and is refused.
    """
    if not existing.overlaps(later):
        return existing
    return Months(existing.start, later.start) if existing.start < later.start else None


def gap_after(existing: Months, later: Months) -> Months | None:
    """Return the months that nothing pays any more because the later version, which ends sooner, ended this one."""
    if later.until is None or not existing.overlaps(later) or existing.until == later.until:
        return None
    if existing.until is not None and existing.until < later.until:
        return None
    return Months(later.until, existing.until)
