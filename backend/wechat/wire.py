"""Below wechatpy: where its requests really go, and what a failed one means."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError
from wechatpy.exceptions import WeChatClientException

from backend.config import TENCENTS_API, is_tencents_host
from backend.wechat.errors import NO_ANSWER, NOT_CONNECTED, WeChatError, error_from, rule_for
from backend.wechat.scrubbing import scrub


class Rerouting(HTTPAdapter):
    """Sends what is meant for Tencent's host to another one, the client's code untouched."""

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._api_url = api_url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = self._api_url + (request.url or "").removeprefix(TENCENTS_API)
        if not is_tencents_host(self._api_url):
            kwargs["proxies"] = None  # chosen for Tencent's host; a stand-in is near
        return super().send(request, *args, **kwargs)


def failure_of(path: str, error: Exception) -> WeChatError:
    """Say what happened, without a word of the original's text but for WeChat's own errmsg."""
    if isinstance(error, WeChatClientException) and error.errcode is not None:
        code = int(error.errcode)
        return error_from(rule_for(code), path=path, errcode=code, detail=scrub(str(error.errmsg)))
    if _never_connected(error):
        return error_from(NOT_CONNECTED, path=path, detail=type(error).__name__)
    status = getattr(getattr(error, "response", None), "status_code", None)
    return error_from(NO_ANSWER, path=path, detail=f"HTTP {status}" if status else type(error).__name__)


def _never_connected(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def text_in(answer: dict[str, Any], name: str, path: str) -> str:
    """Return a text that WeChat's answer must have.

    Raises:
        WeChatUnavailable: it has not, so it is no answer of WeChat's.
    """
    text = answer.get(name)
    if not isinstance(text, str) or not text:
        raise error_from(NO_ANSWER, path=path, detail=f"no {name}")
    return text


def number_in(answer: dict[str, Any], name: str, path: str) -> int:
    """Return a whole number that WeChat's answer must have; raises like `text_in`."""
    number = answer.get(name)
    if not isinstance(number, int):
        raise error_from(NO_ANSWER, path=path, detail=f"no {name}")
    return number


def object_in(answer: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    """Return an object that WeChat's answer must have; raises like `text_in`."""
    part = answer.get(name)
    if not isinstance(part, dict):
        raise error_from(NO_ANSWER, path=path, detail=f"no {name}")
    return part


def is_picture(content: bytes) -> bool:
    """Tell a PNG or JPEG from anything else."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
