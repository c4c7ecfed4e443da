"""Every route × every role × own, other party, other organisation, nobody: as the who-sees-what table says."""

from __future__ import annotations

import contextvars
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from backend.app import create_app
from backend.config import Settings
from backend.extensions import db
from tests.architecture.access_world import Place, Someone, World, make_world
from tests.architecture.rights import Route
from tests.architecture.routes import ROUTES
from tests.support.rollback import rolled_back
from tests.support.standin import Standin

_LET_IN, _REFUSED = 2, 1  # of each place, where the table lets in and where it refuses


@pytest.fixture(scope="module")
def world(application: Flask, redis_url: str) -> Iterator[World]:
    """Return one world for all routes: whatever a request changes in it is undone."""
    with rolled_back(application), application.app_context():
        yield make_world(application)


def test_every_route_has_its_place_in_the_table() -> None:
    app = create_app(Settings.from_environment({"BANGFU_ENV": "test"}))
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROUTES)


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_a_route_lets_in_whom_the_table_names_and_nobody_else(
    application: Flask, world: World, standin: Standin, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    monkeypatch.setitem(application.config, "WTF_CSRF_METHODS", ())  # forms are posted here that no page has given out
    wrong = wrong_answers(application, world, endpoint, some_of_each_kind(world.people, endpoint))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_route_answers_everybody_as_the_table_says(
    application: Flask, world: World, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(application.config, "WTF_CSRF_METHODS", ())
    wrong = [text for endpoint in sorted(ROUTES) for text in wrong_answers(application, world, endpoint, world.people)]
    assert not wrong, "\n".join(wrong)


def some_of_each_kind(people: Sequence[Someone], endpoint: str) -> list[Someone]:
    """Return some of each place and each answer, others for other routes; the slow test asks for everybody."""
    kinds: dict[tuple[int | None, Place, bool, bool], list[Someone]] = {}
    for someone in people:
        answer = ROUTES[endpoint].right(someone)
        kinds.setdefault((answer, someone.place, someone.is_concerned, someone.role is None), []).append(someone)
    turn = zlib.crc32(endpoint.encode())
    chosen = []
    for (answer, *_), alike in kinds.items():
        start = turn % len(alike)
        chosen += [*alike[start:], *alike[:start]][: _LET_IN if answer is None else _REFUSED]
    return chosen


def wrong_answers(app: Flask, world: World, endpoint: str, people: Iterable[Someone]) -> list[str]:
    """Say which of these people a route answers otherwise than the table says."""
    route = ROUTES[endpoint]
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]
    wrong = []
    for someone in people:
        if someone.place is Place.PATIENT and endpoint.startswith("console."):
            continue
        for rule in rules:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                expected, got = route.right(someone), ask(app, world, rule, method, route, someone)
                if got != expected:
                    wrong.append(f"{method} {rule.rule}: {someone} got {got or 'in'}, not {expected or 'in'}")
    return wrong


def ask(app: Flask, world: World, rule: Rule, method: str, route: Route, someone: Someone) -> int | None:
    """Return None if the answer lets someone in, else the status; whatever it changed is undone."""
    db.session.commit()
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    undone = connection.begin_nested()
    try:
        response = contextvars.Context().run(_send, app, world, rule, method, route, someone)
    finally:
        undone.rollback()
    assert response.status_code < 500 or response.status_code == 503, response.text
    if "/console/login" in response.headers.get("HX-Redirect", ""):
        return 401
    return response.status_code if response.status_code in (401, 403, 404) and _refuses(rule, response) else None


def _refuses(rule: Rule, response: TestResponse) -> bool:
    # A wrong password or a used refresh token is an answer of the log-in itself; a file may not be there.
    return rule.endpoint not in ("console.session.log_in", "api.session.refresh", "static")


def _send(app: Flask, world: World, rule: Rule, method: str, route: Route, someone: Someone) -> TestResponse:
    values = {name: _filled(route.ids.get(name, f"{{{name}}}"), world) for name in rule.arguments}
    with app.test_request_context():
        path = app.url_for(rule.endpoint, _method=method, **values)
    body = {name: _filled(value, world) for name, value in route.body.items()}
    query = urlencode({name: _filled(value, world) for name, value in route.query.items()})
    given: Mapping[str, Any] = {}
    if method != "GET":
        given = {"json": body} if rule.endpoint.startswith("api.") and body else {"data": body}
    if method != "GET" and route.file:
        given = {"data": body | {"file": (BytesIO(route.file), "证明.png")}}
    # As htmx asks: without the frame around a page, which would be most of the work.
    headers = {"Idempotency-Key": "made-for-this-test", "HX-Request": "true"}
    if someone.on_phone and not rule.endpoint.startswith("console."):
        headers["Authorization"] = someone.on_phone
    if someone.in_console and rule.endpoint.startswith("console."):
        headers["Cookie"] = someone.in_console
    client = Client(app, app.response_class, use_cookies=False)
    response = client.open(path, method=method, query_string=query, headers=headers, **given)
    response.close()
    return response


def _filled(value: Any, world: World) -> Any:
    return value.format(**world.ids) if isinstance(value, str) else value
