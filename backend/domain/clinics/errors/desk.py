"""Situations at the desk in which something cannot be done."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class NumberNotBooked(Invalid):
    """Nobody holds this number at the clinic."""

    code = "number_not_booked"
    message = "这次门诊没有人预约这个序号，请核对后再输。"


class VisitSettled(Conflict):
    """The booking stands where that cannot be said of it."""

    code = "visit_settled"


class NotThisDay(Conflict):
    """The booking is for another day."""

    code = "not_this_day"


class PeriodNotOver(Conflict):
    """Somebody may still be on the way."""

    code = "period_not_over"
    message = "这个时段还没有结束，患者可能还在路上，不能登记未到诊。"


class NobodyWaits(Conflict):
    """Everybody who arrived has been called."""

    code = "nobody_waits"
    message = "没有候诊的患者。"


class PeriodUnknown(Invalid):
    """The period is of another clinic, or over."""

    code = "period_unknown"
    message = "这个时段不属于这次门诊，或已经结束，请重新选择。"


class AppealSettled(Conflict):
    """There is no appeal, or it has been decided."""

    code = "appeal_settled"
    message = "没有待处理的申诉，或已经处理，请刷新后查看。"


class OwnMark(Conflict):
    """Who marked the no-show would decide the appeal, and there is somebody else."""

    code = "own_mark"
    message = "未到诊是您登记的，请由服务台的其他人处理这项申诉。"


class AppealReasonMissing(Invalid):
    """A decision says why."""

    code = "appeal_reason_missing"
    message = "请填写处理理由，患者会看到。"
