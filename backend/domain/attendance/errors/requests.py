"""Situations in which corrections and leave cannot be asked for or decided."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class CorrectionNotOnDuty(Conflict):
    """The dispatch claims no such shift on that day, or rests then."""

    code = "not_on_duty"
    message = "这一天的这个班次不是您的派驻班次，无需补签。如安排有误，请联系医务科。"


class CorrectionTooOld(Conflict):
    """The day is past the days within which corrections may be asked for."""

    code = "correction_too_old"
    message = "这一天已超过可以补签的期限，请联系医务科。"


class CorrectionInFuture(Conflict):
    """What has not happened cannot be corrected."""

    code = "correction_in_future"
    message = "还没有到这个时间，不能补签。"


class CorrectionTimeImplausible(Invalid):
    """Nobody arrives or leaves for that shift at such an hour."""

    code = "correction_time_implausible"
    message = "实际时间与班次对不上，请检查日期和时间。"


class CorrectionsUsedUp(Conflict):
    """The number of corrections of a month is settled by a document."""

    code = "corrections_used_up"
    message = "该月补签次数已用完，请联系医务科。"


class CorrectionExists(Conflict):
    """The same tap is asked for already, or was granted."""

    code = "correction_exists"
    message = "这个班次已有待审批或已同意的补签，请勿重复申请。"


class RequestNotFound(NotFound):
    """There is no such request, or not for this actor."""

    code = "request_not_found"
    message = "没有找到这项申请。它可能不在您的单位范围内。"


class RequestDecided(Conflict):
    """It does not stand where that can be done."""

    code = "request_decided"
    message = "这项申请已经处理，请刷新后查看。"


class OwnRequest(Conflict):
    """Nobody decides about themselves, nor has it done by whom they appointed."""

    code = "own_request"
    message = "不能审批本人的申请，也不能由本人指定的代签人审批，请由其他人办理。"


class LeaveInvalid(Invalid):
    """The span ends before it begins, lies outside of the dispatch, or takes no shift away."""

    code = "leave_invalid"
    message = "请假时间有误，请检查起止日期和班次。"


class LeaveOverlaps(Conflict):
    """Some of these shifts are asked for already, or were granted."""

    code = "leave_overlaps"
    message = "这段时间已有待审批或已同意的请假，请修改起止时间。"


class LeaveBegan(Conflict):
    """Leave that was granted can be given up until it begins."""

    code = "leave_began"
    message = "请假已经开始，不能撤销。如提前返岗，请正常签到，并联系医务科。"


class RecipientFirst(Conflict):
    """The supporting hospital grants what the recipient has granted before."""

    code = "recipient_first"
    message = "请等受援单位先审批。如不同意，可以直接退回。"


class NotYourTurn(Conflict):
    """This party has granted it already, or is not asked."""

    code = "not_your_turn"
    message = "本单位无需再审批这项请假，请刷新后查看。"


class SecondPersonNeeded(Conflict):
    """Both parties must grant it, and this person has done so for the other one."""

    code = "second_person_needed"
    message = "您已以另一身份同意这项请假，受援单位和支援医院须由不同的人审批。"


class AttachmentUnusable(Invalid):
    """It is not the actor's own file, belongs to something else already, or is no paper."""

    code = "attachment_unusable"
    message = "附件不可用，请重新上传图片或 PDF 后再提交。"


class LeaveCreditShort(Conflict):
    """More leave is asked for than was earned, or later than it holds."""

    code = "leave_credit_short"
    message = "奖励假余额不足，请减少天数或选择其他假别。"
