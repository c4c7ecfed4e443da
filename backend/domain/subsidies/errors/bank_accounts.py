"""Situations in which it cannot be kept where somebody is paid."""

from __future__ import annotations

from backend.foundation.errors import Invalid, NotFound


class AccountNumberInvalid(Invalid):
    """No bank has such a number."""

    code = "account_number_invalid"
    message = "银行账号有误：应为8到30位数字，银行卡号请逐位核对。"


class BankNameInvalid(Invalid):
    """The bank is not named."""

    code = "bank_name_invalid"
    message = "请填写开户行全称，60字以内。"


class AccountHolderNotFound(NotFound):
    """There is no such person in the hospital."""

    code = "account_holder_not_found"
    message = "没有找到这名人员。请返回列表重新选择。"
