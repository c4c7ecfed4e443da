"""Situations of waiting for a place, and of answering an offer."""

from __future__ import annotations

from backend.foundation.errors import Conflict, NotFound


class PlacesLeft(Conflict):
    """Nobody needs to wait: a place can be booked."""

    code = "not_full"
    message = "现在还有号，请直接预约。"


class NoWaiting(Conflict):
    """The clinic takes no bookings by phone now, so that there is nothing to wait for."""

    code = "no_waiting"
    message = "该门诊现在不能候补：尚未放号、手机预约已截止或已停诊。"


class AlreadyWaiting(Conflict):
    """The patient waits for this clinic already."""

    code = "already_waiting"
    message = "该就诊人已在候补，请在“我的预约”中查看。"


class HasPlace(Conflict):
    """The patient has a place of this clinic."""

    code = "has_place"
    message = "该就诊人已约上这次门诊，无需候补。"


class EntryEnded(Conflict):
    """Who waited waits no more."""

    code = "entry_ended"
    message = "这次候补已经结束，无需退出。"


class OfferLapsed(Conflict):
    """The place is held no more: its time is over, or it was answered or withdrawn."""

    code = "offer_lapsed"
    message = "这个号已不再保留（已过期、已答复或该门诊已停诊）。请重新预约或候补。"


class OfferNotFound(NotFound):
    """There is no such offer of the account's."""

    message = "没有找到这个保留的号，请在“我的预约”中查看。"


class EntryNotFound(NotFound):
    """There is no such entry of the account's."""

    message = "没有找到这次候补，请在“我的预约”中查看。"
