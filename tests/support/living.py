"""A server whose clock a test moves: the application in this process, over HTTP on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

import requests
import time_machine
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from backend.domain.accounts.models import Person
from backend.foundation.actor import Role
from backend.foundation.clock import SHANGHAI
from backend.foundation.ids import new_id
from tests.support.accounts import phone_of

Body = dict[str, Any]


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on loopback; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Days:
    """The one clock of a journey, in Shanghai's time."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Move on to an instant."""
        self._traveller.move_to(datetime.combine(day, time(hour, minute), SHANGHAI))


class Caller:
    """Somebody with a phone, in one role; logs in anew each day, as tokens do not last."""

    def __init__(self, app: Flask, server: str, person: Person, role: Role = Role.STAFF) -> None:
        self._app, self._api, self._person, self._role = app, f"{server}/api/v1", person, role
        self._installation = f"phone-{person.id.hex}"
        self._headers: dict[str, str] = {}

    def log_in(self) -> None:
        """Begin a session; what a log-in does is another test's."""
        with self._app.app_context():
            self._headers = phone_of(self._person, self._role)

    def borrow(self, other: Caller) -> None:
        """Use somebody else's phone from now on."""
        self._installation = other._installation

    def get(self, path: str, status: int = 200) -> Any:
        return _read(requests.get(self._api + path, headers=self._headers, timeout=30), status)

    def post(self, path: str, status: int = 200, /, key: str = "", **body: Any) -> Any:
        headers = self._headers | {"Idempotency-Key": key or new_id().hex}
        return _read(requests.post(self._api + path, headers=headers, json=body, timeout=30), status)

    def put(self, path: str, status: int = 200, /, **body: Any) -> Any:
        return _read(requests.put(self._api + path, headers=self._headers, json=body, timeout=30), status)

    def upload(self, filename: str, content: bytes) -> str:
        files = {"file": (filename, content)}
        answer = requests.post(f"{self._api}/attachments", headers=self._headers, files=files, timeout=30)
        identifier: str = _read(answer, 201)["id"]
        return identifier

    def tap(self, dispatch_id: Any, location: Body | None, status: int = 201, **more: Any) -> Any:
        """Press the button: a nonce first, then the place, in one press."""
        key = new_id().hex
        body = {"dispatch_id": str(dispatch_id), "kind": "in", "location": location}
        body["installation"] = self._installation
        if "offline" not in more:
            body["nonce"] = self.post("/check-ins/nonces", 201, key=key)["nonce"]
        answer = self.post("/check-ins", status, key=key, **(body | more))
        return answer.get("check_in", answer)


def _read(answer: requests.Response, status: int) -> Any:
    told = f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:400]}"
    assert answer.status_code == status, told
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.json() if is_json else answer.content
