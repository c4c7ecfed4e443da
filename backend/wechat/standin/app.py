"""The stand-in as a WSGI application: WeChat's paths and the control ones, with faults around the former."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, jsonify, request

from backend.wechat.standin.control import control_blueprint
from backend.wechat.standin.faults import Fault
from backend.wechat.standin.refusal import Refusal
from backend.wechat.standin.wechat_api import wechat_blueprint
from backend.wechat.standin.world import World

RESET = "standin.reset"  # set in the WSGI environment: drop the connection instead of answering
_HTML = "<!DOCTYPE html><html><head><title>维护中</title></head><body>系统维护中</body></html>"


def create_app(world: World) -> Flask:
    """Return the application over this world."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.register_blueprint(wechat_blueprint(world))
    app.register_blueprint(control_blueprint(world))

    @app.before_request
    def _before() -> Response | None:
        if request.path.startswith("/standin/"):
            return None
        with world.lock:
            fault = world.faults.take(request.path)
            g.call = _record(world, fault)
            world.received.append(g.call)
        g.fault = fault
        return _instead(fault) if fault else None

    @app.after_request
    def _after(response: Response) -> Response:
        call: dict[str, Any] | None = g.get("call")
        if call is None:
            return response
        call |= {"status": response.status_code, "answer": response.get_json(silent=True)}
        fault: Fault | None = g.fault
        if fault and fault.kind == "accepted_then_timeout":
            time.sleep(fault.seconds)
        if fault and fault.kind in ("reset", "accepted_then_reset", "accepted_then_timeout"):
            request.environ[RESET] = True
        return response

    return app


def _record(world: World, fault: Fault | None) -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    return {
        "at": world.clock.now(),
        "method": request.method,
        "path": request.path,
        "query": _without_secret(request.args.to_dict()),
        "body": _without_secret(body) if isinstance(body, dict) else request.get_data(as_text=True),
        "fault": fault.kind if fault else None,
        "status": None,
        "answer": None,
    }


def _without_secret(given: dict[str, Any]) -> dict[str, Any]:
    return given | ({"secret": "***"} if "secret" in given else {})


def _instead(fault: Fault) -> Response | None:
    """Return what is answered instead of the real answer, if anything is."""
    if fault.kind == "errcode":
        return jsonify(Refusal(fault.errcode).answer())
    if fault.kind == "http":
        headers = {"Location": request.path + "/moved"} if 300 <= fault.status < 400 else {}
        return Response("upstream error", status=fault.status, mimetype="text/plain", headers=headers)
    if fault.kind == "html":
        return Response(_HTML, mimetype="text/html")
    if fault.kind == "reset":
        return Response(status=503)
    if fault.kind == "slow":
        time.sleep(fault.seconds)
    return None
