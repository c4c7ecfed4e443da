"""WeChat's own paths, with its JSON, error codes and rules."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, jsonify, request

from backend.wechat.fields import problems_of_fields
from backend.wechat.standin import png, pushing
from backend.wechat.standin.refusal import Refusal
from backend.wechat.standin.world import World

_PAGE = re.compile(r"[\w-]+(?:/[\w-]+)*", re.ASCII)
_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
_VERSIONS = ("release", "trial", "develop")
_STATES = ("formal", "trial", "developer")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_NOT_FETCHED = -1008
_OK = {"errcode": 0, "errmsg": "ok"}


def wechat_blueprint(world: World) -> Blueprint:
    """Return WeChat's API over this world."""
    api = Blueprint("wechat", __name__)
    calls: tuple[tuple[str, str, Callable[[World], Any]], ...] = (
        ("GET", "/sns/jscode2session", _log_in),
        ("POST", "/cgi-bin/stable_token", _give_token),
        ("POST", "/cgi-bin/message/subscribe/send", _send),
        ("POST", "/wxa/business/getuserphonenumber", _give_phone),
        ("POST", "/wxa/msg_sec_check", _check_text),
        ("POST", "/wxa/media_check_async", _check_picture),
        ("POST", "/wxa/getwxacodeunlimit", _draw_code),
    )
    for method, path, call in calls:
        api.add_url_rule(path, path, _view(world, method, call), methods=["GET", "POST"])
    api.register_error_handler(Refusal, lambda refusal: jsonify(refusal.answer()))
    return api


def _view(world: World, method: str, call: Callable[[World], Any]) -> Callable[[], Any]:
    def view() -> Any:
        if request.method != method:
            raise Refusal(43001 if method == "GET" else 43002)
        return call(world)

    return view


def _log_in(world: World) -> Any:
    _require_app(world, dict(request.args))
    if request.args.get("grant_type") != "authorization_code":
        raise Refusal(40002)
    if not request.args.get("js_code"):
        raise Refusal(41008)
    code = world.spend_login_code(request.args["js_code"])
    answer = {"openid": code.subject, "session_key": secrets.token_urlsafe(16) + "=="}
    return jsonify(answer | ({"unionid": code.unionid} if code.unionid else {}))


def _give_token(world: World) -> Any:
    body = _body()
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002)
    _require_app(world, body)
    with world.lock:
        token, life = world.tokens.give(force=body.get("force_refresh") is True)
    return jsonify({"access_token": token, "expires_in": life})


def _send(world: World) -> Any:
    _require_token(world)
    body = _body()
    openid, template_id, page = body.get("touser"), body.get("template_id"), body.get("page", "")
    with world.lock:
        world.require_known(str(openid))
        template = world.templates.get(str(template_id))
    if template is None:
        raise Refusal(40037)
    if page:
        _require_page(world, str(page).partition("?")[0])
    if body.get("miniprogram_state", "formal") not in _STATES:
        raise Refusal(40097)
    _require_fields(body.get("data"), template.fields)
    world.begin_send(str(openid))
    try:
        time.sleep(world.options.send_seconds)
        message_id = world.deliver(body)
    finally:
        world.end_send(str(openid))
    told = pushing.sent_event(str(openid), str(template_id), message_id)
    pushing.push_soon(world, told, after=world.options.sent_event_seconds)
    return jsonify(_OK | {"msgid": message_id})


def _require_fields(data: object, expected: frozenset[str]) -> None:
    if not isinstance(data, dict):
        raise Refusal(47003, "data is empty")
    values: dict[str, str] = {}
    for name, item in data.items():
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, str):
            raise Refusal(47003, f"data.{name}.value is empty")
        values[name] = value
    wrong = [*problems_of_fields(values), *(expected and expected ^ set(values))]
    if wrong:
        raise Refusal(47003, f"data.{wrong[0]}.value invalid")


def _give_phone(world: World) -> Any:
    _require_token(world)
    phone = world.spend_phone_code(str(_body().get("code")))
    watermark = {"timestamp": int(world.clock.now()), "appid": world.app_id}
    info = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": watermark}
    return jsonify(_OK | {"phone_info": info})


def _check_text(world: World) -> Any:
    _require_token(world)
    body = _body()
    content = body.get("content")
    if body.get("version") != 2 or body.get("scene") not in (1, 2, 3, 4) or not isinstance(content, str):
        raise Refusal(47001)
    if not 1 <= len(content) <= 2500:
        raise Refusal(40097)
    world.require_active(str(body.get("openid")))
    risky = any(word in content for word in world.options.risky_words)
    result = {"suggest": "risky", "label": 20006} if risky else {"suggest": "pass", "label": 100}
    detail = [{"strategy": "content_model", "errcode": 0, **result}]
    return jsonify(_OK | {"result": result, "detail": detail, "trace_id": secrets.token_hex(8)})


def _check_picture(world: World) -> Any:
    _require_token(world)
    body = _body()
    if body.get("version") != 2 or body.get("scene") not in (1, 2, 3, 4) or body.get("media_type") not in (1, 2):
        raise Refusal(47001)
    if not str(body.get("media_url")).startswith(("http://", "https://")):
        raise Refusal(40097)
    openid, trace_id = str(body.get("openid")), secrets.token_hex(16)
    world.require_active(openid)
    with world.lock:
        world.pictures[trace_id] = openid
    address = str(body["media_url"])
    pushing.push_soon(world, lambda: _verdict_on(world, openid, trace_id, address), after=world.options.verdict_seconds)
    return jsonify(_OK | {"trace_id": trace_id})


def _verdict_on(world: World, openid: str, trace_id: str, address: str) -> dict[str, Any]:
    """Fetch a picture as WeChat does, if it lies on this machine, and say what the check found."""
    if urlsplit(address).hostname not in _THIS_MACHINE:
        return pushing.picture_event(world.app_id, openid, trace_id, world.options.verdict)
    try:
        answer = requests.get(address, timeout=5, allow_redirects=False)
    except requests.RequestException:
        return pushing.picture_event(world.app_id, openid, trace_id, "", errcode=_NOT_FETCHED)
    is_picture = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("image/")
    with world.lock:
        world.fetched[trace_id] = answer.content if is_picture else b""
    errcode = 0 if is_picture else _NOT_FETCHED
    return pushing.picture_event(world.app_id, openid, trace_id, world.options.verdict, errcode=errcode)


def _draw_code(world: World) -> Any:
    _require_token(world)
    body = _body()
    scene, page = body.get("scene"), str(body.get("page", ""))
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise Refusal(40169)
    if not _SCENE.fullmatch(scene):
        raise Refusal(40129)
    if body.get("env_version", "release") not in _VERSIONS:
        raise Refusal(40097)
    if page and body.get("check_path", True):
        _require_page(world, page)
    return Response(png.draw(f"{page} {scene}"), mimetype="image/png")


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise Refusal(47001) from None
    if not isinstance(body, dict):
        raise Refusal(47001)
    return body


def _require_app(world: World, given: dict[str, Any]) -> None:
    if not given.get("appid"):
        raise Refusal(41002)
    if given["appid"] != world.app_id:
        raise Refusal(40013)
    if not given.get("secret"):
        raise Refusal(41004)
    if given["secret"] != world.secret:
        raise Refusal(40125)


def _require_token(world: World) -> None:
    with world.lock:
        world.tokens.check(request.args.get("access_token", ""))


def _require_page(world: World, page: str) -> None:
    known = world.options.pages
    if not _PAGE.fullmatch(page) or (known and page not in known):
        raise Refusal(41030)
