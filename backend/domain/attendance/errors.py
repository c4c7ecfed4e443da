"""Situations in which a tap, a request, a month or a spot check cannot be taken, decided or signed."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound, Unauthenticated


class NotOnDuty(Conflict):
    """The dispatch claims no shift on that day."""

    code = "not_on_duty"
    message = "这一天不是您的派驻日，无需签到。如安排有误，请联系医务科。"


class TapTooOld(Conflict):
    """An offline tap was uploaded after the days that are allowed."""

    code = "tap_too_old"
    message = "这次离线签到已超过补传期限，请联系医务科说明情况。"


class TapInFuture(Conflict):
    """An offline tap claims an instant that has not come."""

    code = "tap_in_future"
    message = "手机时间比实际时间快，请校准手机时间后重新签到。"


class IdempotencyKeyReused(Invalid):
    """The same key came with another body."""

    code = "idempotency_key_reused"
    message = "这次提交与之前的内容不一致，请重新签到。"


class SiteCodeInvalid(Conflict):
    """No tablet of the dispatch's sites shows this code now."""

    code = "site_code_invalid"
    message = "动态码不正确或已过期，请看派驻点平板上的新码，30秒内重新扫码或输入。"


class SiteCodeUsed(Conflict):
    """A code was read for this duty and kind before."""

    code = "site_code_used"
    message = "这个班次已经用动态码签过，不能重复使用。"


class TabletNameMissing(Invalid):
    """A tablet is told from others by its name."""

    code = "tablet_name_missing"
    message = "请填写平板的名称，例如“门诊大厅”。"


class PairingInvalid(Conflict):
    """The pairing code is wrong, was used, or is too old."""

    code = "pairing_invalid"
    message = "配对码不正确、已用过或已超过一天。请核对后重新输入，或在管理页面重新登记平板。"


class TabletUnknown(Unauthenticated):
    """The device is no tablet of any site, or no longer."""

    code = "tablet_unknown"
    message = "这台平板还没有登记，或已被停用。"


class TapJudged(Conflict):
    """The supporting hospital has judged it: nothing said afterwards would count."""

    code = "tap_judged"
    message = "这次签到已由支援医院判定，不能再修改说明或现场确认。"


class NothingToConfirm(Conflict):
    """The tap speaks for itself."""

    code = "nothing_to_confirm"
    message = "这次签到已核实可信，无需现场确认。"


class OwnTap(Conflict):
    """Nobody decides about their own presence, nor has it done by whom they appointed."""

    code = "own_tap"
    message = "不能确认或判定本人的签到，也不能由本人指定的代签人办理，请由其他人办理。"


class NoOpenException(NotFound):
    """The tap is no open exception, so nobody may look at its raw place."""

    code = "no_open_exception"
    message = "这次签到没有待核实的异常，不能查看原始定位。"


class LocationDropped(Conflict):
    """The raw place has been dropped after the days for which it is kept, or none was told."""

    code = "location_dropped"
    message = "原始定位没有记录，或已超过保存期限被清除。"


class TimesheetNotFound(NotFound):
    """There is no such sheet, or not for this actor."""

    code = "timesheet_not_found"
    message = "没有找到这份考勤表。它可能不在您的单位范围内，或该月没有派驻。"


class VerificationCodeUnknown(NotFound):
    """No countersigned sheet carries this code."""

    code = "verification_code_unknown"
    message = "没有这个核验码对应的考勤表。请对照纸质表逐位核对；如果无误，这张表不是由本系统会签生成的。"


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


class ReasonMissing(Invalid):
    """A return, a rejection or an amendment says why."""

    code = "reason_missing"
    message = "请填写原因。"


class AmendmentInvalid(Invalid):
    """An amendment that changes nothing, or of a shift that the sheet does not have."""

    code = "amendment_invalid"
    message = "更正内容有误：请选择表中的班次，并选择与原记录不同的结果。"


class AmendmentPending(Conflict):
    """That shift has an amendment that is not decided yet."""

    code = "amendment_pending"
    message = "这个班次已有一条待会签的更正，请等会签后再提。"


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


class SpotCheckNotNow(Conflict):
    """The one concerned is not to be asked now."""

    code = "spot_check_not_now"


class SpotCheckOpen(Conflict):
    """The one concerned has another spot check to answer."""

    code = "spot_check_open"
    message = "此人还有一次查岗没有结束，请稍后再试。"


class SpotCheckOver(Conflict):
    """The spot check stands where this can no longer be done."""

    code = "spot_check_over"
    message = "这次查岗已经结束。如未来得及应答，请在查岗记录中说明情况。"


class SpotCheckSettled(Conflict):
    """There is nothing to review, or it has been reviewed."""

    code = "spot_check_settled"
    message = "这次查岗没有需要核实的情况，或已经核实，请刷新后查看。"


class OwnSpotCheck(Conflict):
    """One decides about oneself."""

    code = "own_spot_check"
    message = "不能处理自己的查岗，请由他人办理。"


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
    """It is not the actor's own file, or belongs to something else already."""

    code = "attachment_unusable"
    message = "附件不可用，请重新上传后再提交。"


class DayServed(Conflict):
    """A change would take away a shift for which somebody tapped, or which a month that was handed in counts."""

    code = "day_served"
    message = "有班次已经签到，不能改成不在岗。请选择之后的日期。"


class OwnDispatch(Conflict):
    """One would take away days of one's own that are over: what is missing there is for others to judge."""

    code = "own_dispatch"
    message = "不能改动本人派驻中已经过去的日子，请由医务科其他人办理。"


class AbsenceNotOpen(Conflict):
    """The shift is not concluded as missed: it stands otherwise, or something may still come."""

    code = "absence_not_open"
    message = "只有已过补传截止日、结算为未签到或不予认定的班次，才能认定旷工。"


class AbsenceDecided(Conflict):
    """It is decided already, or taken back already."""

    code = "absence_decided"
    message = "这个班次已经认定，请刷新后查看。"
