"""Situations in which a chain of approvals cannot be set."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid


class ChainInvalid(Invalid):
    """Its steps cannot be a chain, or its document is not named."""

    code = "approval_chain_invalid"
    message = "审批流程填写有误，请按提示修改。"


class ChainExists(Conflict):
    """There is one from this very day on; what was set is never overwritten."""

    code = "approval_chain_exists"
    message = "这一天起已有审批流程，请选择其他生效日期。"
