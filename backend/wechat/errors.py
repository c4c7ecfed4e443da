"""What WeChat's error codes mean for us: one table from code to remedy, reason and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from backend.foundation.errors import BangfuError


class Remedy(StrEnum):
    """What the caller does about an error."""

    RETRY = "retry"  # nothing happened at WeChat's side: again, with the usual back-off
    RETRY_MUCH_LATER = "retry-much-later"  # a daily or minute quota is used up
    REFRESH_TOKEN = "refresh-token"  # noqa: S105  (no password; the client has done it once when this surfaces)
    DELAY = "delay"  # another send to the same person is under way
    FINAL = "final"  # the same call can never succeed
    AMBIGUOUS = "ambiguous"  # it may or may not have happened: never repeat a send because of it


@dataclass(frozen=True)
class Rule:
    """What one error code means."""

    remedy: Remedy
    reason: str  # stable: stored in rows, counted in metrics
    message: str  # what a user reads


_BUSY = "微信服务繁忙，请稍后再试。"
_SETUP = "微信接口配置有误，请联系系统管理员。"
_OPEN_AGAIN = "微信登录已失效，请重新打开小程序后再试。"

NO_ANSWER = Rule(Remedy.AMBIGUOUS, "no_answer", "微信服务暂时没有响应，请稍后再试。")
NOT_CONNECTED = Rule(Remedy.RETRY, "not_connected", "暂时连接不上微信服务，请稍后再试。")
_UNKNOWN = Rule(Remedy.FINAL, "refused", "微信拒绝了这次请求，请联系系统管理员。")

RULES: dict[int, Rule] = {
    -1: Rule(Remedy.RETRY, "busy", _BUSY),
    45011: Rule(Remedy.RETRY, "too_often", "操作太频繁，请一分钟后再试。"),
    45009: Rule(Remedy.RETRY_MUCH_LATER, "quota_used_up", "今天的微信接口次数已用完，请明天再试。"),
    40001: Rule(Remedy.REFRESH_TOKEN, "token_invalid", _BUSY),
    40014: Rule(Remedy.REFRESH_TOKEN, "token_invalid", _BUSY),
    42001: Rule(Remedy.REFRESH_TOKEN, "token_expired", _BUSY),
    43108: Rule(Remedy.DELAY, "concurrent_send", _BUSY),
    # logging in, phone number
    40029: Rule(Remedy.FINAL, "code_invalid", _OPEN_AGAIN),
    40163: Rule(Remedy.FINAL, "code_used", _OPEN_AGAIN),
    40226: Rule(Remedy.FINAL, "risky_user", "微信提示该账号存在风险，暂时不能登录，请联系医务科。"),
    # subscribe messages
    40003: Rule(Remedy.FINAL, "openid_invalid", "对方的微信账号无效，请用电话通知。"),
    40037: Rule(Remedy.FINAL, "template_invalid", "消息模板无效，请联系系统管理员。"),
    41030: Rule(Remedy.FINAL, "page_invalid", "小程序页面不存在，请联系系统管理员。"),
    43101: Rule(Remedy.FINAL, "not_granted", "对方没有订阅这类消息，请用电话通知。"),
    43107: Rule(Remedy.FINAL, "sending_banned", "订阅消息功能已被微信封禁，请联系系统管理员。"),
    45168: Rule(Remedy.FINAL, "sensitive_words", "消息含有微信不允许的词语，没有发出。"),
    47003: Rule(Remedy.FINAL, "field_format", "消息内容不符合模板格式，没有发出。"),
    # content checks
    61010: Rule(Remedy.FINAL, "not_active_lately", "请重新打开小程序后再提交。"),
    87014: Rule(Remedy.FINAL, "risky_content", "内容含有违规信息，请修改后再提交。"),
    # QR codes
    40129: Rule(Remedy.FINAL, "scene_invalid", "二维码参数有误，请联系系统管理员。"),
    40169: Rule(Remedy.FINAL, "scene_invalid", "二维码参数有误，请联系系统管理员。"),
    # our own mistakes and the account's settings
    40002: Rule(Remedy.FINAL, "grant_type_invalid", _SETUP),
    40013: Rule(Remedy.FINAL, "app_id_invalid", _SETUP),
    40097: Rule(Remedy.FINAL, "argument_invalid", _SETUP),
    40125: Rule(Remedy.FINAL, "app_secret_invalid", _SETUP),
    40164: Rule(Remedy.FINAL, "address_not_allowed", _SETUP),
    41001: Rule(Remedy.FINAL, "token_missing", _SETUP),
    41002: Rule(Remedy.FINAL, "app_id_missing", _SETUP),
    41004: Rule(Remedy.FINAL, "app_secret_missing", _SETUP),
    41008: Rule(Remedy.FINAL, "code_missing", _OPEN_AGAIN),
    43001: Rule(Remedy.FINAL, "method_invalid", _SETUP),
    43002: Rule(Remedy.FINAL, "method_invalid", _SETUP),
    47001: Rule(Remedy.FINAL, "body_invalid", _SETUP),
    48001: Rule(Remedy.FINAL, "api_not_allowed", _SETUP),
}


def rule_for(errcode: int) -> Rule:
    """Return what to do about WeChat's error code; an unlisted one is a refusal, which nothing repeats."""
    return RULES.get(errcode, _UNKNOWN)


class WeChatError(BangfuError):
    """A call to WeChat failed. Holds no request, response or client: those carry secrets.

    `errcode` is None where WeChat gave no answer of its own (no connection, 5xx, HTML, time-out).
    """

    rule: Rule
    errcode: int | None
    path: str

    def __init__(self, rule: Rule, *, path: str, errcode: int | None = None, detail: str = "") -> None:
        super().__init__(rule.message)
        self.rule = rule
        self.path = path
        self.errcode = errcode
        self.args = (f"{path}: {rule.reason} (errcode {errcode}) {detail}".rstrip(),)


class WeChatUnavailable(WeChatError):
    """WeChat could not or would not answer now."""

    status: ClassVar[int] = 503
    code: ClassVar[str] = "wechat_unavailable"


class WeChatRefused(WeChatError):
    """WeChat said no for good."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "wechat_refused"


def error_from(rule: Rule, *, path: str, errcode: int | None = None, detail: str = "") -> WeChatError:
    """Return the exception of the rule's kind."""
    kind = WeChatRefused if rule.remedy is Remedy.FINAL else WeChatUnavailable
    return kind(rule, path=path, errcode=errcode, detail=detail)
