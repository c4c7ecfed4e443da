"""What `make run` runs, and with which environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dev import leftovers
from dev.places import LOCAL, PREVIEW, PYTHON
from dev.ports import Ports, pick
from dev.postgres import DEFAULT_PORT as POSTGRES_PORT
from dev.postgres import Postgres
from dev.privileges import tied
from dev.valkey import DEFAULT_PORT as VALKEY_PORT
from dev.valkey import Valkey


@dataclass(frozen=True)
class Process:
    """One process in the foreground."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    stop_signal: str = "TERM"


@dataclass(frozen=True)
class Plan:
    """Everything of one run: its own servers first, then what prepares the data, then the rest."""

    ports: Ports
    environment: Mapping[str, str]
    postgres: Postgres | None
    valkey: Valkey | None
    with_preview: bool

    @classmethod
    def make(cls, *, with_preview: bool, environ: Mapping[str, str] = os.environ) -> Plan:
        """Decide which servers and ports this run uses; DATABASE_URL and REDIS_URL stand in for our own."""
        ports = Ports.from_environment(environ)
        postgres = valkey = None
        wechat_url = environ.get("WECHAT_API_URL") or f"http://127.0.0.1:{ports.wechat}"
        public_url = environ.get("PUBLIC_URL") or f"http://127.0.0.1:{ports.web}"
        environment = {"PYTHONUNBUFFERED": "1", "WECHAT_API_URL": wechat_url, "PUBLIC_URL": public_url}
        if not environ.get("DATABASE_URL"):
            postgres = Postgres(LOCAL / "postgres", pick(POSTGRES_PORT))
            environment["DATABASE_URL"] = postgres.url
        if not environ.get("REDIS_URL"):
            valkey = Valkey(LOCAL / "valkey", pick(VALKEY_PORT))
            environment["REDIS_URL"] = valkey.url
        return cls(ports, environment, postgres, valkey, with_preview)

    def servers(self) -> list[Process]:
        """Return the database and the queue, unless others stand in for them."""
        processes = []
        if self.postgres:
            processes.append(self._process("postgres", self.postgres.command(), stop_signal="INT"))
        if self.valkey:
            processes.append(self._process("valkey", self.valkey.command()))
        return processes

    def preparation(self) -> Process:
        """Return what migrates the database and loads the demo data, and ends."""
        return self._process("prepare", tied([str(PYTHON), "-m", "dev.prepare"]))

    def application(self) -> list[Process]:
        """Return what makes up the application."""
        processes = [
            self._process("wechat", self._wechat_command()),
            self._process("web", web_command(self.ports.web)),
            self._process("worker", _flask("worker")),
            # Cron strings are local time, and the schedule is written for China.
            self._process("scheduler", _flask("scheduler"), {"TZ": "Asia/Shanghai"}),
        ]
        if self.with_preview:
            processes.append(self._process("preview", self._preview_command()))
        return processes

    def _wechat_command(self) -> list[str]:
        events = f"http://127.0.0.1:{self.ports.web}/api/v1/wechat/events"
        return _flask("wechat-standin", "--port", str(self.ports.wechat), "--push-url", events)

    def _preview_command(self) -> list[str]:
        ports = self.ports
        return tied(
            [
                *("node", str(PREVIEW / "serve.js"), "--port", str(ports.preview)),
                *("--api", f"http://127.0.0.1:{ports.web}", "--wechat", f"http://127.0.0.1:{ports.wechat}"),
            ]
        )

    def _process(
        self, name: str, command: list[str], also: Mapping[str, str] | None = None, stop_signal: str = "TERM"
    ) -> Process:
        environment = {**self.environment, **leftovers.mark(name), **(also or {})}
        return Process(name, command, environment, stop_signal)


def web_command(port: int, workers: int = 2, application: str = "wsgi:app") -> list[str]:
    """Return what serves an application: two workers of four threads were measured to be best."""
    return tied(
        [
            *(str(PYTHON), "-m", "granian", "--interface", "wsgi", application),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-ws"),
        ]
    )


def _flask(*arguments: str) -> list[str]:
    return tied([str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments])
