"""What phones call: JSON under /api/v1."""

from __future__ import annotations

from apiflask import APIFlask


def register(app: APIFlask) -> None:
    """Hang the API into the application."""
