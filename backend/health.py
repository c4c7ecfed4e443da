"""Whether the process is alive, and whether it can do its work: database, queue, a worker, the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from apiflask import APIBlueprint, APIFlask
from flask import Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from backend.extensions import db
from backend.foundation import clock
from backend.foundation.queue import connection

bp = APIBlueprint("health", __name__, enable_openapi=False)
_CLOCK_TOLERANCE_SECONDS = 5


def register(app: APIFlask) -> None:
    """Hang the health pages into the application."""
    app.register_blueprint(bp)


@bp.get("/healthz")
def alive() -> Response:
    """Answer as long as the process does."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Name each part that does not work."""
    failures = {name: text for name, check in _CHECKS.items() if (text := check()) is not None}
    return jsonify(status="unready" if failures else "ok", failures=failures), 503 if failures else 200


@bp.get("/metrics")
def metrics() -> Response:
    """Give Prometheus what this process counts."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str | None:
    try:
        there: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    except SQLAlchemyError:
        return "the database does not answer"
    finally:
        db.session.remove()
    apart = abs((clock.now() - there.astimezone(UTC)).total_seconds())
    return None if apart <= _CLOCK_TOLERANCE_SECONDS else f"the database's clock is {apart:.0f} s apart"


def _queue() -> str | None:
    try:
        connection().ping()
    except RedisError:
        return "Redis does not answer"
    return None


def _worker() -> str | None:
    try:
        return None if Worker.count(connection=connection()) else "no worker listens"
    except RedisError:
        return "Redis does not answer"


_CHECKS: dict[str, Callable[[], str | None]] = {"database": _database, "queue": _queue, "worker": _worker}
