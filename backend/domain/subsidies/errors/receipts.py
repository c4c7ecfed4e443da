"""Situations in which a receipt of a return fare cannot be entered or withdrawn."""

from __future__ import annotations

from backend.foundation.errors import Conflict, Invalid, NotFound


class ReceiptNotFound(NotFound):
    """There is no such receipt, or it lies outside the actor's organisations."""

    code = "receipt_not_found"
    message = "没有找到这张票据。它可能已撤回，或不在您的单位范围内。"


class ReceiptOutsideDispatch(Conflict):
    """The day lies outside of the dispatch."""

    code = "receipt_outside_dispatch"
    message = "票据日期不在这次派驻的起止日期内，请核对日期。"


class ReceiptInFuture(Conflict):
    """Nobody has travelled yet."""

    code = "receipt_in_future"
    message = "票据日期还没有到，请核对日期。"


class ReceiptNumberInvalid(Invalid):
    """It has neither letter nor digit by which a ticket could be known again."""

    code = "receipt_number_invalid"
    message = "票据号码有误。请填写票面上的字母和数字。"


class ReceiptNumberUsed(Conflict):
    """A receipt is claimed once in a hospital."""

    code = "receipt_number_used"
    message = "这个票据号码已经登记过，不能重复报销。请核对号码。"


class AmountInvalid(Invalid):
    """It is no sum above nothing in whole fen."""

    code = "amount_invalid"
    message = "金额有误。请填写大于0的金额，最多两位小数，如 36.50。"


class FareWindowClosed(Conflict):
    """The interval's fare was handed in already; it is paid once."""

    code = "fare_window_closed"
    message = "这一报销周期的路费已随申领提交，不能再加票据。如申领被退回，请联系财务科。"


class ReceiptHandedIn(Conflict):
    """Its claim was handed in."""

    code = "receipt_handed_in"
    message = "这张票据已随申领提交，不能撤回。"
