"""Situations in which no claim can be drafted, or a drafted one cannot be undone."""

from __future__ import annotations

from backend.foundation.errors import Conflict


class MonthNotCountersigned(Conflict):
    """Nothing is due for a month that the recipient has not countersigned."""

    code = "month_not_countersigned"
    message = "该月考勤表还没有会签，不能生成补贴申领。请先由受援单位会签。"


class RuleMissing(Conflict):
    """No approved rule says that anything is due."""

    code = "subsidy_rule_missing"
    message = "该月没有已批准的补贴规则，不能生成申领。请先批准规则。"


class ClaimNotRejected(Conflict):
    """Only what was refused is drafted anew."""

    code = "claim_not_rejected"
    message = "只有不予发放的申领可以重新生成，或该月已重新生成过。请刷新后查看。"


class ClaimAdjusted(Conflict):
    """A later claim has taken back what this one grants: it cannot be refused beside it."""

    code = "claim_adjusted"
    message = "后面的申领已冲回本申领中的项目，不能再不予发放。请退回，或先处理后面的申领。"
