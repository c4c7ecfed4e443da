"""Situations in which a month cannot be handed in, signed or changed."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class TimesheetNotFound(NotFound):
    """There is no such sheet, or not for this actor."""

    code = "timesheet_not_found"
    message = "没有找到这份考勤表。它可能不在您的单位范围内，或该月没有派驻。"


class MonthSubmitted(Conflict):
    """The month was handed in: what it rests on stays as it is unless the sheet is returned."""

    code = "month_submitted"
    message = "该月考勤表已提交，不能再改动。如需更正，请先由受援单位退回。"


class MonthLocked(Conflict):
    """The month is countersigned: a change is an amendment."""

    code = "month_locked"
    message = "该月考勤表已会签锁定。如需更正，请在考勤表上提出更正，由受援单位另行会签。"


class MonthNotOver(Conflict):
    """Some of its duty days are still to come."""

    code = "month_not_over"
    message = "该月的派驻还没有结束，请在最后一个派驻日之后提交。"


class DaysStillOpen(Conflict):
    """Shifts have nothing that speaks for them, and something may still come."""

    code = "days_still_open"
    message = "有班次还没有签到记录，且未过补传截止日。请等手机补传，或先申请补签、请假。"


class RequestsPending(Conflict):
    """Corrections or leave of that month are not decided yet."""

    code = "requests_pending"
    message = "该月还有未审批的补签或请假，请等审批后再提交。"


class CalendarNotLoaded(Conflict):
    """Nobody knows which days of that year are worked."""

    code = "calendar_not_loaded"
    message = "该年的工作日历尚未载入，无法计算应出勤。请联系卫健局或管理员录入。"


class TimesheetNotWaiting(Conflict):
    """It does not stand where that can be done."""

    code = "timesheet_not_waiting"
    message = "这份考勤表当前状态不能进行这项操作，请刷新后查看。"


class OwnTimesheet(Conflict):
    """Nobody countersigns their own sheet, nor has it done by whom they appointed."""

    code = "own_timesheet"
    message = "不能会签本人的考勤表，也不能由本人指定的代签人会签，请由其他签字人办理。"


class LinesInDoubt(Conflict):
    """A tap in it is in doubt, and nobody has said whether the person was there."""

    code = "lines_in_doubt"
    message = "考勤表中有存疑的签到，请先逐条确认是否在岗，再会签。"


class ScanFiled(Conflict):
    """The paper is filed already."""

    code = "scan_filed"
    message = "扫描件已归档，不能自行替换。如有误，请联系受援单位签字人或医务科更换。"


class NotClean(Conflict):
    """It has exceptions: it must be opened, not signed with others."""

    code = "not_clean"
    message = "这份考勤表有异常，请单独打开查看后会签。"


class AmendmentInvalid(Invalid):
    """An amendment that changes nothing, or of a shift that the sheet does not have."""

    code = "amendment_invalid"
    message = "更正内容有误：请选择表中的班次，并选择与原记录不同的结果。"


class AmendmentPending(Conflict):
    """That shift has an amendment that is not decided yet."""

    code = "amendment_pending"
    message = "这个班次已有一条待会签的更正，请等会签后再提。"
