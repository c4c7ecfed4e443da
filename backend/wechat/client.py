"""wechatpy's client, hardened: one shared token, one refresh, no secrets in errors, JSON or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import requests
from redis import Redis
from wechatpy.client import WeChatClient

from backend.config import TENCENTS_API, ConfigurationError, Settings, is_tencents_host
from backend.wechat.errors import NO_ANSWER, Remedy, WeChatError, error_from
from backend.wechat.scrubbing import scrub_library_logs
from backend.wechat.shared_token import TOKEN_PATH, SharedToken
from backend.wechat.wire import Rerouting, failure_of, is_picture, number_in, object_in, text_in

LOGIN_PATH = "/sns/jscode2session"
SEND_PATH = "/cgi-bin/message/subscribe/send"
PHONE_PATH = "/wxa/business/getuserphonenumber"
TEXT_PATH = "/wxa/msg_sec_check"
PICTURE_PATH = "/wxa/media_check_async"
CODE_PATH = "/wxa/getwxacodeunlimit"
TIMEOUT = (3.05, 5.0)  # seconds to connect, and between two bytes: somebody's request waits behind this


@dataclass(frozen=True)
class Identity:
    """Who logged in. WeChat's session_key is dropped here on purpose: nothing needs it."""

    openid: str
    unionid: str | None


@dataclass(frozen=True)
class PhoneNumber:
    """The telephone number that a person let us have."""

    country_code: str
    number: str = field(repr=False)


@dataclass(frozen=True)
class TextVerdict:
    """What WeChat thinks of a text."""

    suggest: str  # pass | review | risky
    label: int  # 100: normal
    trace_id: str


