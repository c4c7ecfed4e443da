"""Situations in which an evaluation (鉴定) cannot be written, signed or answered."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class EvaluationNotFound(NotFound):
    """There is none, or not for this actor."""

    code = "evaluation_not_found"
    message = "没有找到这份鉴定。它可能不在您的单位范围内。"


class EvaluationElsewhere(Conflict):
    """It does not stand where that can be done."""

    code = "evaluation_elsewhere"
    message = "这份鉴定当前不能进行这项操作，请刷新后查看轮到谁办理。"


class TurnOfOthers(Conflict):
    """It is somebody else's turn."""

    code = "turn_of_others"
    message = "现在还没有轮到您办理，请等待通知。"


class OwnEvaluation(Conflict):
    """Nobody writes an opinion about themselves, nor has it written by whom they appointed."""

    code = "own_evaluation"
    message = "不能填写对本人的鉴定意见，也不能由本人指定的代签人填写，请由其他人办理。"


class WroteForAnother(Conflict):
    """Nobody writes for two parties, whatever roles they hold."""

    code = "wrote_for_another"
    message = "您已代表另一方填写过这份鉴定的意见，这一部分请由其他人办理。"


class OpinionMissing(Invalid):
    """A part says something."""

    code = "opinion_missing"
    message = "请填写总结或意见。"


class GradeMissing(Invalid):
    """The hospitals give a grade."""

    code = "grade_missing"
    message = "请选择鉴定等次。"


class GradeNotAsked(Invalid):
    """One's own summary and the bureau's word carry no grade."""

    code = "grade_not_asked"
    message = "这一部分不填写鉴定等次，请去掉后再提交。"


class SignerMissing(Invalid):
    """The head of the department signs by name."""

    code = "signer_missing"
    message = "请填写接收科室负责人的姓名。"


class EvaluationReasonMissing(Invalid):
    """Who returns or objects says why."""

    code = "evaluation_reason_missing"
    message = "请填写理由。"


class DispatchNotOver(Conflict):
    """What is signed is the whole dispatch."""

    code = "dispatch_not_over"
    message = "派驻还没有结束，实际天数未定，请在结束后签字。如不同意意见，可以现在提出异议。"


class MonthsNotCountersigned(Conflict):
    """The days on the form are those of countersigned months."""

    code = "months_not_countersigned"
    message = "还有考勤表没有会签，实际天数未定。请先办完会签。"
