"""Who comes in: the session of every page, CSRF on every form, and the headers that keep scripts of others out."""

from __future__ import annotations

from flask import Blueprint, Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.domain.accounts import service as accounts
from backend.extensions import csrf
from backend.foundation.actor import Actor
from backend.foundation.errors import Unauthenticated

TOKEN = "token"  # noqa: S105  (the key in the cookie, not a token)
MUST_CHANGE_PASSWORD = "must_change_password"  # noqa: S105

_OPEN_TO_ALL = frozenset(
    {
        "console.static",
        "console.session.show_log_in",
        "console.session.log_in",
        # A site's tablet has a credential of its own, which its page asks for.
        "console.tablet.show",
        "console.tablet.pair",
        "console.tablet.tell",
    }
)
_FOR_GUESTS_TOO = frozenset({"console.verification.show"})  # who shows more to whom it knows
_WITH_AN_OLD_PASSWORD = frozenset(
    {"console.session.show_password", "console.session.change_password", "console.session.log_out"}
)
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def guard(console: Blueprint) -> None:
    """Put the gate before every page of the console."""
    console.before_request(_let_in)
    console.after_request(_protect)


def current_actor() -> Actor:
    """Return who acts in this request."""
    actor: Actor = g.actor
    return actor


def to_log_in() -> AnyResponse:
    """Send the browser to the log-in page, and back here afterwards where that is a page."""
    back = request.full_path.rstrip("?") if request.method == "GET" and not _is_partial() else None
    address = url_for("console.session.show_log_in", next=back)
    if _is_partial():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _let_in() -> AnyResponse | None:
    if request.endpoint == "console.static":
        return None
    if request.method not in ("GET", "HEAD"):
        csrf.protect()
    if request.endpoint in _OPEN_TO_ALL:
        return None
    token = session.get(TOKEN)
    is_open = request.endpoint in _FOR_GUESTS_TOO
    if not isinstance(token, str):
        return None if is_open else to_log_in()
    try:
        g.actor = accounts.authenticate_console(token)
    except Unauthenticated:
        session.clear()
        return None if is_open else to_log_in()
    if session.get(MUST_CHANGE_PASSWORD) and request.endpoint not in _WITH_AN_OLD_PASSWORD:
        return redirect(url_for("console.session.show_password"))
    return None


def _is_partial() -> bool:
    return request.headers.get("HX-Request") == "true"


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "console.static":
        response.headers["Cache-Control"] = "no-store"
    return response
