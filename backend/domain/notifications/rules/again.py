"""When a message may be sent again by hand."""

from __future__ import annotations

from datetime import datetime

from backend.domain.notifications.rules.delivery import UNKNOWN_BLOCKS_FOR, DeliveryStatus

MAY_BE_SENT_AGAIN = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN})


def why_not_again(
    status: DeliveryStatus, *, sent_at: datetime | None, lapses_at: datetime | None, now: datetime
) -> str | None:
    """Say in Chinese why a message cannot be sent again, None when it can.

    One of which nobody knows whether it arrived waits for WeChat's event first, so that nothing is sent twice that
    did.
    """
    if status not in MAY_BE_SENT_AGAIN:
        return "状态已变化，不需要重新发送"
    if lapses_at is not None and lapses_at <= now:
        return "已经过时，发送没有意义"
    if status is DeliveryStatus.UNKNOWN and sent_at is not None and now < sent_at + UNKNOWN_BLOCKS_FOR:
        return "刚刚发出，正等待微信回报，请10分钟后再试"
    return None
