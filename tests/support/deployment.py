"""The application as it is deployed: processes on a database of their own, over real sockets."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import time
from pathlib import Path

import requests
from flask import Flask

from backend.config import Settings
from dev.places import PREVIEW, PYTHON, ROOT
from dev.ports import pick
from dev.privileges import tied
from dev.processes import web_command

_PATIENCE_SECONDS = 60.0


class Deployment:
    """Starts what a test asks for, and ends all of it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.url = ""
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._folder = folder
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        """Return an application in this process on the same database, to arrange and to look."""
        from backend.app import create_app

        if self._app is None:
            self._app = create_app(self.settings)
        return self._app

    def start_web(self, workers: int = 1, application: str = "wsgi:app") -> str:
        """Start the web server; return its address once it answers."""
        port = pick()
        self.url = f"http://127.0.0.1:{port}"
        self._start("web", web_command(port, workers, application))
        self._wait_for("web", f"{self.url}/healthz")
        return self.url

    def start_worker(self) -> None:
        """Start a worker of the queue; return once the web server sees it, if there is one."""
        self.start_flask("worker", "worker")
        if self.url:
            self._wait_for("worker", f"{self.url}/readyz")

    def start_preview(self) -> str:
        """Start the mini-program's preview before the web server; return its address."""
        port = pick()
        url = f"http://127.0.0.1:{port}"
        self._start(
            "preview",
            tied(
                [
                    *("node", str(PREVIEW / "serve.js"), "--port", str(port), "--api", self.url),
                    *("--wechat", self.settings.wechat_api_url, "--out", str(self._folder / "preview")),
                ]
            ),
        )
        self._wait_for("preview", url)
        return url

    def start_flask(self, name: str, *arguments: str) -> None:
        """Start a command of `flask` under a name."""
        self._start(name, tied([str(PYTHON), "-m", "flask", "--app", "wsgi", *arguments]))

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        process = self.processes.pop(name)
        process.kill()
        process.wait(timeout=10)

    def words_of(self, name: str) -> str:
        """Return what a process has written."""
        return (self._folder / f"{name}.log").read_text(errors="replace")

    def stop(self) -> None:
        """End everything as a supervisor does."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)
        self.processes.clear()
        if self._app is not None:
            from backend.extensions import db

            with self._app.app_context():
                db.engine.dispose()

    def _start(self, name: str, command: list[str]) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment_of(self.settings)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                if requests.get(url, timeout=5).status_code == 200:
                    return
            except requests.ConnectionError:
                pass
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not answer at {url}; it said:\n{self.words_of(name)}")
            time.sleep(0.05)


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment from which a process reads these settings."""
    keys = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in settings.encryption_keys.items())
    return {
        "BANGFU_ENV": settings.environment,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "ENCRYPTION_KEYS": keys,
        "INDEX_KEY": base64.b64encode(settings.index_key).decode(),
        "WECHAT_APP_ID": settings.wechat_app_id,
        "WECHAT_APP_SECRET": settings.wechat_app_secret,
        "WECHAT_PUSH_TOKEN": settings.wechat_push_token,
        "WECHAT_API_URL": settings.wechat_api_url,
        "PUBLIC_URL": settings.public_url,
        "ATTACHMENT_STORE": settings.attachment_store,
    }
