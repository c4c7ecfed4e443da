"""Situations in which a claim cannot be handed in or decided."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Forbidden, Invalid, NotFound


class ClaimNotFound(NotFound):
    """There is no such claim, or not for this actor."""

    code = "claim_not_found"
    message = "没有找到这笔补贴申领。它可能不在您的单位范围内。"


class ClaimLineNotFound(NotFound):
    """The claim has no such line."""

    code = "claim_line_not_found"
    message = "这笔申领里没有这一项，请刷新后再看。"


class ClaimNotOpen(Conflict):
    """It was handed in already, or is over."""

    code = "claim_not_open"
    message = "这笔申领已经提交或已办结，不能再提交。"


class NothingDue(Conflict):
    """Its total is nothing, which nobody needs to approve."""

    code = "nothing_due"
    message = "这笔申领合计为0元，无需提交。有票据的请先添加票据。"


class ApprovalChainMissing(Conflict):
    """Nobody has set who approves."""

    code = "approval_chain_missing"
    message = "本单位还没有设置补贴审批流程，请联系管理员在“制度设置”中设置后再提交。"


class ClaimNotWaiting(Conflict):
    """It does not wait for a decision."""

    code = "claim_not_waiting"
    message = "这笔申领现在不在审批中，请刷新后查看。"


class OwnClaim(Conflict):
    """Nobody decides on what they are paid themselves, in whatever role."""

    code = "own_claim"
    message = "不能审批本人的补贴，请由其他审批人办理。"


class NotYourStep(Forbidden):
    """The step is another role's."""

    code = "not_your_step"
    message = "这笔申领目前不在您当前身份的审批环节，请切换身份或由其他审批人办理。"


class DecidedAlready(Conflict):
    """One person decides once in a round, in whatever roles."""

    code = "decided_already"
    message = "这一轮审批您已经办理过一个环节，同一人不能审批两次，请由其他审批人办理。"


class DecisionReasonMissing(Invalid):
    """Who returns or refuses a claim says why."""

    code = "decision_reason_missing"
    message = "请填写原因。"


class ScanMissing(Conflict):
    """The programme pays only with the signed and stamped paper."""

    code = "scan_missing"
    message = "缺少签字盖章的考勤表扫描件。请先在考勤表中上传扫描件，再办理最后一步审批。"


class BudgetExceeded(Conflict):
    """The budget of the programme for that year does not suffice; the text says by how much."""

    code = "budget_exceeded"
    message = "本年度预算不足。请联系财务科调整预算后再审批。"
