"""The client and settings of the running application: domains ask here, so that they need no web framework."""

from __future__ import annotations

from flask import current_app

from backend.config import Settings
from backend.wechat.client import MiniProgramClient


def current_client() -> MiniProgramClient:
    """Return the client that `backend.app` has bound to the running application."""
    client: MiniProgramClient = current_app.extensions["wechat"]
    return client


def current_settings() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings
