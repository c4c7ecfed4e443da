"""What offices see: HTML under /console."""

from __future__ import annotations

from apiflask import APIFlask


def register(app: APIFlask) -> None:
    """Hang the console into the application."""
