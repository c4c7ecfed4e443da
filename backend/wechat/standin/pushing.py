"""Pushes events to our server as WeChat does: signed, and up to three times until it is answered."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import requests

from backend.wechat.push import signature_of
from backend.wechat.standin.world import World

_ATTEMPTS = 3
_ACCOUNT = "gh_0123456789ab"


def popup_event(openid: str, choices: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Say what a person answered in the pop-up: (template, accept | reject | ban), …"""
    items = [
        {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"} for template, status in choices
    ]
    return _event("subscribe_msg_popup_event", openid) | {"List": _one_or_all(items)}


def change_event(openid: str, choices: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Say what a person changed in the settings of the mini-program."""
    items = [{"TemplateId": template, "SubscribeStatusString": status} for template, status in choices]
    return _event("subscribe_msg_change_event", openid) | {"List": _one_or_all(items)}


def sent_event(openid: str, template: str, message_id: int | str, errcode: int = 0) -> dict[str, Any]:
    """Say what became of a message."""
    item = {
        "TemplateId": template,
        "MsgID": str(message_id),
        "ErrorCode": str(errcode),
        "ErrorStatus": "success" if errcode == 0 else "failed",
    }
    return _event("subscribe_msg_sent_event", openid) | {"List": item}


def picture_event(app_id: str, openid: str, trace_id: str, suggest: str, errcode: int = 0) -> dict[str, Any]:
    """Say what the check of a picture found; with an error code it found nothing."""
    label = 100 if suggest == "pass" else 20002
    return _event("wxa_media_check", openid) | {
        "appid": app_id,
        "trace_id": trace_id,
        "version": 2,
        "errcode": errcode,
        "errmsg": "ok" if errcode == 0 else "download failed",
        "result": {"suggest": suggest, "label": label},
        "detail": [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}],
    }


def _event(name: str, openid: str) -> dict[str, Any]:
    return {
        "ToUserName": _ACCOUNT,
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "event",
        "Event": name,
    }


def _one_or_all(items: list[dict[str, str]]) -> Any:
    return items[0] if len(items) == 1 else items


def push(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Push an event now and once; return and remember what our server said."""
    timestamp, nonce = str(int(world.clock.now())), secrets.token_hex(5)
    query = {
        "signature": signature_of(world.options.push_token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": event["FromUserName"],
    }
    outcome: dict[str, Any] = {"event": event, "status": None, "body": ""}
    try:
        answer = requests.post(
            world.options.push_url,
            params=query,
            data=json.dumps(event, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json"},
            timeout=5,
        )
        outcome |= {"status": answer.status_code, "body": answer.text[:200]}
    except requests.RequestException as error:
        outcome["body"] = type(error).__name__
    with world.lock:
        world.pushes.append(outcome)
    return outcome


def push_soon(world: World, event: dict[str, Any] | Callable[[], dict[str, Any]], *, after: float = 0.0) -> None:
    """Push an event, or what it is found to be then, in the background, if a server is named.

    It is pushed until it is answered with 2xx, three times at most.
    """
    if not world.options.push_url:
        return

    def attempts() -> None:
        time.sleep(after)
        found = event() if callable(event) else event
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(world.options.push_pause)
            if push(world, found)["status"] in range(200, 300):
                return

    threading.Thread(target=attempts, daemon=True).start()
