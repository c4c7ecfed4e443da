"""The errors that reach people: a stable code, an HTTP-like status and a Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class BangfuError(Exception):
    """A situation that the one who asked can understand and act on."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    message: ClassVar[str] = "请求有误，请检查后重试。"

    def __init__(self, message: str | None = None, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.text = message or self.message
        self.fields = {name: list(texts) for name, texts in (fields or {}).items()}
        super().__init__(self.code)


class NotFound(BangfuError):
    """It does not exist, or lies outside the actor's organisations: the two look the same."""

    status = 404
    code = "not_found"
    message = "没有找到。它可能已被删除，或不在您的单位范围内。"


class Forbidden(BangfuError):
    """Inside the actor's organisations, but not for the current role."""

    status = 403
    code = "forbidden"
    message = "当前身份不能进行这项操作。请切换身份，或联系医务科。"


class Conflict(BangfuError):
    """The state of things does not allow it now."""

    status = 409
    code = "conflict"
    message = "当前状态不允许这项操作，请刷新后再试。"


class StaleVersion(BangfuError):
    """Somebody else changed it since it was read."""

    status = 412
    code = "stale_version"
    message = "内容已被他人修改，请刷新后重新操作。"


class Invalid(BangfuError):
    """The input is well formed, but cannot be right."""

    status = 422
    code = "invalid"
    message = "填写的内容有误，请按提示修改。"


class Unauthenticated(BangfuError):
    """Nobody is logged in."""

    status = 401
    code = "not_logged_in"
    message = "请先登录。"


class TooManyAttempts(BangfuError):
    """Throttled."""

    status = 429
    code = "too_many_attempts"
    message = "尝试次数过多，请15分钟后再试。"


class Unavailable(BangfuError):
    """Something that we depend on does not answer."""

    status = 503
    code = "unavailable"
    message = "服务暂时不可用，请稍后再试。"
