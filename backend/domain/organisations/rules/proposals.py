"""The life of a rule that decides money or rights: proposed by one person, approved by another, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


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

RULE_STATUS_LABELS = {
    RuleStatus.PROPOSED: "待批准",
    RuleStatus.APPROVED: "已批准",
    RuleStatus.REJECTED: "未批准",
    RuleStatus.WITHDRAWN: "已撤回",
}
