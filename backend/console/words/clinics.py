"""What is called how of clinics and bookings."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
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
    "give_calendar_feed": "取得坐诊日历地址",
    "end_calendar_feed": "作废坐诊日历地址",
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
}
