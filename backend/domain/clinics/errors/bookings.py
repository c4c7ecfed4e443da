"""Situations in which a place cannot be had, or a booking not be changed."""

from __future__ import annotations

from collections.abc import Mapping

from backend.foundation.errors import Conflict, Invalid, NotFound


class ClinicNotFound(NotFound):
    """There is no such clinic, or the period is none of its own."""

    code = "clinic_not_found"
    message = "没有找到这次门诊，请刷新后重新选择。"


class BookingNotFound(NotFound):
    """There is no such booking, or not for this actor."""

    code = "booking_not_found"
    message = "没有找到这次预约。"


class PatientNotLinked(NotFound):
    """The account does not act for this patient."""

    code = "patient_not_found"
    message = "没有找到这位就诊人，请先在“就诊人”中添加。"


class NotReleased(Conflict):
    """Places can be booked from a later instant on."""

    code = "not_released"
    message = "这次门诊还没有开放预约，请到开放时间再来。"


class ClinicFull(Conflict):
    """No place is left that could be had in this way; who wants can wait for one."""

    code = "clinic_full"
    message = "这次门诊的号已约满。可以加入候补，有人退号时会按先后顺序通知您。"


class PeriodFull(ClinicFull):
    """No place is left in the period that was asked for, but others have some."""

    code = "period_full"
    message = "这个时段的号已约满，请选择其他时段。"


class ClinicClosed(Conflict):
    """The clinic is not held."""

    code = "clinic_closed"
    message = "这次门诊已停诊，请选择其他日期。"


class ClinicOver(Conflict):
    """Too late: the clinic is over, or what is left of it is the desk's."""

    code = "clinic_over"
    message = "这次门诊的手机预约已结束，请到现场服务台询问，或选择其他日期。"


class AlreadyBooked(Conflict):
    """The patient has a place of this clinic."""

    code = "already_booked"
    message = "这位就诊人已约了这次门诊，不用重复预约。"


class TimeClash(Conflict):
    """The patient has another place at this time."""

    code = "time_clash"
    message = "这位就诊人在这个时间已有其他预约，请换一个时段，或先取消原来的预约。"


class DayLimit(Conflict):
    """The patient has as many bookings on this day as are allowed."""

    code = "day_limit"
    message = "这位就诊人当天的预约次数已到上限，请选择其他日期。"


class MonthLimit(Conflict):
    """The patient has as many bookings in this month as are allowed."""

    code = "month_limit"
    message = "这位就诊人当月的预约次数已到上限，如确需就诊请到现场服务台。"


# By what `rules.limits.Refusal` calls them.
REFUSALS: Mapping[str, type[Conflict]] = {
    error.code: error for error in (AlreadyBooked, TimeClash, DayLimit, MonthLimit)
}


class BookingSuspended(Conflict):
    """Too many no-shows: no booking by phone for a while."""

    code = "booking_suspended"
    message = "这位就诊人多次预约未到，暂停手机预约，请到现场服务台。"


class BookingKeyReused(Invalid):
    """The same key came with another body."""

    code = "idempotency_key_reused"
    message = "这次提交与之前的内容不一致，请返回重新预约。"


class BookingFinal(Conflict):
    """The booking's state does not allow it."""

    code = "booking_final"
    message = "这次预约的状态已变化，请刷新后再看。"


class TooLateToCancel(Conflict):
    """The limit has passed until which a patient may cancel."""

    code = "too_late_to_cancel"
    message = "已过取消时间。如不能按时就诊，请尽早致电服务台。"


class AlreadyAppealed(Conflict):
    """An appeal was made before."""

    code = "already_appealed"
    message = "已提交过申诉，请等服务台处理。"


class TicketInvalid(Invalid):
    """The code is none that we have given out."""

    code = "ticket_invalid"
    message = "这不是有效的预约二维码，请让患者从“我的预约”中重新打开，或按姓名查找。"
