"""Situations in which a tap, or its code, cannot be taken."""

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


class NoOpenException(NotFound):
    """The tap is no open exception, so nobody may look at its raw place."""

    code = "no_open_exception"
    message = "这次签到没有待核实的异常，不能查看原始定位。"


class LocationDropped(Conflict):
    """The raw place has been dropped after the days for which it is kept, or none was told."""

    code = "location_dropped"
    message = "原始定位没有记录，或已超过保存期限被清除。"
