"""Situations in which a tap cannot be taken."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


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


class NoOpenException(NotFound):
    """The tap raises no exception, so nobody may look at its raw place."""

    code = "no_open_exception"
    message = "这次签到没有异常，不能查看原始定位。"


class LocationDropped(Conflict):
    """The raw place has been dropped after the days for which it is kept, or none was told."""

    code = "location_dropped"
    message = "原始定位没有记录，或已超过保存期限被清除。"
