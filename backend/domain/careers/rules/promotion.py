"""Promotion (职称晋升): what a title asks of service, and the life of such a rule."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ServiceMeasure(StrEnum):
    """How the length of service is counted."""

    CALENDAR_DAYS = "calendar_days"  # from the first to the last day, without what does not count
    SERVED_DAYS = "served_days"  # the actual days of countersigned timesheets


class PromotionRuleStatus(StrEnum):
    """Where a rule stands; only approved ones hold."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PromotionRuleAction(StrEnum):
    """What may be done with a proposed rule."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


PROMOTION_RULE_TRANSITIONS: Mapping[tuple[PromotionRuleStatus, PromotionRuleAction], PromotionRuleStatus] = {
    (PromotionRuleStatus.PROPOSED, PromotionRuleAction.APPROVE): PromotionRuleStatus.APPROVED,
    (PromotionRuleStatus.PROPOSED, PromotionRuleAction.REJECT): PromotionRuleStatus.REJECTED,
    (PromotionRuleStatus.PROPOSED, PromotionRuleAction.WITHDRAW): PromotionRuleStatus.WITHDRAWN,
}

MEASURE_LABELS = {ServiceMeasure.CALENDAR_DAYS: "按日历天数", ServiceMeasure.SERVED_DAYS: "按实际在岗天数"}
PROMOTION_RULE_STATUS_LABELS = {
    PromotionRuleStatus.PROPOSED: "待批准",
    PromotionRuleStatus.APPROVED: "已批准",
    PromotionRuleStatus.REJECTED: "未批准",
    PromotionRuleStatus.WITHDRAWN: "已撤回",
}
