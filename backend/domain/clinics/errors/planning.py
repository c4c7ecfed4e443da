"""Situations in which clinics cannot be planned or changed."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class ClinicNotFound(NotFound):
    """There is no such clinic, or not for this actor."""

    code = "clinic_not_found"
    message = "没有找到这次坐诊，请刷新后再试。"


class PlanInvalid(Invalid):
    """What was given makes no clinics: periods backwards or overlapping, no place for the desk, no day."""

    code = "plan_invalid"


class DaysRefused(Conflict):
    """On some of the days there can be no such clinic; the fields tell which day and why. None was planned."""

    code = "days_refused"
    message = "有些日期不能安排坐诊，请按提示去掉这些日期后再试。"


class ExpertBusy(Conflict):
    """The expert has another clinic at that time."""

    code = "expert_busy"
    message = "专家在这个时间已有坐诊安排，请调整时间。"


class CapacityBelowBooked(Conflict):
    """More places of a channel are booked or held than there would be."""

    code = "capacity_below_booked"
    message = "号源数不能少于已约出或正保留的号，请调整。"


class PeriodBooked(Conflict):
    """Somebody has been told to come in this period."""

    code = "period_booked"
    message = "这个时段已有人预约，不能改时间或删除。可以调整号源，或停诊后另行安排。"


class ClinicNotOpen(Conflict):
    """The clinic is closed or over."""

    code = "clinic_not_open"
    message = "这次坐诊已停诊或已结束，不能再修改。"


class ClinicInUse(Conflict):
    """Places have gone out already, or somebody has one: such a clinic is closed, not cancelled."""

    code = "clinic_in_use"
    message = "已放号或已有人预约的坐诊不能取消，请办理停诊，系统会通知已预约的人。"
