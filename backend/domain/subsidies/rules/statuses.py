"""Where a claim and a payment stand, and who may move them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ClaimKind(StrEnum):
    """What a claim is drafted for."""

    MONTH = "month"  # one countersigned timesheet
    ADJUSTMENT = "adjustment"  # differences after the last month, in a claim of their own


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    APPROVED = "approved"
    PAYING = "paying"  # in a payment run
    PAID = "paid"


class ClaimAction(StrEnum):
    """What may be done with a claim."""

    SUBMIT = "submit"
    APPROVE = "approve"  # the last step; the ones before leave it submitted
    RETURN = "return"
    REJECT = "reject"
    TAKE_INTO_RUN = "take_into_run"
    RELEASE_FROM_RUN = "release_from_run"  # the run was refused, or the bank could not pay
    PAY = "pay"


CLAIM_TRANSITIONS: Mapping[tuple[ClaimStatus, ClaimAction], ClaimStatus] = {
    (ClaimStatus.DRAFT, ClaimAction.SUBMIT): ClaimStatus.SUBMITTED,
    (ClaimStatus.RETURNED, ClaimAction.SUBMIT): ClaimStatus.SUBMITTED,
    (ClaimStatus.SUBMITTED, ClaimAction.APPROVE): ClaimStatus.APPROVED,
    (ClaimStatus.SUBMITTED, ClaimAction.RETURN): ClaimStatus.RETURNED,
    (ClaimStatus.SUBMITTED, ClaimAction.REJECT): ClaimStatus.REJECTED,
    (ClaimStatus.APPROVED, ClaimAction.TAKE_INTO_RUN): ClaimStatus.PAYING,
    (ClaimStatus.PAYING, ClaimAction.RELEASE_FROM_RUN): ClaimStatus.APPROVED,
    (ClaimStatus.PAYING, ClaimAction.PAY): ClaimStatus.PAID,
}


class LineSort(StrEnum):
    """What a line of a claim does."""

    GRANT = "grant"
    REVERSAL = "reversal"  # takes back a line of an earlier claim, whole


class Decision(StrEnum):
    """What an approver says."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


class AdjustmentCause(StrEnum):
    """Why a month that was computed is computed again."""

    AMENDMENT = "amendment"  # of its timesheet
    EVALUATION = "evaluation"  # that a rule waited for


class RunStatus(StrEnum):
    """Where a payment run stands."""

    PREPARED = "prepared"
    RELEASED = "released"
    REFUSED = "refused"
    SETTLED = "settled"


class PaymentStatus(StrEnum):
    """Where a payment to one person stands."""

    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"  # its run was refused


CLAIM_KIND_LABELS = {ClaimKind.MONTH: "月度补贴", ClaimKind.ADJUSTMENT: "差额补贴"}
LINE_SORT_LABELS = {LineSort.GRANT: "发放", LineSort.REVERSAL: "冲回"}
CLAIM_STATUS_LABELS = {
    ClaimStatus.DRAFT: "待提交",
    ClaimStatus.SUBMITTED: "审批中",
    ClaimStatus.RETURNED: "已退回",
    ClaimStatus.REJECTED: "不予发放",
    ClaimStatus.APPROVED: "待发放",
    ClaimStatus.PAYING: "发放中",
    ClaimStatus.PAID: "已发放",
}
DECISION_LABELS = {Decision.APPROVED: "同意", Decision.RETURNED: "退回", Decision.REJECTED: "不予发放"}
RUN_STATUS_LABELS = {
    RunStatus.PREPARED: "待放行",
    RunStatus.RELEASED: "待银行回盘",
    RunStatus.REFUSED: "已否决",
    RunStatus.SETTLED: "已办结",
}
PAYMENT_STATUS_LABELS = {
    PaymentStatus.WAITING: "待发放",
    PaymentStatus.PAID: "已发放",
    PaymentStatus.FAILED: "发放失败",
    PaymentStatus.CANCELLED: "已取消",
}
