"""What becomes of a message that is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from backend.foundation import clock
from backend.wechat.errors import Remedy


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
    MISCONFIGURED = "misconfigured"  # any other error for good: rights, addresses, what this code does not know
    UNDELIVERED = "undelivered"  # the sent event tells of a failure
    TOO_OFTEN = "too_often"  # tried as often as allowed


STATUS_LABELS: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.OWED: "待发送",
    DeliveryStatus.SENDING: "发送中",
    DeliveryStatus.SENT: "已发出",
    DeliveryStatus.DELIVERED: "已送达",
    DeliveryStatus.FAILED: "未送达",
    DeliveryStatus.UNKNOWN: "是否送达不明",
    DeliveryStatus.LAPSED: "过时未发",
}
FAILURE_LABELS: Mapping[Failure, str] = {
    Failure.NO_ACCOUNT: "没有绑定微信",
    Failure.NO_GRANT: "未订阅",
    Failure.REFUSED: "拒收订阅消息",
    Failure.BANNED: "消息功能被微信封禁",
    Failure.BAD_ACCOUNT: "微信账号无效",
    Failure.BAD_TEMPLATE: "消息模板无效",
    Failure.BAD_PAGE: "小程序页面不存在",
    Failure.BAD_FIELDS: "内容不符合模板格式",
    Failure.SENSITIVE: "含有微信不允许的词语",
    Failure.MISCONFIGURED: "微信接口配置有误",
    Failure.UNDELIVERED: "微信未能送达",
    Failure.TOO_OFTEN: "多次发送都没有成功",
}
_FAILURES = {
    43101: Failure.REFUSED,
    43107: Failure.BANNED,
    40003: Failure.BAD_ACCOUNT,
    40037: Failure.BAD_TEMPLATE,
    41030: Failure.BAD_PAGE,
    47003: Failure.BAD_FIELDS,
    45168: Failure.SENSITIVE,
}
HELD_FOR = timedelta(seconds=60)  # longer than a batch can take: who holds a claim still after it has died
UNKNOWN_BLOCKS_FOR = timedelta(minutes=10)  # then the person may be sent other messages again
OF_USE_FOR = timedelta(days=7)  # from when it is due, where nothing else is said
MOST_ATTEMPTS = 12
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=30)
_DELAY = timedelta(seconds=5)  # until another send to the same person is over
_QUOTA_STARTS_ANEW = timedelta(minutes=10)  # after midnight


class Addressee(NamedTuple):
    """Where a message goes: an account, by which leave to write is kept, and its name at WeChat."""

    account_id: UUID
    openid: str


class Recipient(NamedTuple):
    """Who has an openid: an account, and the person whose it is, if it is a person's."""

    account_id: UUID
    person_id: UUID | None

    @property
    def ids(self) -> list[UUID]:
        """Return under which ids messages are owed to them."""
        return [one for one in (self.account_id, self.person_id) if one is not None]


class Delivery(NamedTuple):
    """Where a message stands, for who caused it."""

    status: DeliveryStatus
    failure: Failure | None
    settled_at: datetime | None  # by WeChat's event

    @property
    def label(self) -> str:
        """Say it in Chinese, with the reason of a failure."""
        label = STATUS_LABELS[self.status]
        return f"{label}：{FAILURE_LABELS[self.failure]}" if self.failure else label


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How a claimed message stands after an attempt; `due_at` where it is owed again."""

    status: DeliveryStatus
    message_id: str | None = None
    failure: Failure | None = None
    errcode: int | None = None
    due_at: datetime | None = None

    @property
    def revokes(self) -> bool:
        """Tell whether the person does not want these messages."""
        return self.failure is Failure.REFUSED


def failed(failure: Failure, errcode: int | None = None) -> Settlement:
    """Return the end of a message that cannot be sent."""
    return Settlement(status=DeliveryStatus.FAILED, failure=failure, errcode=errcode)


def failure_of(errcode: int | None) -> Failure:
    """Return what a final error code of WeChat's means for a message."""
    return _FAILURES.get(errcode or 0, Failure.MISCONFIGURED)


def after_error(remedy: Remedy, errcode: int | None, attempt: int, now: datetime) -> Settlement:
    """Say how a message stands whose send, the nth, ended with an error of this remedy."""
    if remedy is Remedy.AMBIGUOUS:
        return Settlement(status=DeliveryStatus.UNKNOWN, errcode=errcode)
    if remedy is Remedy.FINAL:
        return failed(failure_of(errcode), errcode)
    if attempt >= MOST_ATTEMPTS:
        return failed(Failure.TOO_OFTEN, errcode)
    return Settlement(status=DeliveryStatus.OWED, errcode=errcode, due_at=_again_at(remedy, attempt, now))


def after_event(message_id: str, errcode: int) -> Settlement:
    """Say how a message stands of which WeChat tells by an event; 0 is a delivery."""
    if errcode == 0:
        return Settlement(status=DeliveryStatus.DELIVERED, message_id=message_id)
    failure = _FAILURES.get(errcode, Failure.UNDELIVERED)
    return Settlement(status=DeliveryStatus.FAILED, message_id=message_id, failure=failure, errcode=errcode)


def _again_at(remedy: Remedy, attempt: int, now: datetime) -> datetime:
    if remedy is Remedy.RETRY_MUCH_LATER:
        midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return midnight + _QUOTA_STARTS_ANEW
    if remedy is Remedy.DELAY:
        return now + _DELAY * attempt
    return now + min(_FIRST_PAUSE * (1 << attempt - 1), _LONGEST_PAUSE)
