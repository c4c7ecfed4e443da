"""/session: log in with WeChat, refresh, log out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from backend.api.authentication import current_actor, open_to_everybody
from backend.api.me import describe
from backend.api.schemas.session import LoginInput, RefreshInput, SessionOut, TokensOut
from backend.domain.accounts import service

bp = APIBlueprint("session", __name__, url_prefix="/session", tag="登录")


@bp.post("")
@bp.input(LoginInput)
@bp.output(SessionOut, 201)
@bp.doc(summary="用 wx.login 的 code 登录", responses=[403])
@open_to_everybody
def log_in(json_data: dict[str, str]) -> dict[str, Any]:
    begun = service.log_in_phone(json_data["code"])
    return asdict(begun.tokens) | {"me": describe(begun.actor)}


@bp.post("/refresh")
@bp.input(RefreshInput)
@bp.output(TokensOut)
@bp.doc(summary="换取新的令牌；旧的随即失效", responses=[401])
@open_to_everybody
def refresh(json_data: dict[str, str]) -> dict[str, Any]:
    return asdict(service.refresh_phone_session(json_data["refresh_token"]))


@bp.delete("")
@bp.output({}, 204)
@bp.doc(summary="退出登录")
def log_out() -> str:
    service.log_out(current_actor())
    return ""
