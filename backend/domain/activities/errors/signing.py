"""Situations in which a record cannot be countersigned, returned or amended."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class OwnRecord(Conflict):
    """Nobody countersigns their own record, nor has it done by whom they appointed."""

    code = "own_record"
    message = "不能会签或退回本人的工作日志，也不能由本人指定的代签人办理，请由其他签字人办理。"


class RecordNotClean(Conflict):
    """Something about it needs a person's eye: it is opened, not signed with others."""

    code = "record_not_clean"
    message = "这条日志需要留意，请单独打开查看后会签。"


class ReturnReasonMissing(Invalid):
    """Who returns a record says what to mend."""

    code = "return_reason_missing"
    message = "请填写退回原因。"


class RecordNotCountersigned(Conflict):
    """Only what is countersigned is amended; before that it is changed itself."""

    code = "record_not_countersigned"
    message = "只有已会签的最新版本可以更正。未会签的请撤回后直接修改。"


class AmendmentOpen(Conflict):
    """A later edition of it waits already."""

    code = "amendment_open"
    message = "这条日志已有一个更正版本尚未会签，请先办完或放弃它。"
