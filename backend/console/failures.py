"""What one sees when something is refused: what happened, and what to do next."""

from __future__ import annotations

import structlog
from flask import Blueprint, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from backend.console.gate import to_log_in
from backend.foundation.errors import BangfuError, NotFound, Unauthenticated
from backend.foundation.reach import OUT_OF_REACH

log = structlog.get_logger(__name__)

_TITLES = {
    400: "请求有误",
    403: "没有权限",
    404: "没有找到",
    409: "现在不能这样做",
    412: "内容已被他人修改",
    413: "文件过大",
    422: "填写有误",
    429: "尝试次数过多",
    500: "系统出错了",
    503: "服务暂时不可用",
}
_TEXTS = {
    404: NotFound.message,
    413: "上传的文件不能超过20 MB。请确认选对了文件，或分批导入。",
    500: "问题已记录。请稍后再试；如果仍然出错，请把发生的时间告诉管理员。",
    503: "系统暂时连不上数据服务，刚才提交的内容可能没有保存。请过一两分钟再试；如果一直这样，请告诉管理员。",
}
Answer = tuple[str, int]


def handle(console: Blueprint) -> None:
    """Show every failure of the console as a page in Chinese."""
    console.register_error_handler(Unauthenticated, _log_in_again)
    console.register_error_handler(BangfuError, _refused)
    console.register_error_handler(CSRFError, _form_expired)
    console.register_error_handler(HTTPException, _failed)
    for kind in OUT_OF_REACH:
        console.register_error_handler(kind, _out_of_reach)
    # Wrong methods come here too: routing errors know no blueprint, and so no page of ours.
    console.add_url_rule("/<path:unknown>", "unknown", _unknown, methods=["GET", "POST"])


def _log_in_again(_error: Unauthenticated) -> Response:
    return to_log_in()


def _refused(error: BangfuError) -> Answer:
    return _page(error.status, error.text)


def _form_expired(_error: CSRFError) -> Answer:
    text = "页面停留过久，或已在别的窗口重新登录，本次提交没有保存。请返回上一页，刷新后再提交。"
    return _page(400, text, title="页面已过期")


def _failed(error: HTTPException) -> Answer:
    status = error.code or 500
    return _page(status, _TEXTS.get(status, BangfuError.message))


def _out_of_reach(error: Exception) -> Response:
    log.error("dependency_unavailable", kind=type(error).__name__)
    g.actor = None  # the frame around a page would ask the database who one is
    response = make_response(_page(503, _TEXTS[503]))
    response.headers["Retry-After"] = "60"
    return response


def _unknown(unknown: str) -> Answer:
    raise NotFound


def _page(status: int, text: str, title: str | None = None) -> Answer:
    title = title or _TITLES.get(status, "请求有误")
    again = request.full_path.rstrip("?") if status == 503 and request.method == "GET" else None
    return render_template("console/failure.html", status=status, title=title, text=text, again=again), status
