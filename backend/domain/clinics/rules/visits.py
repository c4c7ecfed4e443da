"""When the desk may say of a booking that somebody arrived, was seen, or never came."""

from __future__ import annotations

from datetime import date, datetime


def why_not_on_day(held_on: date, today: date, *, entered_later: bool) -> str | None:
    """Say in Chinese why nothing can be said of a visit today, None when it can.

    `entered_later`: from the paper list of a clinic that is over; otherwise the patient stands before the desk.
    """
    when = f"{held_on.month}月{held_on.day}日"
    if today < held_on:
        return f"这是{when}的号，还没有到就诊日。"
    if today > held_on and not entered_later:
        return f"这是{when}的号，已经过期。如要补登，请打开当天的门诊，用“诊后登记”。"
    return None


def may_mark_no_show(period_ends_at: datetime, now: datetime) -> bool:
    """Tell whether the period is over in which one was asked to come: until then one may still be on the way."""
    return period_ends_at <= now
