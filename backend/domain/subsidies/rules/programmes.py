"""What is paid, under which conditions: kinds of items, and the life of a rule from proposal to its end."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ItemKind(StrEnum):
    """How a sum comes about."""

    PER_DAY = "per_day"  # for each actual day of the countersigned timesheet, in halves
    PER_MONTH = "per_month"
    RETURN_FARE = "return_fare"  # every so many months, against receipts


class RuleStatus(StrEnum):
    """Where a rule stands; only approved ones hold."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RuleAction(StrEnum):
    """What may be done with a proposed rule."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


RULE_TRANSITIONS: Mapping[tuple[RuleStatus, RuleAction], RuleStatus] = {
    (RuleStatus.PROPOSED, RuleAction.APPROVE): RuleStatus.APPROVED,
    (RuleStatus.PROPOSED, RuleAction.REJECT): RuleStatus.REJECTED,
    (RuleStatus.PROPOSED, RuleAction.WITHDRAW): RuleStatus.WITHDRAWN,
}
"""A decision is the end: what should be otherwise is another version."""

ITEM_KIND_LABELS = {
    ItemKind.PER_DAY: "按实际天数",
    ItemKind.PER_MONTH: "按月",
    ItemKind.RETURN_FARE: "往返路费（凭票）",
}
RULE_STATUS_LABELS = {
    RuleStatus.PROPOSED: "待批准",
    RuleStatus.APPROVED: "已批准",
    RuleStatus.REJECTED: "未批准",
    RuleStatus.WITHDRAWN: "已撤回",
}
