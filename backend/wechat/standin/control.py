"""/standin/…: what a test or the preview tells the stand-in to do, and asks it what it saw."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.wechat.standin import pushing
from backend.wechat.standin.faults import Fault
from backend.wechat.standin.world import TEMPLATE_KINDS, Options, Template, World


class BadOrder(Exception):
    """The stand-in was told something that it does not understand."""


def control_blueprint(world: World) -> Blueprint:
    """Return the control endpoints over this world."""
    control = Blueprint("standin", __name__, url_prefix="/standin")
    for method, path, order in (
        ("POST", "/login-codes", _new_login_code),
        ("POST", "/phone-codes", _new_phone_code),
        ("POST", "/templates", _add_template),
        ("POST", "/grants", _grant),
        ("GET", "/grants", _list_grants),
        ("POST", "/faults", _add_fault),
        ("GET", "/faults", lambda world: world.faults.listed()),
        ("DELETE", "/faults", _clear_faults),
        ("POST", "/options", _set_options),
        ("POST", "/clock", _move_clock),
        ("POST", "/push", _push),
        ("GET", "/pictures", _list_pictures),
        ("GET", "/pushes", lambda world: list(world.pushes)),
        ("GET", "/received", _list_received),
        ("GET", "/messages", lambda world: list(world.messages)),
        ("POST", "/reset", _reset),
    ):
        control.add_url_rule(path, f"{method} {path}", _view(world, order), methods=[method])
    control.register_error_handler(BadOrder, lambda error: Response(f"{error}\n", status=400, mimetype="text/plain"))
    return control


def _view(world: World, order: Any) -> Any:
    def view() -> Any:
        try:
            with world.lock:
                answer = order(world)
        except (TypeError, ValueError) as error:
            raise BadOrder(str(error)) from None
        # A push waits for our server, which may call the stand-in meanwhile: never under the lock.
        return jsonify(answer() if callable(answer) else answer)

    return view


def _new_login_code(world: World) -> Any:
    order = _order("openid", unionid="")
    return {"code": world.new_login_code(order["openid"], order["unionid"])}


def _new_phone_code(world: World) -> Any:
    return {"code": world.new_phone_code(_order("phone")["phone"])}


def _add_template(world: World) -> Any:
    order = _order("template_id", kind="one_time", fields=[])
    if order["kind"] not in TEMPLATE_KINDS:
        raise BadOrder(f"kind must be one of {', '.join(TEMPLATE_KINDS)}")
    world.templates[order["template_id"]] = Template(order["kind"], frozenset(order["fields"]))
    return {}


def _grant(world: World) -> Any:
    """A person answers the pop-up: choice accept (count times) | reject."""
    order = _order("openid", "template_id", choice="accept", count=1, kind="one_time")
    openid, template_id, choice = order["openid"], order["template_id"], order["choice"]
    if choice not in ("accept", "reject", "ban") or order["kind"] not in TEMPLATE_KINDS:
        raise BadOrder("choice must be accept, reject or ban; kind one_time or long_term")
    world.templates.setdefault(template_id, Template(order["kind"]))
    world.grant(openid, template_id, int(order["count"]) if choice == "accept" else 0)
    pushing.push_soon(world, pushing.popup_event(openid, [(template_id, choice)]))
    return {"left": world.grants[openid, template_id]}


def _list_grants(world: World) -> Any:
    return [
        {"openid": openid, "template_id": template_id, "left": left}
        for (openid, template_id), left in world.grants.items()
    ]


def _add_fault(world: World) -> Any:
    world.faults.add(Fault(**_json()))
    return world.faults.listed()


def _clear_faults(world: World) -> Any:
    world.faults.clear()
    return []


def _set_options(world: World) -> Any:
    order = _json()
    unknown = order.keys() - {option.name for option in fields(Options)}
    if unknown:
        raise BadOrder(f"unknown options: {', '.join(sorted(unknown))}")
    for name, value in order.items():
        setattr(world.options, name, value)
    return asdict(world.options)


def _move_clock(world: World) -> Any:
    """Move the clock by advance_seconds, or to the moment set_to (ISO 8601 with offset)."""
    order = _order(advance_seconds=0, set_to=None)
    world.clock.advance(float(order["advance_seconds"]))
    if order["set_to"]:
        world.clock.advance(datetime.fromisoformat(order["set_to"]).timestamp() - world.clock.now())
    return {"now": world.clock.now()}


def _push(world: World) -> Any:
    """Push `repeat` times: event sent | popup | change | picture, or raw with the event itself."""
    order = _json()
    if not world.options.push_url:
        raise BadOrder("no push_url is set (POST /standin/options)")
    try:
        event = _event(world, order)
    except KeyError as error:
        raise BadOrder(f"{error} is missing or unknown") from None
    repeat = int(order.get("repeat", 1))
    return lambda: [pushing.push(world, event) for _ in range(repeat)]


def _event(world: World, order: dict[str, Any]) -> dict[str, Any]:
    kind = order["event"]
    if kind == "raw":
        return dict(order["body"])
    if kind == "sent":
        message = world.messages[-1] if "msgid" not in order and world.messages else order
        openid, template_id = message.get("touser") or order["openid"], message["template_id"]
        return pushing.sent_event(openid, template_id, message["msgid"], int(order.get("errcode", 0)))
    if kind == "picture":
        openid, suggest = world.pictures[order["trace_id"]], order.get("suggest", "pass")
        return pushing.picture_event(world.app_id, openid, order["trace_id"], suggest)
    openid, choices = order["openid"], [(c["template_id"], c["choice"]) for c in order["choices"]]
    if kind == "change":
        for template_id, choice in choices:
            if choice != "accept":
                world.grant(openid, template_id, 0)
    return {"popup": pushing.popup_event, "change": pushing.change_event}[kind](openid, choices)


def _list_received(world: World) -> Any:
    path = request.args.get("path")
    return [call for call in world.received if path in (None, call["path"])]


def _list_pictures(world: World) -> Any:
    """What was asked about pictures, and how many bytes were found at an address on this machine."""
    return [
        {"trace_id": trace_id, "openid": openid, "bytes": len(world.fetched.get(trace_id, b""))}
        for trace_id, openid in world.pictures.items()
    ]


def _reset(world: World) -> Any:
    world.reset()
    return {}


def _json() -> dict[str, Any]:
    order = request.get_json(silent=True)
    if not isinstance(order, dict):
        raise BadOrder("a JSON object, with Content-Type: application/json")
    return order


def _order(*required: str, **optional: Any) -> dict[str, Any]:
    order = _json()
    missing = [name for name in required if not order.get(name)]
    unknown = order.keys() - set(required) - optional.keys()
    if missing or unknown:
        raise BadOrder(f"missing: {missing}, unknown: {sorted(unknown)}")
    return optional | order