class MiniProgramClient(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """The server API of one mini-program; threads may share it.

    Every call raises `WeChatError` (`WeChatUnavailable` or `WeChatRefused`) and nothing else.
    """

    def __init__(
        self,
        *,
        app_id: str,
        secret: str,
        redis: Redis,
        api_url: str = TENCENTS_API,
        miniprogram_state: str = "formal",
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        # auto_retry fetches tokens without end while WeChat goes on rejecting them.
        super().__init__(app_id, secret, timeout=timeout, auto_retry=False)
        self.api_url = api_url.rstrip("/")
        self._state = miniprogram_state
        self._token = SharedToken(redis, app_id=app_id, fetch=self._fetch_token)
        if self.api_url != TENCENTS_API:
            self._http.mount(TENCENTS_API + "/", Rerouting(self.api_url))
        scrub_library_logs()

    def exchange_login_code(self, code: str) -> Identity:
        """Log in with the code of `wx.login`, which works once and for five minutes."""
        params = {
            "appid": self.appid,
            "secret": self.secret,
            "js_code": code,
            "grant_type": "authorization_code",
            "access_token": None,  # keeps wechatpy from fetching one, which this call does not take
        }
        answer = self._call("get", LOGIN_PATH, params=params)
        return Identity(openid=text_in(answer, "openid", LOGIN_PATH), unionid=answer.get("unionid") or None)

    def get_phone_number(self, code: str) -> PhoneNumber:
        """Exchange the code of a `getPhoneNumber` button, which works once."""
        info = object_in(self._call("post", PHONE_PATH, data={"code": code}), "phone_info", PHONE_PATH)
        return PhoneNumber(
            country_code=str(info.get("countryCode", "86")),
            number=text_in(info, "purePhoneNumber", PHONE_PATH),
        )

    def check_text(self, *, openid: str, content: str, scene: int = 2) -> TextVerdict:
        """Check up to 2,500 characters of a person who was in the mini-program within the last two hours.

        scene: 1 profile, 2 comment, 3 forum, 4 social log.
        """
        body = {"version": 2, "scene": scene, "openid": openid, "content": content}
        answer = self._call("post", TEXT_PATH, data=body)
        result = object_in(answer, "result", TEXT_PATH)
        return TextVerdict(
            suggest=text_in(result, "suggest", TEXT_PATH),
            label=number_in(result, "label", TEXT_PATH),
            trace_id=str(answer.get("trace_id", "")),
        )

    def check_picture(self, *, openid: str, media_url: str, scene: int = 2) -> str:
        """Ask for a picture to be checked; return the trace_id under which the verdict is pushed later."""
        body = {"version": 2, "scene": scene, "openid": openid, "media_type": 2, "media_url": media_url}
        return text_in(self._call("post", PICTURE_PATH, data=body), "trace_id", PICTURE_PATH)

    def send_subscribe_message(
        self, *, openid: str, template_id: str, fields: Mapping[str, str], page: str | None = None
    ) -> str:
        """Send one subscribe message; return WeChat's message id."""
        body = self.subscribe_message(openid=openid, template_id=template_id, fields=fields, page=page)
        return str(self._call("post", SEND_PATH, data=body).get("msgid", ""))

    def subscribe_message(
        self, *, openid: str, template_id: str, fields: Mapping[str, str], page: str | None = None
    ) -> dict[str, object]:
        """Return the body of a send, for who sends in bulk by other means with `access_token`."""
        body: dict[str, object] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in fields.items()},
            "miniprogram_state": self._state,
            "lang": "zh_CN",
        }
        return body if page is None else body | {"page": page}

    def get_unlimited_code(
        self, *, scene: str, page: str, env_version: str = "release", check_path: bool = True
    ) -> bytes:
        """Return the picture of a mini-program code; scene: up to 32 characters."""
        body = {"scene": scene, "page": page, "env_version": env_version, "check_path": check_path}
        return cast(bytes, self._request("post", TENCENTS_API + CODE_PATH, data=body, expects_picture=True))

    @property
    def access_token(self) -> str:
        """The token that all processes share."""
        return self._token.get()

    def renew_access_token(self, rejected: str) -> str | None:
        """Return another token than the one that WeChat rejected; None if there is none to be had now."""
        return self._token.renew(rejected)

    def fetch_access_token(self) -> None:
        """Make sure that there is a token: wechatpy's own way knows neither the lock nor a time-out."""
        self._token.get()

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        answer = self._call("post", TOKEN_PATH, params={"access_token": None}, data=body | {"force_refresh": force})
        return text_in(answer, "access_token", TOKEN_PATH), number_in(answer, "expires_in", TOKEN_PATH)

    def _call(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        return cast("dict[str, Any]", self._request(method, TENCENTS_API + path, **kwargs))

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Everything in wechatpy passes here: one refresh, one retry."""
        params = dict(kwargs.pop("params", None) or {})
        if "access_token" in params:
            return self._attempt(method, url_or_endpoint, params=params, **kwargs)
        token = self.access_token
        try:
            return self._attempt(method, url_or_endpoint, params=params | {"access_token": token}, **kwargs)
        except WeChatError as error:
            if error.rule.remedy is not Remedy.REFRESH_TOKEN:
                raise
            refused = error
        renewed = self.renew_access_token(token)
        if renewed is None:
            raise refused
        return self._attempt(method, url_or_endpoint, params=params | {"access_token": renewed}, **kwargs)

    def _attempt(self, method: str, url: str, *, expects_picture: bool = False, **kwargs: Any) -> Any:
        path = url.removeprefix(TENCENTS_API)
        try:
            answer = super()._request(method, url, allow_redirects=False, **kwargs)
        except Exception as error:
            failure = failure_of(path, error)
        else:
            if isinstance(answer, dict) and not expects_picture:
                return answer
            if expects_picture and isinstance(answer, requests.Response) and is_picture(answer.content):
                return answer.content
            failure = error_from(NO_ANSWER, path=path, detail=f"{type(answer).__name__} unexpected")
        # Raised outside of the handler: the cause, whose text has the whole URL, must not be chained to it.
        raise failure


def create_client(settings: Settings, redis: Redis) -> MiniProgramClient:
    """Return the client of these settings.

    Raises:
        ConfigurationError: production names another host than Tencent's.
    """
    if settings.is_production and not is_tencents_host(settings.wechat_api_url):
        raise ConfigurationError("WECHAT_API_URL must be a host of Tencent's in production")
    return MiniProgramClient(
        app_id=settings.wechat_app_id,
        secret=settings.wechat_app_secret,
        redis=redis,
        api_url=settings.wechat_api_url,
        miniprogram_state="formal" if settings.is_production else "developer",
    )
