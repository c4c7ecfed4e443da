"""Who calls: every endpoint of the API needs a live session unless it says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, g, request

from backend.domain.accounts.rules import parse_token
from backend.domain.accounts.service import authenticate_phone
from backend.foundation.actor import Actor
from backend.foundation.errors import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])
_OPEN = "_open_to_everybody"
_ITSELF = "_authenticates_itself"


def open_to_everybody(view: View) -> View:
    """Mark an endpoint that needs no session."""
    setattr(view, _OPEN, True)
    return view


def authenticates_itself(view: View) -> View:
    """Mark an endpoint whose own first statement joins the session: it must call `bearer`, and judge the row.

    A token must be there, and well formed, before its input is even looked at.
    """
    setattr(view, _ITSELF, True)
    return view


def is_open(view: object) -> bool:
    """Tell whether an endpoint needs no session."""
    return getattr(view, _OPEN, False)


def authenticate() -> None:
    """Let in whoever has a live session.

    Raises:
        Unauthenticated: no token, a forged or superseded one, or its session has ended.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or is_open(view) or request.endpoint == "api.static":
        return
    if getattr(view, _ITSELF, False):
        g.bearer = _bearer()
        return
    g.actor = authenticate_phone(_token())


def current_actor() -> Actor:
    """Return who calls."""
    actor: Actor = g.actor
    return actor


def bearer() -> tuple[UUID, bytes]:
    """Return session id and hash of the access token, in an endpoint that authenticates itself."""
    parsed: tuple[UUID, bytes] = g.bearer
    return parsed


def _bearer() -> tuple[UUID, bytes]:
    parsed = parse_token(_token())
    if parsed is None:
        raise Unauthenticated
    return parsed


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token
