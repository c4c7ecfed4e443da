"""Situations in which nothing can be paid, released or settled."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class RunNotFound(NotFound):
    """There is no such run in the actor's hospital."""

    code = "run_not_found"
    message = "没有找到这个发放批次，请返回列表重新选择。"


class PaymentNotFound(NotFound):
    """There is no such payment in the run."""

    code = "payment_not_found"
    message = "批次里没有这笔发放，请刷新页面。"


class ClaimsChanged(Conflict):
    """Claims do not stand as they were read: changed, taken into another run, or one that takes back came."""

    code = "claims_changed"
    message = "有申领在您查看之后发生了变化（被改动、已进入其他批次，或新增了要抵扣的）。请刷新后重新核对。"


class NothingToPay(Conflict):
    """Of what is approved nothing can be paid now."""

    code = "nothing_to_pay"
    message = "没有可以发放的补贴：没有待发放的申领，或抵扣后没有应发金额，或都没有登记收款账号。"


class RunDecided(Conflict):
    """It was released or refused already."""

    code = "run_decided"
    message = "这个批次已经放行或否决，请刷新页面查看。"


class OwnRun(Conflict):
    """Whoever prepared it does not release it."""

    code = "own_run"
    message = "这个批次由您本人编制，须由另一人放行或否决。"


class OwnPayment(Conflict):
    """It pays who would release it."""

    code = "own_payment"
    message = "这个批次里有发给您本人的补贴，须由其他院领导放行。"


class OwnFailure(Conflict):
    """Whoever says that a payment to themselves failed would be paid again."""

    code = "own_failure"
    message = "这笔是发给您本人的，发放失败须由另一人登记。"


class SumsDiffer(Conflict):
    """What would be paid is not what the claims come to."""

    code = "run_sums_differ"
    message = "批次金额与申领合计不一致，不能放行。请否决本批次并联系管理员核对。"


class RunNotReleased(Conflict):
    """It was not released, or is settled already."""

    code = "run_not_released"
    message = "这个批次尚未放行，或已经办结，现在不能这样做。"


class PaymentSettled(Conflict):
    """It was paid or failed already."""

    code = "payment_settled"
    message = "这笔发放已经登记过结果，请刷新页面查看。"


class PaidOnInvalid(Invalid):
    """It cannot have been paid on that day."""

    code = "paid_on_invalid"
    message = "到账日期有误：不能早于放行当天，也不能晚于今天。"


class ReasonInvalid(Invalid):
    """Why it was refused or failed is not told."""

    code = "reason_invalid"
    message = "请说明原因，200字以内。"


class PaymentFileChanged(Conflict):
    """The file would not be the one that was released."""

    code = "payment_file_changed"
    message = "重新生成的文件与放行时的校验值不一致，已停止下载。请联系管理员核对。"
