"""Waiting for a place, and offers that are held for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domain.clinics.rules.planning import Channel


class WaitlistStatus(StrEnum):
    """Where somebody who waits stands."""

    WAITLIST = "waitlist"
    OFFERED = "offered"
    BOOKED = "booked"
    DECLINED = "declined"
    LAPSED = "lapsed"  # an offer was not answered, or the clinic began
    CANCELLED = "cancelled"


class OfferKind(StrEnum):
    """For what a place is held."""

    WAITLIST = "waitlist"
    CLOSURE = "closure"


class OfferStatus(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


MINIMUM_HOLD = timedelta(minutes=10)  # who gets less has no fair chance to answer
WAITLIST_LABELS = {
    WaitlistStatus.WAITLIST: "候补中",
    WaitlistStatus.OFFERED: "有号待确认",
    WaitlistStatus.BOOKED: "已约上",
    WaitlistStatus.DECLINED: "已放弃",
    WaitlistStatus.LAPSED: "已过期",
    WaitlistStatus.CANCELLED: "已退出",
}
OFFER_LABELS = {
    OfferStatus.OFFERED: "待确认",
    OfferStatus.ACCEPTED: "已接受",
    OfferStatus.DECLINED: "已放弃",
    OfferStatus.LAPSED: "已过期",
    OfferStatus.WITHDRAWN: "已撤回",
}
OPEN_ENTRIES = frozenset({WaitlistStatus.WAITLIST, WaitlistStatus.OFFERED})


class WaitlistAction(StrEnum):
    """What befalls one who waits."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    LEAVE = "leave"
    CLOSE = "close"


class OfferAction(StrEnum):
    """What befalls an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


WAITLIST_TRANSITIONS: Mapping[tuple[WaitlistStatus, WaitlistAction], WaitlistStatus] = {
    (WaitlistStatus.WAITLIST, WaitlistAction.OFFER): WaitlistStatus.OFFERED,
    (WaitlistStatus.WAITLIST, WaitlistAction.LAPSE): WaitlistStatus.LAPSED,
    (WaitlistStatus.WAITLIST, WaitlistAction.LEAVE): WaitlistStatus.CANCELLED,
    (WaitlistStatus.WAITLIST, WaitlistAction.CLOSE): WaitlistStatus.CANCELLED,
    (WaitlistStatus.OFFERED, WaitlistAction.ACCEPT): WaitlistStatus.BOOKED,
    (WaitlistStatus.OFFERED, WaitlistAction.DECLINE): WaitlistStatus.DECLINED,
    (WaitlistStatus.OFFERED, WaitlistAction.LAPSE): WaitlistStatus.LAPSED,
    (WaitlistStatus.OFFERED, WaitlistAction.LEAVE): WaitlistStatus.CANCELLED,
    (WaitlistStatus.OFFERED, WaitlistAction.CLOSE): WaitlistStatus.CANCELLED,
}
OFFER_TRANSITIONS: Mapping[tuple[OfferStatus, OfferAction], OfferStatus] = {
    (OfferStatus.OFFERED, OfferAction.ACCEPT): OfferStatus.ACCEPTED,
    (OfferStatus.OFFERED, OfferAction.DECLINE): OfferStatus.DECLINED,
    (OfferStatus.OFFERED, OfferAction.LAPSE): OfferStatus.LAPSED,
    (OfferStatus.OFFERED, OfferAction.WITHDRAW): OfferStatus.WITHDRAWN,
}


def is_for_waiters(channel: Channel, at: datetime, *, overflow_at: datetime) -> bool:
    """Tell whether a place of this channel, come back at an instant, is one that the phone could have."""
    return channel is Channel.PHONE or (channel is not Channel.DESK and at >= overflow_at)


def held_until(at: datetime, minutes: int, *, phone_until: datetime, starts_at: datetime) -> datetime | None:
    """Return until when a place is held for one who waited, None where too little time is left to answer."""
    until = min(at + timedelta(minutes=minutes), phone_until, starts_at)
    return until if until - at >= MINIMUM_HOLD else None


def held_after_closure(at: datetime, hours: int, *, starts_at: datetime) -> datetime:
    """Return until when a place of a clinic that starts then is held for one whose own was closed.

    An hour before it starts the desk must know who comes; clinics that start too soon for that are none to move to
    (`rules.closures.TOO_LATE_TO_MOVE`).
    """
    return min(at + timedelta(hours=hours), starts_at - timedelta(hours=1))
