"""Situations of closing a clinic, of putting another expert in, and of calling those who fell."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class ClosureNotFound(NotFound):
    """There is no such closure, or it lies outside the actor's organisations."""

    code = "closure_not_found"
    message = "没有找到这次停诊。"


class ClinicHasBegun(Conflict):
    """Those who came must be given something on the spot."""

    code = "clinic_has_begun"
    message = "门诊已经开始，不能直接停诊。请先为已到院的患者选择“远程会诊”或“本院医生接诊”。"


class NoLocalDoctor(Conflict):
    """No local doctor is named who could see those who came."""

    code = "no_local_doctor"
    message = "这次门诊没有指定跟诊的本院医生，请改选“远程会诊”。"


class ChoiceImpossible(Invalid):
    """A place that was chosen for somebody cannot be held for them."""

    code = "choice_impossible"
    message = "所选的改约门诊无法安排（已停诊、时间太近，或患者另有预约），请重新选择。"


class CallerUnfit(Invalid):
    """The one named to call works at neither hospital."""

    code = "caller_unfit"
    message = "负责电话通知的人须是两家医院之一的在职人员，请重新选择。"


class ExpertUnfit(Conflict):
    """The person named cannot take the clinic over."""

    code = "expert_unfit"
    message = "这位专家当天不在该单位派驻，或另有门诊，不能替诊。请选择其他人。"


class NothingToReview(Conflict):
    """The closure needs no review, or has had it."""

    code = "nothing_to_review"
    message = "这次停诊无需审核，或已审核。"


class OwnClosure(Conflict):
    """Nobody reviews what they closed themselves."""

    code = "own_closure"
    message = "不能审核自己办理的停诊，请由医务科其他人员审核。"


class ReviewNoteMissing(Invalid):
    """A closure is questioned without a word why."""

    code = "review_note_missing"
    message = "请写明有什么疑问。"


class CallNotFound(NotFound):
    """Nobody's booking of this id fell with this closure."""

    code = "call_not_found"
    message = "没有找到这位患者的通知记录。"


class NoOfferLeft(Conflict):
    """There is no place for them to accept or decline any more."""

    code = "no_offer_left"
    message = "为该患者保留的号已失效，请选择“已告知”，并另行预约。"
