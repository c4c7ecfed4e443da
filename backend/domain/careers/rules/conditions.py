"""What a rule of promotion asks, as a sentence."""

from __future__ import annotations

from backend.domain.careers.rules.eligibility import Demand
from backend.domain.careers.rules.promotion import MEASURE_LABELS


def sentence_of(demand: Demand) -> str:
    """Return what a rule asks in one Chinese sentence."""
    conditions = demand.conditions
    parts = [f"累计服务满{demand.required_days}天（{MEASURE_LABELS[conditions.measure]}）"]
    if conditions.minimum_dispatch_days is not None:
        parts.append(f"单次派驻满{conditions.minimum_dispatch_days}天才计入")
    if conditions.days_a_week is not None:
        parts.append(f"每周按{conditions.days_a_week}天在岗要求，未达到的周不计入")
    if conditions.needs_evaluation:
        parts.append("鉴定合格才计入")
    if demand.refusal_blocks_months is not None:
        parts.append(f"拒绝派驻后{demand.refusal_blocks_months}个月内不得申报")
    return "；".join(parts) + "。"
