"""What states, places and events are called on a page, and the look of each: a sign and a colour beside its word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from markupsafe import Markup

from backend.domain.access.rules import Party
from backend.domain.accounts.rules import ROLE_LABELS
from backend.domain.attendance.rules import days, taps
from backend.domain.attendance.rules.days import DayState, Presence
from backend.domain.attendance.rules.evidence import CONFIRMATION_LABELS, JUDGEMENT_LABELS
from backend.domain.attendance.rules.requests import LEAVE_LABELS, REQUEST_STATUS_LABELS, RequestStatus
from backend.domain.attendance.rules.taps import Reason, Verdict
from backend.domain.attendance.rules.timesheets import (
    STANDING_LABELS,
    TIMESHEET_STATUS_LABELS,
    Line,
    Standing,
    TimesheetStatus,
    days_text,
    standing_label,
)
from backend.domain.audit.models import AuditEvent
from backend.domain.dispatch import rules as dispatches
from backend.domain.dispatch.models import Dispatch, DutyPattern
from backend.domain.dispatch.rules import SHIFT_LABELS, WEEKDAY_LABELS, DispatchState, Shift
from backend.domain.organisations.models import Department, Organisation, Site
from backend.domain.organisations.rules import kinds
from backend.foundation.actor import Role

# See .state in console.css.
_PRESENCES = {
    Presence.INSIDE: "good",
    Presence.UNCERTAIN: "warn",
    Presence.OUTSIDE: "bad",
    Presence.NOT_CHECKED_IN: "missing",
    Presence.ON_LEAVE: "away",
    Presence.NIGHT_REST: "away",
    Presence.NOT_DUE: "calm",
}
_DISPATCHES = {
    DispatchState.PLANNED: "calm",
    DispatchState.CURRENT: "on",
    DispatchState.ENDED: "calm",
    DispatchState.CANCELLED: "bad",
}
_VERDICTS = {Verdict.INSIDE: "good", Verdict.UNCERTAIN: "warn", Verdict.OUTSIDE: "bad"}
_STANDINGS = {
    Standing.PRESENT: "good",
    Standing.CORRECTED: "good",
    Standing.IN_DOUBT: "warn",
    Standing.NOT_COUNTED: "bad",
    Standing.LEAVE: "away",
    Standing.NIGHT_REST: "away",
    Standing.NOT_CHECKED_IN: "missing",
    Standing.ABSENT: "bad",
    Standing.OPEN: "calm",
}
_REQUESTS = {
    RequestStatus.REQUESTED: "on",
    RequestStatus.ACCEPTED: "good",
    RequestStatus.REJECTED: "bad",
    RequestStatus.CANCELLED: "calm",
}
_TIMESHEETS = {
    TimesheetStatus.DRAFT: "calm",
    TimesheetStatus.SUBMITTED: "on",
    TimesheetStatus.RETURNED: "warn",
    TimesheetStatus.COUNTERSIGNED: "good",
}
_DAYS = {
    DayState.COMPLETE: ("全天已签", "good"),
    DayState.PARTIAL: ("部分未签", "warn"),
    DayState.MISSING: ("未签到", "missing"),
    DayState.FUTURE: ("待签到", "calm"),
}
_PARTIES = {Party.RECIPIENT: "受援单位", Party.SUPPORTING: "支援医院"}

ACTIONS: Mapping[str, str] = {
    "record_activity": "记工作日志",
    "change_activity": "修改工作日志",
    "submit_activity": "提交工作日志",
    "recall_activity": "撤回工作日志",
    "discard_activity": "放弃工作日志",
    "open_activity": "查看含患者信息的工作日志",
    "countersign_activity": "会签工作日志",
    "return_activity": "退回工作日志",
    "amend_activity": "更正工作日志",
    "set_indicator": "填报业务指标",
    "withdraw_indicator": "撤回业务指标",
    "create_dispatch": "新建派驻",
    "change_dispatch": "修改派驻",
    "end_dispatch_early": "提前结束派驻",
    "cancel_dispatch": "取消派驻",
    "substitute_dispatch": "安排顶岗",
    "plan_clinics": "安排坐诊",
    "change_clinic": "修改坐诊",
    "cancel_clinic": "取消坐诊",
    "close_clinic": "停诊",
    "replace_expert": "安排替诊",
    "review_closure": "审核停诊",
    "read_calls": "查看电话通知名单",
    "record_call": "登记电话通知",
    "join_waitlist": "加入候补",
    "leave_waitlist": "退出候补",
    "decline_offer": "放弃保留的号",
    "lapse_offer": "保留的号过期",
    "register_tablet": "登记动态码平板",
    "pair_tablet": "启用动态码平板",
    "revoke_tablet": "停用动态码平板",
    "reveal_location": "查看原始定位",
    "submit_timesheet": "提交考勤表",
    "countersign_timesheet": "会签考勤表",
    "return_timesheet": "退回考勤表",
    "request_amendment": "提出考勤更正",
    "decide_amendment": "办理考勤更正",
    "attach_scan": "上传考勤表扫描件",
    "read_scan": "查看考勤表扫描件",
    "request_timesheet_export": "导出当月考勤表",
    "download_timesheet_export": "下载当月考勤表",
    "request_activity_export": "导出工作日志",
    "download_activity_export": "下载导出的工作日志",
    "export_patients_of_activities": "导出工作日志中的患者信息",
    "explain_tap": "说明签到情况",
    "confirm_tap": "现场确认是否在岗",
    "judge_tap": "判定签到是否认定",
    "lower_tap": "系统将签到列为异常",
    "question_tap": "请本人说明签到",
    "upload_roster": "上传名册",
    "confirm_roster": "确认导入名册",
    "import_roster": "导入名册",
    "upload_ledger": "上传工作台账",
    "confirm_ledger": "确认导入工作台账",
    "import_ledger": "导入工作台账",
    "withdraw_ledger": "撤回导入的工作台账",
    "upload_indicators": "上传业务指标",
    "confirm_indicators": "确认导入业务指标",
    "import_indicators": "导入业务指标",
    "add_organisation": "登记机构",
    "change_organisation": "修改机构信息",
    "add_department": "登记科室",
    "add_site": "登记派驻点",
    "change_site": "修改派驻点",
    "create_agreement": "登记支援协议",
    "change_agreement": "修改支援协议",
    "set_setting": "修改制度设置",
    "enter_calendar_year": "录入工作日历",
    "draw_spot_checks": "抽取随机查岗",
    "order_spot_check": "发出查岗",
    "receive_spot_check": "收到查岗",
    "answer_spot_check": "应答查岗",
    "record_spot_check_call": "登记座机核实",
    "miss_spot_check": "查岗未应答",
    "fail_to_deliver_spot_check": "查岗未送达",
    "explain_spot_check": "说明查岗情况",
    "review_spot_check": "核实查岗",
    "upload_file": "上传附件",
    "request_correction": "申请补签",
    "cancel_correction": "撤销补签申请",
    "accept_correction": "同意补签",
    "reject_correction": "退回补签",
    "decide_absence": "认定旷工",
    "withdraw_absence": "撤销旷工认定",
    "give_delegation": "授权代签",
    "add_patient": "添加就诊人",
    "change_patient_contact": "修改就诊人联系方式",
    "remove_patient": "移除就诊人",
    "register_patient": "登记就诊人",
    "correct_patient_name": "按证件更正就诊人姓名",
    "find_patients": "查找就诊人",
    "give_calendar_feed": "取得坐诊日历地址",
    "end_calendar_feed": "作废坐诊日历地址",
    "send_message_again": "重新发送消息",
    "open_patient": "查看就诊人完整信息",
    "end_delegation": "结束授权代签",
    "request_leave": "申请请假",
    "cancel_leave": "撤销请假",
    "accept_leave": "同意请假",
    "reject_leave": "退回请假",
    "read_leave_file": "查看请假附件",
    "suspend_dispatch": "长假暂停派驻",
    "resume_dispatch": "撤销长假，恢复派驻",
    "post_substitute": "为长假安排顶岗",
    "arrive_booking": "登记到诊",
    "withdraw_arrival_booking": "撤销到诊登记",
    "call_booking": "叫号",
    "fulfil_booking": "登记已就诊",
    "mark_no_show_booking": "登记未到诊",
    "book": "预约",
    "cancel_booking": "取消预约",
    "move_booking": "改约",
    "appeal_no_show": "申诉未到诊",
    "print_day_list": "打印就诊名单",
    "decide_appeal": "处理未到诊申诉",
    "add_extra_places": "加号",
    "log_in": "登录",
    "log_out": "退出登录",
    "end_reused_session": "登录凭证被重复使用，已强制下线",
    "switch_role": "切换身份",
    "set_password": "发放初始密码",
    "change_password": "修改密码",
    "grant_role": "授予身份",
    "revoke_role": "收回身份",
    "disable_person": "停用账号",
    "enable_person": "启用账号",
    "bind_account": "绑定微信",
    "withdraw_telephone": "更正手机号",
    "request_binding": "申请重新绑定",
    "accepted_binding": "同意重新绑定",
    "rejected_binding": "退回重新绑定申请",
}


def filters() -> dict[str, Callable[..., Any]]:
    """Return what templates call as filters."""
    return {
        "weekly_label": weekly_label,
        "pattern_lines": pattern_lines,
        "event_text": event_text,
        "event_role": event_role,
        "id_and_name": id_and_name,
        "site_option": site_option,
        "twice": twice,
        "in_fours": in_fours,
    }


def names() -> dict[str, Any]:
    """Return what templates call by name."""
    return {
        "role_label": ROLE_LABELS.__getitem__,
        "shift_label": SHIFT_LABELS.__getitem__,
        "presence_label": days.PRESENCE_LABELS.__getitem__,
        "presence_state": presence_state,
        "dispatch_state": dispatch_state,
        "dispatch_state_label": dispatches.STATE_LABELS.__getitem__,
        "dispatch_kind_label": dispatches.KIND_LABELS.__getitem__,
        "day_state": day_state,
        "verdict_state": verdict_state,
        "standing_state": standing_state,
        "standing_label": STANDING_LABELS.__getitem__,
        "standing_look": _STANDINGS.__getitem__,
        "timesheet_state": timesheet_state,
        "timesheet_status_label": TIMESHEET_STATUS_LABELS.__getitem__,
        "days_text": days_text,
        "after_label": standing_label,
        "leave_label": LEAVE_LABELS.__getitem__,
        "request_state": request_state,
        "party_label": _PARTIES.__getitem__,
        "request_status_label": REQUEST_STATUS_LABELS.__getitem__,
        "verdict_label": taps.VERDICT_LABELS.__getitem__,
        "confirmation_label": CONFIRMATION_LABELS.__getitem__,
        "judgement_label": JUDGEMENT_LABELS.__getitem__,
        "tap_label": taps.KIND_LABELS.__getitem__,
        "reason_text": reason_text,
        "organisation_kind_label": kinds.KIND_LABELS.__getitem__,
        "weekdays": WEEKDAY_LABELS,
        "shifts_of_a_day": tuple(Shift),
        "state": state,
    }


def state(text: str, look: str) -> Markup:
    """Return a state as sign and word."""
    return Markup('<span class="state {}">{}</span>').format(look, text)


def presence_state(value: Presence) -> Markup:
    """Return how a shift stands."""
    return state(days.PRESENCE_LABELS[value], _PRESENCES[value])


def dispatch_state(value: DispatchState) -> Markup:
    """Return where a dispatch stands."""
    return state(dispatches.STATE_LABELS[value], _DISPATCHES[value])


def verdict_state(value: Verdict) -> Markup:
    """Return what the server made of a tap."""
    return state(taps.VERDICT_LABELS[value], _VERDICTS[value])


def standing_state(line: Line) -> Markup:
    """Return how a line of a timesheet stands."""
    return state(line.label, _STANDINGS[line.standing])


def request_state(value: RequestStatus) -> Markup:
    """Return where a request stands."""
    return state(REQUEST_STATUS_LABELS[value], _REQUESTS[value])


def timesheet_state(value: TimesheetStatus) -> Markup:
    """Return where a timesheet stands."""
    return state(TIMESHEET_STATUS_LABELS[value], _TIMESHEETS[value])


def day_state(value: DayState) -> Markup:
    """Return how a duty day stands; nothing for a day off."""
    return state(*_DAYS[value]) if value in _DAYS else Markup("")


def reason_text(code: str) -> str:
    """Return a reason of a verdict in words."""
    return taps.REASON_TEXTS[Reason(code)]


def weekly_label(dispatch: Dispatch) -> str:
    """Return the halves that a dispatch claims in one line."""
    lines = pattern_lines(dispatch)
    return "；".join(lines) if len(lines) < 3 else f"{len(lines)}段安排"


def pattern_lines(dispatch: Dispatch) -> list[str]:
    """Return each claim of a dispatch: its days where it does not hold all along, and its weekday halves."""
    return [_pattern_line(dispatch, row) for row in sorted(dispatch.patterns, key=lambda row: str(row.during.lower))]


def _pattern_line(dispatch: Dispatch, row: DutyPattern) -> str:
    first = row.during.lower or dispatch.starts_on
    last = row.during.upper - timedelta(days=1) if row.during.upper else dispatch.ends_on
    if first == last:
        shifts = "、".join(SHIFT_LABELS[shift] for shift in row.pattern.shifts_on(first))
        return f"{first} 周{WEEKDAY_LABELS[first.weekday()]} {shifts}"
    if (first, last) == (dispatch.starts_on, dispatch.ends_on):
        return row.pattern.label()
    return f"{first} 至 {last}：{row.pattern.label()}"


def id_and_name(row: Department | Organisation) -> tuple[UUID, str]:
    """Return a choice of a list."""
    return row.id, row.name


def site_option(site: Site) -> tuple[UUID, str]:
    """Return a site as a choice, with its radius."""
    return site.id, f"{site.name}（半径 {site.radius_m} 米）"


def twice(text: str) -> tuple[str, str]:
    """Return a choice that is called what it is."""
    return text, text


def in_fours(code: str) -> str:
    """Return a code as somebody copies it: in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def event_role(event: AuditEvent) -> str:
    """Return the role in which somebody did it."""
    return ROLE_LABELS[Role(event.role)] if event.role else ""


def event_text(event: AuditEvent) -> str:
    """Return what an audit event tells."""
    return ACTIONS.get(event.action, event.action)
