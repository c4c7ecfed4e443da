"""Commands of `flask`."""

from __future__ import annotations

from apiflask import APIFlask

from backend.cli.audit import audit
from backend.cli.scheduler import scheduler
from backend.cli.worker import worker

_COMMANDS = (worker, scheduler, audit)


def register(app: APIFlask) -> None:
    """Hang the commands into the application."""
    for command in _COMMANDS:
        app.cli.add_command(command)
