"""What becomes of a message that is owed."""

from __future__ import annotations

from enum import StrEnum


class DeliveryStatus(StrEnum):
    """Where a message stands.

    owed → sending → sent → delivered is the straight way. A send without an answer is *unknown* and never repeated
    by itself: the event by which WeChat tells of a delivery settles it.
    """

    OWED = "owed"
    SENDING = "sending"  # claimed by a worker, until `claimed_until`
    SENT = "sent"  # WeChat took it
    DELIVERED = "delivered"  # WeChat's event says so
    FAILED = "failed"  # for good; `failure` says why
    UNKNOWN = "unknown"
    LAPSED = "lapsed"  # of no use any more before it could be sent


class Failure(StrEnum):
    """Why a message could not be sent."""

    NO_ACCOUNT = "no_account"  # the person has bound no WeChat
    NO_GRANT = "no_grant"  # never allowed, or the one-time grants are used up
    REFUSED = "refused"  # 43101
    BANNED = "banned"  # 43107
    BAD_ACCOUNT = "bad_account"  # 40003
    BAD_TEMPLATE = "bad_template"  # 40037
    BAD_PAGE = "bad_page"  # 41030
    BAD_FIELDS = "bad_fields"  # 47003
    SENSITIVE = "sensitive"  # 45168
    UNDELIVERED = "undelivered"  # the sent event tells of a failure
    TOO_OFTEN = "too_often"  # tried as often as allowed
