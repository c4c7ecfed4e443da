"""Commands of `flask`."""

from __future__ import annotations

from apiflask import APIFlask


def register(app: APIFlask) -> None:
    """Hang the commands into the application."""
