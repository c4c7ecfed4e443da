"""Events that WeChat pushes to us as JSON: is the signature right, and what does the event say."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from backend.foundation.errors import Invalid


class MalformedPush(Invalid):
    """The body is no event of WeChat's."""

    code: ClassVar[str] = "malformed_push"
    message: ClassVar[str] = "推送内容无法识别。"


@dataclass(frozen=True)
class Choice:
    """A person's answer to a template, in a `subscribe_msg_popup_event` or `subscribe_msg_change_event`."""

    template_id: str
    status: str  # accept | reject | ban | filter


@dataclass(frozen=True)
class Delivery:
    """What became of a message, in a `subscribe_msg_sent_event`; it settles an ambiguous send."""

    template_id: str
    message_id: str
    errcode: int  # 0: delivered


@dataclass(frozen=True)
class PictureVerdict:
    """What WeChat thinks of a picture, in a `wxa_media_check` event."""

    trace_id: str
    suggest: str  # pass | review | risky; empty where WeChat could not look at it
    label: int


@dataclass(frozen=True)
class PushedEvent:
    """One event. WeChat may push it three times: `fingerprint` is the same each time."""

    name: str
    openid: str
    created_at: int  # WeChat's clock, seconds since 1970
    items: tuple[Choice | Delivery | PictureVerdict, ...]  # empty for an event that we do not know
    fingerprint: str


def signature_of(token: str, timestamp: str, nonce: str) -> str:
    """Return WeChat's signature of a push: SHA-1 of the three, sorted and joined."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()  # noqa: S324


def is_signed(token: str, *, signature: str, timestamp: str, nonce: str) -> bool:
    """Tell whether a push was signed with our token."""
    return hmac.compare_digest(signature_of(token, timestamp, nonce).encode(), signature.encode())


def parse_event(body: bytes) -> PushedEvent:
    """Parse a pushed event.

    Raises:
        MalformedPush: it is not JSON, or lacks what its kind must have.
    """
    try:
        event = json.loads(body)
        name = str(event["Event"])
        parse = _PARSERS.get(name)
        return PushedEvent(
            name=name,
            openid=str(event["FromUserName"]),
            created_at=int(event["CreateTime"]),
            items=tuple(parse(event)) if parse else (),
            fingerprint=hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest(),
        )
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise MalformedPush from None


def _listed(event: dict[str, Any]) -> list[dict[str, Any]]:
    """`List` is an object for one item and an array for several."""
    listed = event["List"]
    return listed if isinstance(listed, list) else [listed]


def _choices(event: dict[str, Any]) -> list[Choice]:
    return [
        Choice(template_id=str(item["TemplateId"]), status=str(item["SubscribeStatusString"]))
        for item in _listed(event)
    ]


def _deliveries(event: dict[str, Any]) -> list[Delivery]:
    return [
        Delivery(
            template_id=str(item["TemplateId"]),
            message_id=str(item["MsgID"]),
            errcode=int(item["ErrorCode"]),
        )
        for item in _listed(event)
    ]


def _verdicts(event: dict[str, Any]) -> list[PictureVerdict]:
    if int(event.get("errcode", 0)):  # then the result says nothing
        return [PictureVerdict(trace_id=str(event["trace_id"]), suggest="", label=0)]
    result = event["result"]
    return [PictureVerdict(trace_id=str(event["trace_id"]), suggest=str(result["suggest"]), label=int(result["label"]))]


_PARSERS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "subscribe_msg_popup_event": _choices,
    "subscribe_msg_change_event": _choices,
    "subscribe_msg_sent_event": _deliveries,
    "wxa_media_check": _verdicts,
}
