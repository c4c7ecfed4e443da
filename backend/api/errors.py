"""One shape for every error under /api/, whoever raises it: our own, Werkzeug's, the database's, or nobody foresaw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from apiflask import APIBlueprint, APIFlask
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException

from backend.api.envelope import is_ours
from backend.foundation.errors import BangfuError, Unavailable
from backend.foundation.logging import where_raised
from backend.foundation.reach import OUT_OF_REACH

log = structlog.get_logger(__name__)

_BY_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", "请求格式有误，请更新小程序后重试。"),
    404: ("not_found", "没有这个地址，请更新小程序后重试。"),
    405: ("method_not_allowed", "不支持这种操作，请更新小程序后重试。"),
    408: ("request_timeout", "网络太慢，请求没有传完，请重试。"),
    413: ("body_too_large", "提交的内容过大，请减少后重试。"),
    414: ("uri_too_long", "请求地址过长，请更新小程序后重试。"),
    415: ("not_json", "请求内容必须是 JSON（Content-Type: application/json）。"),
    431: ("header_too_large", "请求头过大，请更新小程序后重试。"),
}


class BrokenJson(BangfuError):
    """The body is no JSON that can be read."""

    status = 400
    code = "broken_json"
    message = "请求内容不是有效的 JSON，请更新小程序后重试。"


class NotJson(BangfuError):
    """The body has another content type."""

    status = 415
    code = "not_json"
    message = _BY_STATUS[415][1]


class NotMultipart(BangfuError):
    """A file was expected, and something else came."""

    status = 415
    code = "not_multipart"
    message = "请以文件形式上传（multipart/form-data，字段 file）。"


class BodyTooLarge(BangfuError):
    """The body is larger than any of the API's can be."""

    status = 413
    code = "body_too_large"
    message = _BY_STATUS[413][1]


def register(app: APIFlask, api: APIBlueprint) -> None:
    """Answer errors of the API's views, and of paths under /api/ that match none."""
    api.register_error_handler(BangfuError, _foreseen)
    api.register_error_handler(HTTPException, _werkzeugs)
    for kind in OUT_OF_REACH:
        api.register_error_handler(kind, _out_of_reach)
    api.register_error_handler(Exception, _unforeseen)
    app.register_error_handler(HTTPException, _unmatched)


def error_response(status: int, code: str, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> Response:
    """Return an error in the one shape."""
    error: dict[str, object] = {"code": code, "message": message}
    if fields:
        error["fields"] = dict(fields)
    response = jsonify(error=error)
    response.status_code = status
    return response


def _foreseen(error: BangfuError) -> Response:
    response = error_response(error.status, error.code, error.text, error.fields)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _werkzeugs(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().get_data(), status, error.get_response().headers)
    code, message = _BY_STATUS.get(status, _BY_STATUS[400] if status < 500 else ("internal_error", _OURS))
    response = error_response(status, code, message)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unmatched(error: HTTPException) -> Response | HTTPException:
    return _werkzeugs(error) if is_ours(request.path) else error


def _out_of_reach(error: Exception) -> Response:
    log.error("dependency_unavailable", kind=type(error).__name__)
    return _foreseen(Unavailable())


_OURS = "系统出错了，我们已记录。请稍后再试；仍不成功请联系医务科，并告知出错时间。"


def _unforeseen(error: Exception) -> Response:
    # The text of an exception may quote what a person typed: the log gets its kind and where it was raised.
    frames = where_raised(error)
    log.error("request_failed", endpoint=request.endpoint, kind=type(error).__name__, where=frames)
    return error_response(500, "internal_error", _OURS)
