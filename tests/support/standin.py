"""The stand-in WeChat as a process of its own, and what a test says to it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import requests

from dev.privileges import tied

APP_ID = "wx1234567890abcdef"
SECRET = "an-app-secret-that-must-not-leak"
PUSH_TOKEN = "a-push-token"


@dataclass(frozen=True)
class Standin:
    """A running stand-in."""

    url: str

    def order(self, path: str, /, **order: Any) -> Any:
        """Give it an order and return its answer."""
        answer = requests.post(f"{self.url}/standin/{path}", json=order, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, path: str, /, **query: str) -> Any:
        """Ask it what it has seen."""
        answer = requests.get(f"{self.url}/standin/{path}", params=query, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def login_code(self, openid: str, **more: str) -> str:
        """Let a person run `wx.login`."""
        return str(self.order("login-codes", openid=openid, **more)["code"])

    def phone_code(self, phone: str) -> str:
        """Let a person share a telephone number."""
        return str(self.order("phone-codes", phone=phone)["code"])

    def received(self, path: str) -> list[dict[str, Any]]:
        """Return the calls of a path."""
        calls: list[dict[str, Any]] = self.ask("received", path=path)
        return calls


class StandinProcess:
    """Starts the command that development runs, and ends it."""

    def __init__(self, port: int = 0) -> None:
        environment = os.environ | {
            "BANGFU_ENV": "test",
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": SECRET,
            "WECHAT_PUSH_TOKEN": PUSH_TOKEN,
        }
        self._process = subprocess.Popen(
            tied([sys.executable, "-m", "backend.wechat.standin", "--port", str(port)]),
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.standin = Standin(self._process.stdout.readline().split()[-1])

    def stop(self) -> int:
        """End it as a supervisor does; return its exit status."""
        self._process.terminate()
        status = self._process.wait(timeout=10)
        if self._process.stdout:
            self._process.stdout.close()
        return status
