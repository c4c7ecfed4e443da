"""Builds the application: the one place that wires everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIFlask
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import api, cli, console, health, models
from backend.config import ConfigurationError, Settings
from backend.database import ENGINE_OPTIONS, autocommitting, equip
from backend.domain.notifications.rules.templates import problems_of_installation
from backend.extensions import csrf, db, migrate
from backend.foundation.encryption import Keyring
from backend.foundation.logging import configure_logging
from backend.foundation.storage import Storage
from backend.wechat.client import create_client
from backend.wechat.standin.command import wechat_standin

MAXIMUM_BODY_BYTES = 20 * 1024 * 1024  # a roster of 20,000 people has about 4 MB

__all__ = ["create_app", "models"]


class Application(APIFlask):
    """APIFlask without coroutines: to look at every function each time whether it is one costs more than to call it."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> APIFlask:
    """Return an application for these settings, or for those of the environment.

    Raises:
        ConfigurationError: they are not such as may boot.
    """
    settings = settings or Settings.from_environment()
    _check_templates(settings)
    configure_logging(level=settings.log_level, as_json=settings.is_production)
    app = Application(
        "backend",
        title="帮扶 Bangfu",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,  # the API has a page of its own, without a CDN
        json_errors=False,
    )
    _configure(app, settings)
    _bind_extensions(app, settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    for door in (health, api, console, cli):
        door.register(app)
    app.cli.add_command(wechat_standin)
    return app


def _check_templates(settings: Settings) -> None:
    problems = problems_of_installation({key: one.fields for key, one in settings.wechat_templates.items()})
    if problems:
        raise ConfigurationError("WECHAT_TEMPLATES: " + "; ".join(problems))


def _configure(app: APIFlask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=ENGINE_OPTIONS,
        MAX_CONTENT_LENGTH=MAXIMUM_BODY_BYTES,
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # the console checks its own forms; phones carry tokens, not cookies
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.environment == "test",
    )


def _bind_extensions(app: APIFlask, settings: Settings) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    # One more try at once: a doctor's tap must not wait ten seconds for a queue that is away.
    retry = Retry(NoBackoff(), 1)
    redis = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2, retry=retry)
    app.extensions["redis"] = redis
    app.extensions["keyring"] = Keyring(settings.encryption_keys, settings.index_key)
    app.extensions["storage"] = Storage(settings.attachment_store, settings.s3)
    app.extensions["wechat"] = create_client(settings, redis)
    with app.app_context():
        equip(db.engine)
        app.extensions["autocommit"] = autocommitting(db.engine)
