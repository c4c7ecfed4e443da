"""Commands of `flask`."""

from __future__ import annotations

from apiflask import APIFlask

from backend.cli.accounts import accounts
from backend.cli.audit import audit
from backend.cli.demo import demo
from backend.cli.imports import imports
from backend.cli.scheduler import scheduler
from backend.cli.worker import worker

_COMMANDS = (accounts, demo, imports, audit, worker, scheduler)


def register(app: APIFlask) -> None:
    """Hang the commands into the application."""
    for command in _COMMANDS:
        app.cli.add_command(command)
