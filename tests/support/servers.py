"""One PostgreSQL and one Valkey for a whole pytest run, shared by its workers, gone with it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.postgres import Postgres
from dev.temporary import TemporaryServers
from dev.valkey import Valkey

_TOLD_TO_WORKERS = "BANGFU_TEST_SERVERS"


@dataclass(frozen=True)
class Addresses:
    """Where this run's servers are, and its folder for what its workers share."""

    postgres_port: int
    valkey_port: int
    folder: str

    @property
    def postgres(self) -> Postgres:
        return Postgres(Path(self.folder) / "postgres", self.postgres_port, durable=False)

    @property
    def valkey(self) -> Valkey:
        return Valkey(Path(self.folder) / "valkey", self.valkey_port, durable=False)


def start() -> tuple[TemporaryServers, Addresses]:
    """Start the pair in the process that pytest was started in; workers of xdist inherit the addresses."""
    servers = TemporaryServers()
    addresses = Addresses(servers.postgres.port, servers.valkey.port, str(servers.folder))
    os.environ[_TOLD_TO_WORKERS] = json.dumps(asdict(addresses))
    return servers, addresses


def told_by_the_controller() -> Addresses | None:
    """Return the addresses that the process which started pytest passed on, if it has."""
    text = os.environ.get(_TOLD_TO_WORKERS)
    return Addresses(**json.loads(text)) if text else None
