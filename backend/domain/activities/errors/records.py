"""Situations in which a record cannot be written, handed in or read."""

from __future__ import annotations

from collections.abc import Mapping

from backend.foundation.errors import Conflict, Invalid, NotFound


class RecordNotFound(NotFound):
    """There is no such record, or not for this actor."""

    code = "record_not_found"
    message = "没有找到这条工作日志。它可能已被放弃，或不在您的单位范围内。"


class ContentInvalid(Invalid):
    """A field of a record cannot be what was given; `fields` has a sentence for each by its name."""

    code = "content_invalid"

    def __init__(self, *, fields: Mapping[str, str]) -> None:
        super().__init__(next(iter(fields.values()), None), fields={name: [text] for name, text in fields.items()})


class DispatchUnclear(Invalid):
    """No dispatch was named, and not exactly one covers the day."""

    code = "dispatch_unclear"
    message = "这一天您有不止一次派驻，请选择这条日志属于哪一次。"


class NoDispatchThatDay(Invalid):
    """Nothing that was done outside of a dispatch is recorded."""

    code = "no_dispatch_that_day"
    message = "这一天您没有派驻，请检查日期。派驻安排有误的，请联系医务科。"


class OutsideDispatch(Invalid):
    """The day is not one of the dispatch."""

    code = "outside_dispatch"
    message = "日期不在这次派驻的起止时间内，请检查日期。"


class OccurredInFuture(Invalid):
    """What has not happened cannot be recorded."""

    code = "occurred_in_future"
    message = "日期还没有到，请在当天或之后记录。"


class DispatchWasCancelled(Conflict):
    """What was written in a dispatch that was cancelled afterwards stays a draft."""

    code = "dispatch_cancelled"
    message = "这次派驻已取消，日志不能再修改或提交。有疑问请联系医务科；不需要的草稿可以放弃。"


class DepartmentElsewhere(Invalid):
    """The department is not one of the recipient's."""

    code = "department_elsewhere"
    message = "请选择受援单位的科室。"


class RecordLocked(Conflict):
    """What was handed in is not changed, but called back, returned or amended."""

    code = "record_locked"
    message = "这条日志已提交，不能直接修改。待会签的可先撤回；已会签的请点“更正”。"


class RecordNotWaiting(Conflict):
    """It does not stand where that can be done."""

    code = "record_not_waiting"
    message = "这条日志的状态已改变，请刷新后查看。"


class RecordKeyReused(Invalid):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    message = "这次保存与之前的内容不一致，请返回列表查看已保存的日志。"


class TextRefused(Invalid):
    """WeChat holds the text for one that may not be shown."""

    code = "text_refused"
    message = "文字未通过微信内容安全检查，请修改后再提交。填写的内容仍保留在本机。"
